"""What a toast says after something on a car was undone."""

from __future__ import annotations

from django.utils.translation import gettext as _


def plate_back(plate: str) -> str:
    """The car has its former plate again."""
    return _("Plate is %(plate)s again") % {"plate": plate} if plate else _("The car has no plate again")


def owner_back() -> str:
    """The car has its former owner again."""
    return _("The former owner is back")
