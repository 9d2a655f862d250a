"""Every reason that the stock engine gives, with the facts that always come with it; the sentences: ``saying_stock.py``."""

from __future__ import annotations

from collections.abc import Mapping

from cheyi.parts.engine.proposals import STOCKING

HISTORY: Mapping[str, tuple[str, ...]] = {
    "after_the_window": ("count",),
    "before_the_window": ("count",),
    "joined_from": ("count",),
    "returns_exceed_demand": ("quantity",),
}
LEAD_TIMES: Mapping[str, tuple[str, ...]] = {
    "as_agreed": ("days",),
    "drawn_to_agreed": ("days", "lines"),
    "drawn_to_supplier": ("lines", "others"),
    "from_receipts": ("lines",),
    "receipts_not_believed": ("count",),
    "still_open": ("count",),
}
CLASSES: Mapping[str, tuple[str, ...]] = {
    "never_moved": ("days",),
    "not_on_hand": (),
    "not_out_for": ("days",),
    "on_hand_only": ("days",),
    "outbound_in_the_future": ("on",),
}
POOLING: Mapping[str, tuple[str, ...]] = {
    "buy_rest": ("quantity", "cost"),
    "giver_keeps": ("giver", "keeps", "level"),
    "lies_idle": ("giver", "days"),
    "moved_instead_of_bought": ("giver", "quantity", "minutes", "saved"),
    "no_idle_stock": (),
    "not_cheaper": ("giver", "cost", "price"),
    "packs_not_opened": ("pack",),
    "saves_no_pack": ("giver", "pack"),
    "too_far": ("giver",),
}
SLOW: Mapping[str, tuple[str, ...]] = {
    "expires_first": ("days", "quantity"),
    "keep_pays": ("money", "next_best"),
    "never_asked_for": (),
    "no_price": (),
    "nobody_expected": (),
    "nothing_idle": (),
    "promote_at": ("cut", "months"),
    "return_until": ("days", "fee"),
    "scrap_value": ("money",),
    "sells_in": ("months", "quantity"),
    "too_new": ("days",),
    "wanted_elsewhere": ("store", "quantity", "months"),
}
REASONS: Mapping[str, tuple[str, ...]] = {**HISTORY, **LEAD_TIMES, **CLASSES, **STOCKING, **POOLING, **SLOW}
