"""Which kinds of stock move there are, and between what kinds of place each may go (domain.md 4.4)."""

from __future__ import annotations

from cheyi.kernel import Refused

STOCKED = frozenset({"bin", "transit"})
OUTSIDE = ("supplier", "customer", "internal", "scrap", "difference", "sister_store", "opening")

KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "opening": (frozenset({"opening"}), frozenset({"bin"})),
    "purchase_in": (frozenset({"supplier"}), frozenset({"bin"})),
    "supplier_return": (frozenset({"bin"}), frozenset({"supplier"})),
    "issue": (frozenset({"bin"}), frozenset({"customer", "internal"})),
    "issue_return": (frozenset({"customer", "internal"}), frozenset({"bin"})),
    "sale_out": (frozenset({"bin"}), frozenset({"customer"})),
    "sale_return": (frozenset({"customer"}), frozenset({"bin"})),
    "internal_use": (frozenset({"bin"}), frozenset({"internal"})),
    "scrap": (frozenset({"bin"}), frozenset({"scrap"})),
    "adjust": (frozenset({"bin", "difference"}), frozenset({"bin", "difference"})),
    "count_gain": (frozenset({"difference"}), frozenset({"bin"})),
    "count_loss": (frozenset({"bin"}), frozenset({"difference"})),
    "move_bin": (frozenset({"bin"}), frozenset({"bin"})),
    "transfer_out": (frozenset({"bin", "transit"}), frozenset({"transit", "sister_store"})),
    "transfer_in": (frozenset({"sister_store"}), frozenset({"bin"})),
}


def check_kind(kind: str, *, from_kind: str, to_kind: str, backwards: bool = False) -> None:
    """Say no to a move between places that its kind does not join; an undone one goes the other way round.

    Raises Refused ``parts.move.wrong_places``.
    """
    starts, ends = KINDS[kind]
    if backwards:
        starts, ends = ends, starts
    if from_kind not in starts or to_kind not in ends:
        raise Refused("parts.move.wrong_places", kind=kind, from_kind=from_kind, to_kind=to_kind)
