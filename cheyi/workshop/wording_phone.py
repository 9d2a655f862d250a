"""What the technician reads on his phone: why a job rests, what happened to his cars, what the owner said."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PAUSES: dict[str, str | Promise] = {
    "wait_parts": pgettext_lazy("pause", "No part"),
    "wait_approval": pgettext_lazy("pause", "Customer"),
    "wait_tool": pgettext_lazy("pause", "No tool"),
    "break": pgettext_lazy("pause", "Break"),
}

ASIDE: dict[str, str | Promise] = {**PAUSES, "away": pgettext_lazy("pause", "You were away")}
"""Why a job rests, also where nobody chose it."""

NEWS: dict[str, tuple[str | Promise, str, str]] = {
    "given": (_("New job"), "run", "tool"),
    "agreed": (_("The owner agreed"), "ok", "circle-check"),
    "put_off": (_("The owner puts it off"), "wait", "clock"),
    "came": (_("The part is here"), "part", "package"),
    "sent_back": (_("Sent back by the check"), "bad", "alert-triangle"),
}
"""Code -> words, tone, icon."""

ANSWERS: dict[str, tuple[str | Promise, str, str]] = {
    "asked": (_("waits for the owner"), "ask", "message-circle"),
    "agreed": (_("agreed"), "ok", "circle-check"),
    "put_off": (_("put off"), "wait", "clock"),
    "removed": (_("taken off"), "wait", "x"),
    "noted": (_("noted"), "ok", "circle-check"),
    "": (_("told the advisor"), "run", "check"),
}
