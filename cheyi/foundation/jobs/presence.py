"""Knowing whether a worker that shares this data directory is alive: it holds a lock on a file of its own.

The kernel frees the lock when the process dies, however it dies, so a killed worker is known at once and a living one is
never taken for dead, whatever the clocks say. Workers of other machines are judged by their leases (watching.py).
"""

from __future__ import annotations

import enum
import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path


class Fate(enum.Enum):
    """What is known of a worker."""

    ALIVE = "alive"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


class Presence:
    """This process in the directory of workers; ``name`` is what its job rows carry."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._place = _identity(directory / "place")
        self.name = f"{self._place}:{os.getpid()}:{secrets.token_hex(4)}"
        self._file = os.open(self._path(self.name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _path(self, name: str) -> Path:
        return self._directory / f"{name.replace(':', '-')}.lock"

    def fate(self, name: str) -> Fate:
        """What became of a worker. Files of those that are gone are cleared away."""
        if not name.startswith(f"{self._place}:"):
            return Fate.ELSEWHERE
        if name == self.name:
            return Fate.ALIVE
        path = self._path(name)
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return Fate.GONE
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Fate.ALIVE
        else:
            path.unlink(missing_ok=True)
            return Fate.GONE
        finally:
            os.close(file)

    def leave(self) -> None:
        """Go: the name means nobody from now on."""
        self._path(self.name).unlink(missing_ok=True)
        os.close(self._file)


def _identity(file: Path) -> str:
    """A word that stands for this directory, made by whoever comes first; it appears whole or not at all."""
    if not file.exists():
        draft = file.with_name(f"place-{secrets.token_hex(6)}")
        draft.write_text(secrets.token_hex(6), "ascii")
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text("ascii")
