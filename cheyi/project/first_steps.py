"""What comes first in a store that has opened no order yet: each step with its page, ticked by what is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.customers.models import CustomerStore
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import CalendarSpan, Employee, Grant, Store
from cheyi.parts.models import Balance, Part
from cheyi.project.access import APPLY
from cheyi.vehicles.models import VehicleStore
from cheyi.workshop.models import WorkOrder

IMPORTED = (
    ("customers", _("Customers")),
    ("vehicles", _("Cars")),
    ("parts", _("Parts")),
    ("stock", _("Stock")),
)
"""Kinds of files in the order in which they build on each other; ``operations`` come with the program."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: whether it is done, and the page (``way`` to it) where it is done."""

    title: str | Promise
    is_done: bool = False
    url: str = ""
    way: str | Promise = ""


def steps(viewer: Viewer, store: Store) -> list[Step]:
    """The first steps of the viewer's open store; none once its first order was opened. One query."""
    there = _what_is_there(viewer, store)
    if there["orders"]:
        return []
    files = viewer.may(APPLY)
    found = [
        Step(title, there[kind], reverse("import-table", kwargs={"table": kind}) if files else "", _("From a file"))
        for kind, title in IMPORTED
    ]
    people = reverse("foundation:colleagues") if viewer.may("foundation.account.grant") else ""
    hours = reverse("foundation:opening-hours") if viewer.may("foundation.calendar.edit") else ""
    desk = reverse("workshop:reception") if viewer.may("workshop.order.open_order") else ""
    return [
        Step(_("Opening hours"), there["hours"], url=hours, way=_("Set the hours")),
        Step(_("Colleagues and their roles"), there["staff"], url=people, way=_("Add colleagues")),
        Step(_("A password for each colleague"), there["passwords"], url=people, way=_("Hand out links")),
        *found,
        Step(_("The first order"), url=desk, way=_("To reception")),
    ]


def _what_is_there(viewer: Viewer, store: Store) -> dict[str, bool]:
    """What of a store's data exists. One query."""
    here = {"store_id": store.pk}
    staff = Employee.objects.filter(home_store_id=store.pk).exclude(pk=viewer.employee_id or 0)
    accounts = Grant.objects.filter(**here, user__is_active=True).exclude(user_id=viewer.user_id or 0)
    waiting = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    there: dict[str, bool] = (
        Store.objects.filter(pk=store.pk)
        .annotate(
            hours=Exists(CalendarSpan.objects.filter(**here, created_by_id__isnull=False)),
            orders=Exists(WorkOrder.objects.filter(**here).exclude(state="draft")),
            staff=Exists(staff.exclude(status=Employee.Status.LEFT)),
            passwords=Exists(accounts.exclude(waiting)) & ~Exists(accounts.filter(waiting)),
            customers=Exists(CustomerStore.objects.filter(**here)),
            vehicles=Exists(VehicleStore.objects.filter(**here)),
            parts=Exists(Part.objects.filter(group_id=store.group_id)),
            stock=Exists(Balance.objects.filter(**here)),
        )
        .values("hours", "orders", "staff", "passwords", *(kind for kind, _title in IMPORTED))
        .get()
    )
    return there
