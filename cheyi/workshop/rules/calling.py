"""The call of the third day: what can come of it, and what follows (domain.md 5.11)."""

from __future__ import annotations

from cheyi.kernel import Refused

CALL_BACK, COMPLAINT = "workshop.todo.call_back", "workshop.todo.complaint"
SATISFIED, NOT_SATISFIED, NOT_REACHED = "satisfied", "not_satisfied", "not_reached"
OUTCOMES = (SATISFIED, NOT_SATISFIED, NOT_REACHED)
MOST_TRIES = 3
LONGEST_NOTE = 500
ANSWER_HOURS = 4
"""Opening hours within which the manager answers a complaint of the ordinary level C (domain.md 5.11)."""


def said(outcome: str, note: str) -> str:
    """The note as it is kept, without space around it.

    Raises Refused ``workshop.call.unknown_outcome``, ``.no_note`` for a complaint without words, ``.long_note``.
    """
    if outcome not in OUTCOMES:
        raise Refused("workshop.call.unknown_outcome", field="outcome", outcome=outcome)
    words = note.strip()
    if outcome == NOT_SATISFIED and not words:
        raise Refused("workshop.call.no_note", field="note")
    if len(words) > LONGEST_NOTE:
        raise Refused("workshop.call.long_note", field="note", most=LONGEST_NOTE)
    return words


def is_last(outcome: str, *, tries_before: int) -> bool:
    """Whether the call is over: somebody was reached, or nobody for the third time."""
    return outcome != NOT_REACHED or tries_before + 1 >= MOST_TRIES
