"""The data directory: made with its keys at the first start, refused when others may read it (reliability.md 9.1)."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

SECRET = "secret.key"  # noqa: S105 - the name of a file
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class TooOpen(RuntimeError):
    """Something in the data directory may be read by other users of the machine."""


def make(directory: Path) -> bool:
    """Make the directory and its keys where they are missing; gives whether this was the first start.

    Raises TooOpen, and the key ring's own KeyTrouble.
    """
    from cheyi.foundation import keyring  # noqa: PLC0415 - keeps the commands that need no key light

    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = directory / "keys"
    first = not keys.exists()
    if first:
        keyring.make_keys(keys)
        write_secret(keys / SECRET)
    demand_closed(directory)
    keyring.read_keys(keys)
    return first


def write_secret(file: Path) -> None:
    """A random key for signatures of sessions and links, readable by its owner alone."""
    made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(made, "w", encoding="ascii") as lines:
        lines.write(secrets.token_urlsafe(48))
        lines.flush()
        os.fsync(lines.fileno())


def demand_closed(directory: Path) -> None:
    """Raises TooOpen when the directory or a key in it is open to others."""
    for place in (directory, directory / "keys", directory / "keys" / SECRET):
        mode = place.stat().st_mode
        if mode & OTHERS:
            raise TooOpen(f"{place} may be read by others (mode {mode & 0o777:o}); run: chmod go= {place}")
