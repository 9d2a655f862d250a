"""The keys that seal personal fields: two files in the owner's hand, and what is derived from them (reliability.md 7.2)."""

from __future__ import annotations

import base64
import functools
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MASTER = "master.key"
INDEX = "index.key"
KEY_BYTES = 32
LARGEST_KEY_ID = 65_535


class KeyTrouble(RuntimeError):
    """The key files are missing, unreadable, or readable by somebody else."""


@dataclass(frozen=True)
class KeyRing:
    """All master keys by id (the highest seals, all open) and the key of the blind indexes."""

    masters: dict[int, bytes]
    index: bytes
    _ciphers: dict[tuple[int, str], AESGCM] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The id of the key that seals."""
        return max(self.masters)

    def cipher(self, key_id: int, purpose: str) -> AESGCM:
        """The cipher of one column under one master. Raises KeyError for an unknown id."""
        made = self._ciphers.get((key_id, purpose))
        if made is None:
            derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"cheyi sealed {purpose}".encode())
            made = self._ciphers[key_id, purpose] = AESGCM(derived.derive(self.masters[key_id]))
        return made

    def blind(self, purpose: str, text: str) -> str:
        """Half of the keyed hash of a text, as 32 hexadecimal digits."""
        return hmac.new(self.index, f"{purpose}|{text}".encode(), sha256).hexdigest()[:32]


def make_keys(directory: Path) -> None:
    """Make both key files at random, mode 0600 in a directory 0700. Raises KeyTrouble when one is there already."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (MASTER, INDEX):
        if (directory / name).exists():
            raise KeyTrouble(f"{directory / name} is there already; keys are never replaced")
    for name in (MASTER, INDEX):
        _append(directory / name, 1)
    read_keys(directory)


def add_master(directory: Path) -> int:
    """Add a master key that seals from now on; the older ones still open. Gives its id."""
    key_id = read_keys(directory).newest + 1
    if key_id > LARGEST_KEY_ID:
        raise KeyTrouble("no key id is left")
    _append(directory / MASTER, key_id)
    forget()
    return key_id


def _append(path: Path, key_id: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as lines:
        lines.write(f"{key_id} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n")
        lines.flush()
        os.fsync(lines.fileno())


def read_keys(directory: Path) -> KeyRing:
    """Read both files. Raises KeyTrouble when one is missing, damaged, or open to others than the owner."""
    masters = _read(directory / MASTER)
    index = _read(directory / INDEX)
    return KeyRing(masters, index[max(index)])


def _read(path: Path) -> dict[int, bytes]:
    for place in (path.parent, path):
        try:
            mode = place.stat().st_mode
        except FileNotFoundError:
            raise KeyTrouble(f"{place} is missing; restore it from the recovery sheet or a backup") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyTrouble(f"{place} may be read by others (mode {mode & 0o777:o}); run: chmod go= {place}")
    keys: dict[int, bytes] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        key_id, _, text = line.partition(" ")
        try:
            keys[int(key_id)] = base64.b64decode(text, validate=True)
        except ValueError:
            raise KeyTrouble(f"{path} is damaged") from None
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise KeyTrouble(f"{path} is damaged")
    return keys


@functools.lru_cache(maxsize=4)
def _ring_in(directory: str) -> KeyRing:
    return read_keys(Path(directory))


def ring() -> KeyRing:
    """The key ring of this installation, read once."""
    return _ring_in(str(settings.KEYS_DIR))


def forget() -> None:
    """Read the files again at the next use."""
    _ring_in.cache_clear()
