"""What a toast says after something on a car was undone."""

from __future__ import annotations

from django.utils.translation import gettext as _


def plate_back(plate: str) -> str:
    """The car has its former plate again."""
    return _("Plate is %(plate)s again") % {"plate": plate} if plate else _("The car has no plate again")


def owner_back() -> str:
    """The car has its former owner again."""
    return _("The former owner is back")


def mileage_back(km: int) -> str:
    """The reading that stood before stands again."""
    return _("Mileage is %(km)s km again") % {"km": f"{km:,}"}
