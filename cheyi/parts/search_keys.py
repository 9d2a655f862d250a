"""Under which texts a part is found: its number from each segment on, its barcode, its names and pinyin."""

from __future__ import annotations

import functools

from cheyi.foundation.search import Key, code_keys, name_keys, segment_keys
from cheyi.parts.models import Part

THING = "part"


def keys_of(part: Part) -> list[Key]:
    """All keys of a part."""
    keys = [*segment_keys(part.part_no), *_of_name(part.name_zh, 1)]
    if part.name_en:
        keys += _of_name(part.name_en, 2)
    if part.barcode:
        keys += code_keys(part.barcode)
    return keys


@functools.lru_cache(maxsize=2048)
def _of_name(name: str, rank: int) -> tuple[Key, ...]:
    """The keys of a name; a catalogue has few names and many numbers."""
    return tuple(name_keys(name, rank=rank))
