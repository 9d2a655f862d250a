"""What stores of a group may see of each other's customers (design.md 13)."""

from __future__ import annotations

from collections.abc import Iterable


def may_be_shown(legal_entity: int, *, known_by: Iterable[int], consented: bool) -> bool:
    """Whether a store of a legal entity may be shown, masked, somebody whom other stores know.

    ``known_by`` are the legal entities of the stores that know him. Within one entity always; between entities only
    with his consent ``sharing_group``.
    """
    return consented or legal_entity in set(known_by)
