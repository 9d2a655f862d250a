"""Photos as they may be kept: checked before they are decoded, drawn anew, without anything the camera wrote in."""

from __future__ import annotations

import hashlib
import importlib
import io
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext
from PIL import Image, ImageOps, UnidentifiedImageError

from cheyi.foundation import disk, shelf
from cheyi.foundation.refusals import sentence
from cheyi.foundation.shelf import EDGES, CleanImage, clean_name
from cheyi.kernel import Refused

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
QUALITY = {320: 75, 800: 80, 1600: 82}
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

# The library warns at 89 and fails at 179 megapixels; the limit here is lower and has words.
Image.MAX_IMAGE_PIXELS = None
Image.preinit()
importlib.import_module("PIL.WebPImagePlugin")
DAMAGES = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, OverflowError, struct.error)
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture drawn anew as JPEG: its size in pixels and one version per edge length."""

    width: int
    height: int
    versions: dict[int, bytes]


def clean_image(upload: Any) -> CleanImage:
    """Take an uploaded photo: checked, drawn anew in 320, 800 and 1,600 pixels, laid on the shelf (reliability.md 8.4).

    Belongs before the transaction of the act. ``upload`` has ``read``, and ``name`` if it has one. Raises Refused
    ``foundation.disk.no_uploads`` and those of ``redraw``.
    """
    disk.demand_room_for_uploads()
    picture = redraw(upload.read(LARGEST_BYTES + 1))
    uid = uuid4()
    shelf.put(uid, {str(edge): content for edge, content in picture.versions.items()})
    largest = picture.versions[EDGES[-1]]
    return CleanImage(
        uid=uid,
        name=clean_name(getattr(upload, "name", "") or ""),
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(largest).hexdigest(),
        size=len(largest),
    )


def clean_images(uploads: Sequence[Any], *, field: str) -> list[CleanImage]:
    """Take the photos of one field of a form; the others may be sent again without those that cannot be read.

    Raises Refused ``foundation.image.left_out`` with their names, the first one's reason and their places in the field,
    from 0; and ``foundation.disk.no_uploads``.
    """
    clean: list[CleanImage] = []
    refused: dict[int, Refused] = {}
    for place, upload in enumerate(uploads):
        try:
            clean.append(clean_image(upload))
        except Refused as one:
            if one.code == "foundation.disk.no_uploads":
                raise
            refused[place] = one
    if refused:
        raise Refused(
            "foundation.image.left_out",
            field=field,
            names=gettext(", ").join(clean_name(uploads[place].name or "") for place in refused),
            why=sentence(next(iter(refused.values()))),
            places=" ".join(str(place) for place in refused),
        )
    return clean


def redraw(content: bytes) -> Redrawn:
    """Decode a picture and draw it anew, upright, on white, as JPEG without metadata.

    Raises Refused ``foundation.image.too_heavy`` (over 20 MB), ``too_many_pixels`` (over 50 megapixels, told by its
    head before anything is decoded), ``drawing`` (SVG, HTML), ``unknown`` and ``damaged``.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused("foundation.image.too_heavy", limit=LARGEST_BYTES // 1024 // 1024)
    picture = _opened(content)
    if picture.width * picture.height > LARGEST_PIXELS:
        raise Refused(
            "foundation.image.too_many_pixels",
            megapixels=round(picture.width * picture.height / 1_000_000),
            limit=LARGEST_PIXELS // 1_000_000,
        )
    try:
        with _one_at_a_time:
            return _drawn(picture)
    except DAMAGES:
        raise Refused("foundation.image.damaged") from None


def _opened(content: bytes) -> Image.Image:
    if content.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")[:1] == b"<":
        raise Refused("foundation.image.drawing")
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused("foundation.image.unknown") from None
    except DAMAGES:
        raise Refused("foundation.image.damaged") from None


def _drawn(picture: Image.Image) -> Redrawn:
    largest = EDGES[-1]
    picture.draft("RGB", (largest, largest))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.new("RGB", upright.size, "white")
    if "A" in upright.getbands() or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(upright.convert("RGB"))
    versions: dict[int, bytes] = {}
    for edge in reversed(EDGES):
        clean.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        if edge == largest:
            size = clean.size
        versions[edge] = _jpeg(clean, QUALITY[edge])
    return Redrawn(*size, versions)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
