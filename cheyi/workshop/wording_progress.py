"""What the car's owner reads: warm, plain, times before explanations (domain.md 5.2, ux/guide.md 13)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHOWN: dict[str, str | Promise] = {
    "received": _("Your car is received"),
    "planned": _("A technician is assigned"),
    "in_work": _("We are working on it"),
    "your_answer": _("We found something and wait for your word"),
    "waiting_parts": _("Waiting for a part"),
    "waiting_insurer": _("Waiting for the insurer"),
    "checked": _("Work is done and checked"),
    "to_settle": _("Done and checked, ready to collect"),
    "to_collect": _("Paid, ready to collect"),
    "handed_over": _("Handed over. Have a good trip"),
    "cancelled": _("This order was cancelled"),
}

WITHOUT_CHECK: dict[str, str | Promise] = {
    "checked": _("Work is done"),
    "to_settle": _("Done, ready to collect"),
}
"""The same for an order without a final check."""

STEP_WORDS: tuple[str | Promise, ...] = (
    _("Received"),
    _("Planned"),
    _("Work"),
    _("Checked"),
    _("Collect"),
)


def steps_for(shown: str, *, has_check: bool) -> tuple[str | Promise, ...]:
    """The five steps, four without a check; while the owner is asked, the third is his."""
    first, second, third, checked, last = STEP_WORDS
    third = _("Your word") if shown == "your_answer" else third
    return (first, second, third, checked, last) if has_check else (first, second, third, last)


TOLD: dict[str, str | Promise] = {
    "received": _("Received"),
    "planned": _("A technician is assigned"),
    "in_work": _("Work began"),
    "waiting_parts": _("Waiting for a part"),
    "checked": _("Work is done and checked"),
    "done": _("Work is done"),
    "handed_over": _("Handed over"),
    "finding": _("Found on the car"),
}
