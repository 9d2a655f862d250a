"""The lives of a parts request and of each of its lines (domain.md 5.3 and 5.4)."""

from __future__ import annotations

from collections.abc import Iterable

from cheyi.kernel import StateTable

REQUEST = StateTable(
    "parts.request",
    [
        ("draft", "submit", "submitted"),
        ("submitted", "reserve", "reserved"),
        ("submitted", "release", "submitted"),
        ("reserved", "reserve", "reserved"),
        ("reserved", "release", "submitted"),
        ("reserved", "pick", "picked"),
        ("picked", "reserve", "picked"),
        ("picked", "pick", "picked"),
        ("picked", "release", "reserved"),
        ("picked", "issue", "issued"),
        ("submitted", "issue", "issued"),
        ("reserved", "issue", "issued"),
        ("issued", "reserve", "issued"),
        ("issued", "release", "issued"),
        ("issued", "pick", "issued"),
        ("issued", "issue", "issued"),
        ("issued", "take_back", "issued"),
        ("issued", "undo_issue", "submitted"),
        ("issued", "close", "closed"),
        ("closed", "take_back", "issued"),
        ("closed", "undo_issue", "submitted"),
        ("submitted", "cancel", "cancelled"),
        ("reserved", "cancel", "cancelled"),
        ("picked", "cancel", "cancelled"),
    ],
)

LINE = StateTable(
    "parts.line",
    [
        ("requested", "reserve", "reserved"),
        ("requested", "lack", "backordered"),
        ("backordered", "reserve", "reserved"),
        ("reserved", "expire", "requested"),
        ("reserved", "pick", "picked"),
        ("picked", "issue", "issued"),
        ("reserved", "issue", "issued"),
        ("requested", "issue", "issued"),
        ("backordered", "issue", "issued"),
        ("picked", "issue_part", "picked"),
        ("reserved", "issue_part", "reserved"),
        ("requested", "issue_part", "requested"),
        ("backordered", "issue_part", "backordered"),
        ("issued", "take_back", "returned"),
        ("issued", "take_back_part", "issued"),
        ("picked", "take_back_part", "picked"),
        ("reserved", "take_back_part", "reserved"),
        ("requested", "take_back_part", "requested"),
        ("backordered", "take_back_part", "backordered"),
        ("issued", "undo_issue", "requested"),
        ("requested", "undo_issue", "requested"),
        ("reserved", "undo_issue", "requested"),
        ("backordered", "undo_issue", "requested"),
        ("picked", "undo_issue", "requested"),
        ("requested", "cancel", "cancelled"),
        ("backordered", "cancel", "cancelled"),
        ("reserved", "cancel", "cancelled"),
        ("picked", "cancel", "cancelled"),
        ("requested", "keep_issued", "issued"),
        ("backordered", "keep_issued", "issued"),
        ("reserved", "keep_issued", "issued"),
        ("picked", "keep_issued", "issued"),
    ],
)


OPEN_LINE_STATES = frozenset({"requested", "backordered", "reserved", "picked"})


def request_state(lines: Iterable[str], *, handed_out: bool) -> str:
    """The state of a request from the states of its lines and whether anything of it is with the workshop.

    Open lines beside handed-out pieces make it issued; one picked line makes it picked, one reserved line reserved.
    When no line is open it is closed, or cancelled when all of them were given up.
    """
    states = set(lines)
    still_open = states & OPEN_LINE_STATES
    if not still_open:
        return "cancelled" if states == {"cancelled"} else "closed"
    if handed_out:
        return "issued"
    return next((state for state in ("picked", "reserved") if state in still_open), "submitted")
