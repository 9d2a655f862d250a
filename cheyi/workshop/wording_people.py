"""Refusals about who is here and where he works: absences, rosters, bays, technicians."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PEOPLE: dict[str, str | Promise] = {
    "workshop.absence.clock_runs": _(
        "The clock of %(name)s runs on %(job)s (%(plate)s). Open this again: it is stopped with it, and the job paused"
    ),
    "workshop.absence.begins_past": _("That day is over. Choose today or a later one"),
    "workshop.bay.no_code": _("Give the bay a name, like 01"),
    "workshop.bay.long_code": _("A name of at most %(most)s characters. Shorten it"),
    "workshop.bay.code_taken": _("There is a bay “%(name)s” already. Give this one another name"),
    "workshop.bay.unknown_kind": _("There is no such kind of bay. Choose one of the list"),
    "workshop.technician.half_certificate": _("A high-voltage certificate has a number and a last day. Give both"),
    "workshop.technician.far_certificate": _("%(until)s is more than ten years ahead. Look at the certificate again"),
    "workshop.technician.no_skill": _("%(name)s has no skill. Give at least one its level"),
}
