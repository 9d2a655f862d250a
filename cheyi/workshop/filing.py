"""Who may see the workshop's photos: whoever may see the order that they belong to."""

from __future__ import annotations

from cheyi.foundation.access import Viewer
from cheyi.foundation.files import file_access
from cheyi.foundation.models import StoredFile
from cheyi.workshop.access import orders
from cheyi.workshop.models import FindingPhoto, InspectionPhoto


@file_access("workshop.finding")
def may_see_finding(viewer: Viewer, file: StoredFile) -> bool:
    """A finding's photo: seen with its order, and right after it was taken."""
    links = FindingPhoto.objects.filter(file=file)
    return viewer.may("workshop.finding.view") and links.filter(finding__order__in=orders(viewer)).exists()


@file_access("workshop.inspection")
def may_see_inspection(viewer: Viewer, file: StoredFile) -> bool:
    """A walk-around's photo: seen with its order."""
    links = InspectionPhoto.objects.filter(file=file)
    return viewer.may("workshop.order.view") and links.filter(inspection__order__in=orders(viewer)).exists()
