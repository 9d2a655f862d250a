"""The roles of domain.md 2.1 with their names on the screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, str | Promise] = {
    "advisor": _("Service advisor"),
    "technician": _("Technician"),
    "foreman": _("Workshop foreman"),
    "inspector": _("Inspector"),
    "parts_keeper": _("Parts keeper"),
    "buyer": _("Buyer"),
    "cashier": _("Cashier"),
    "accountant": _("Accountant"),
    "consultant": _("Sales consultant"),
    "sales_manager": _("Sales manager"),
    "care_agent": _("Customer care"),
    "store_manager": _("Store manager"),
    "service_manager": _("Service manager"),
    "headquarters": _("Headquarters"),
    "oem_desk": _("OEM representative"),
    "region_manager": _("Regional manager"),
    "customer": _("Customer"),
    "administrator": _("Administrator"),
    "warranty_clerk": _("Warranty clerk"),
    "insurance_clerk": _("Insurance clerk"),
    "web_lead_clerk": _("Web-lead clerk"),
    "receptionist": _("Receptionist"),
    "hr": _("Human resources"),
}

FOR_ALL_STORES = ("administrator", "headquarters")
"""Roles that are given for all stores of a group at once; whoever held one in a single store before keeps it there."""
OF_A_STORE = tuple(role for role in ROLES if role not in {*FOR_ALL_STORES, "customer"})
"""Roles that are given store by store; the car's owner comes by a link and holds none."""
