"""A photo is drawn anew; what is not one, or is meant to harm, is refused in words."""

from __future__ import annotations

import errno
import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from cheyi.foundation import disk, images, shelf
from cheyi.kernel import Refused


def _png_of_nothing(width: int, height: int) -> bytes:
    """A black picture of one bit per pixel: very many pixels in very few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    squeeze = zlib.compressobj(9)
    line = b"\0" * (1 + (width + 7) // 8)
    content = b"".join(squeeze.compress(line) for _ in range(height)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def _photo(width: int = 2400, height: int = 1800, **saving: object) -> bytes:
    file = io.BytesIO()
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.save(file, "JPEG", **saving)
    return file.getvalue()


def _with_camera_notes() -> bytes:
    notes = Image.Exif()
    notes[0x010F] = "SecretCamera"
    notes[0x0112] = 6
    notes.get_ifd(0x8825)[1] = "N"
    return _photo(exif=notes, comment=b"SecretComment")


def _refused(content: bytes) -> Refused:
    with pytest.raises(Refused) as refusal:
        images.redraw(content)
    return refusal.value


def test_144_megapixels_in_17_kilobytes_are_refused_before_decoding(monkeypatch):
    decoded: list[tuple[int, int]] = []

    def load(picture):
        decoded.append(picture.size)
        return plain(picture)

    plain = PngImageFile.load
    monkeypatch.setattr(PngImageFile, "load", load)
    bomb = _png_of_nothing(12_000, 12_000)
    assert len(bomb) < 18_000
    refused = _refused(bomb)
    assert refused.code == "foundation.image.too_many_pixels"
    assert refused.facts == {"megapixels": 144, "limit": 50}
    assert decoded == []
    images.redraw(_png_of_nothing(30, 20))
    assert decoded[0] == (30, 20)


def test_a_photo_becomes_three_upright_jpegs_without_metadata():
    content = _with_camera_notes()
    assert b"SecretCamera" in content
    assert b"SecretComment" in content
    redrawn = images.redraw(content)
    assert (redrawn.width, redrawn.height) == (1200, 1600)
    sizes = {edge: Image.open(io.BytesIO(version)).size for edge, version in redrawn.versions.items()}
    assert sizes == {1600: (1200, 1600), 800: (600, 800), 320: (240, 320)}
    for version in redrawn.versions.values():
        assert b"Secret" not in version
        assert not Image.open(io.BytesIO(version)).getexif()


def test_a_small_photo_is_not_blown_up():
    redrawn = images.redraw(_photo(200, 100))
    assert (redrawn.width, redrawn.height) == (200, 100)
    assert Image.open(io.BytesIO(redrawn.versions[320])).size == (200, 100)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP"])
def test_other_picture_formats_become_jpeg(kind):
    file = io.BytesIO()
    Image.new("RGB", (64, 32), "red").save(file, kind)
    assert Image.open(io.BytesIO(images.redraw(file.getvalue()).versions[320])).format == "JPEG"


def test_a_transparent_picture_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(file, "PNG")
    drawn = Image.open(io.BytesIO(images.redraw(file.getvalue()).versions[320]))
    assert drawn.getpixel((8, 8)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf\n<?xml version="1.0"?><svg/>',
        b"  <!DOCTYPE html><img src=x onerror=alert(1)>",
        b"\0<html>",
    ],
)
def test_drawings_and_web_pages_are_refused(content):
    assert _refused(content).code == "foundation.image.drawing"


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"%PDF-1.7", b"PK\x03\x04", b"MZ\x90\0", "王".encode() * 40])
def test_what_is_no_picture_is_refused(content):
    assert _refused(content).code == "foundation.image.unknown"


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_half_a_picture_is_refused(share):
    content = _photo(quality=95)
    assert _refused(content[: int(len(content) * share)]).code == "foundation.image.damaged"


def test_a_page_hidden_behind_a_picture_does_not_survive():
    redrawn = images.redraw(_photo(64, 64) + b"<script>alert(1)</script>")
    assert all(b"script" not in version for version in redrawn.versions.values())


def test_over_20_megabytes_are_refused():
    refused = _refused(_photo(64, 64) + b"\0" * (20 * 1024 * 1024))
    assert (refused.code, refused.facts) == ("foundation.image.too_heavy", {"limit": 20})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片 1.jpg", "照片 1.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\car\\a.png", "a.png"),
        ("a\0b\r\n\x1b[2J.jpg", "ab[2J.jpg"),
        ('"><img>.jpg', "img.jpg"),
        (".. ", ""),
        ("长" * 300, "长" * 120),
    ],
)
def test_file_names_lose_paths_and_control_characters(given, kept):
    assert shelf.clean_name(given) == kept


class TestOnTheShelf:
    @pytest.fixture(autouse=True)
    def _own_data(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        settings.MEDIA_ROOT = tmp_path / "files"

    def test_a_clean_image_lies_on_the_disk_for_its_owner_only(self):
        upload = io.BytesIO(_photo())
        upload.name = "IMG_1.jpg"
        clean = images.clean_image(upload)
        assert (clean.name, clean.width, clean.height) == ("IMG_1.jpg", 1600, 1200)
        largest = shelf.place(clean.uid, "1600")
        assert largest.stat().st_size == clean.size
        assert largest.stat().st_mode & 0o777 == 0o600
        assert largest.parent.stat().st_mode & 0o777 == 0o700
        assert sorted(piece.suffix for piece in largest.parent.iterdir()) == [".1600", ".320", ".800"]

    def test_a_scarce_disk_takes_no_photo(self, monkeypatch):
        monkeypatch.setattr(disk, "space", lambda: disk.Space(free=499 * disk.MEGABYTE, total=1000 * disk.MEGABYTE))
        with pytest.raises(Refused, match=r"foundation\.disk\.no_uploads"):
            images.clean_image(io.BytesIO(_photo()))
        assert not shelf.root().exists()

    def test_a_disk_that_fills_up_while_writing_leaves_no_piece(self, monkeypatch):
        writes = iter([None, OSError(errno.ENOSPC, "No space left on device")])

        def full_at_the_second(_):
            if (error := next(writes)) is not None:
                raise error

        monkeypatch.setattr(shelf.os, "fsync", full_at_the_second)
        with pytest.raises(Refused) as refusal:
            images.clean_image(io.BytesIO(_photo()))
        assert (refusal.value.code, refusal.value.facts) == ("foundation.disk.no_uploads", {"free": 0})
        assert list(shelf.root().glob("??/*")) == []

    def test_a_refused_photo_leaves_nothing(self):
        with pytest.raises(Refused):
            images.clean_image(io.BytesIO(b"<svg/>"))
        assert not shelf.root().exists()
