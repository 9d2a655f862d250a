"""Refusals about who is here and where he works: absences, rosters, bays, technicians."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PEOPLE: dict[str, str | Promise] = {
    "workshop.absence.clock_runs": _(
        "The clock of %(name)s runs on %(job)s (%(plate)s). Open this again: it is stopped with it, and the job paused"
    ),
    "workshop.absence.begins_past": _("That day is over. Choose today or a later one"),
}
