"""How much room the disk still has, and what is no longer allowed when it gets scarce (reliability.md 4.9)."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cheyi.kernel import Refused

MEGABYTE = 1024 * 1024
UPLOADS_NEED = 500 * MEGABYTE
UPLOADS_NEED_PERCENT = 5
WRITES_NEED = 100 * MEGABYTE
LOOK_AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Space:
    """Free and total bytes of the disk that holds the data."""

    free: int
    total: int

    @property
    def takes_uploads(self) -> bool:
        """Whether files may still be added: 500 MB and 5 % are free."""
        return self.free >= UPLOADS_NEED and self.free * 100 >= self.total * UPLOADS_NEED_PERCENT

    @property
    def takes_writes(self) -> bool:
        """Whether records may still be written: 100 MB are free."""
        return self.free >= WRITES_NEED

    @property
    def megabytes(self) -> int:
        """Free space as it is shown."""
        return self.free // MEGABYTE


_looked: dict[Path, tuple[float, Space]] = {}


def space() -> Space:
    """The space of the data directory's disk, looked at every five seconds at most."""
    place = Path(settings.DATA_DIR)
    moment = time.monotonic()
    seen = _looked.get(place)
    if seen is None or moment - seen[0] >= LOOK_AGAIN_SECONDS:
        usage = shutil.disk_usage(place)
        seen = _looked[place] = (moment, Space(free=usage.free, total=usage.total))
    return seen[1]


def demand_room_for_uploads() -> None:
    """Raises Refused ``foundation.disk.no_uploads`` when files can no longer be taken."""
    seen = space()
    if not seen.takes_uploads:
        raise Refused("foundation.disk.no_uploads", free=seen.megabytes)


def demand_room_for_writes() -> None:
    """Raises Refused ``foundation.disk.read_only`` when nothing may be written any more."""
    seen = space()
    if not seen.takes_writes:
        raise Refused("foundation.disk.read_only", free=seen.megabytes)
