"""Where files lie: random names below the data directory, on the disk for good before any row points to them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cheyi.kernel import Refused

EDGES = (320, 800, 1600)
WHOLE = "whole"
# The sweep runs once a day and takes what has lain for a day: what lies longer than two was forgotten by it.
UNKEPT_SECONDS = 2 * 86_400


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture drawn anew that lies on the shelf already; ``files.keep`` makes it belong to something."""

    uid: UUID
    name: str
    width: int
    height: int
    sha256: str
    size: int
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class CleanPaper:
    """A PDF that lies on the shelf; ``files.keep`` makes it belong to something."""

    uid: UUID
    name: str
    sha256: str
    size: int
    media_type: str = "application/pdf"


def root() -> Path:
    """The directory of all files; outside of what the web server serves."""
    return Path(settings.MEDIA_ROOT)


def place(uid: UUID, piece: str) -> Path:
    """Where a piece of a file lies (``1600`` of a photo, ``whole`` of a paper)."""
    return root() / uid.hex[:2] / f"{uid.hex}.{piece}"


def put(uid: UUID, pieces: Mapping[str, bytes]) -> None:
    """Write all pieces, readable by the owner only, and wait until the disk has them.

    Raises Refused ``foundation.disk.no_uploads`` when the disk is full; then no piece stays.
    """
    try:
        _write(uid, pieces)
    except OSError as error:
        remove(uid)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused("foundation.disk.no_uploads", free=0) from None
        raise


def _write(uid: UUID, pieces: Mapping[str, bytes]) -> None:
    directory = place(uid, "").parent
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for piece, content in pieces.items():
        descriptor = os.open(place(uid, piece), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(uid: UUID) -> int:
    """Take away all pieces of a file; gives how many there were."""
    pieces = list(place(uid, "").parent.glob(f"{uid.hex}.*"))
    for piece in pieces:
        piece.unlink(missing_ok=True)
    return len(pieces)


def laid_down(since: float, before: float) -> Iterator[UUID]:
    """The files that were written between two moments (seconds since 1970), each once."""
    for directory in sorted(root().glob("??")):
        written = {piece.name.partition(".")[0]: piece.stat().st_mtime for piece in directory.iterdir()}
        yield from (UUID(hex=name) for name, moment in written.items() if since <= moment < before)


def clean_name(name: str) -> str:
    """A file name fit to show and to download: no path, no control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?').strip(" .")
    return shown[-120:]
