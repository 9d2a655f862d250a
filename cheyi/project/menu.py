"""Who has which entry on the rail (ux/guide.md 3); entries whose screen does not exist yet are not shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cheyi.foundation.pages.navigation import Entry, offer
from cheyi.workshop.queries.phone_news import unseen_news

OVERSEERS = frozenset(
    {"headquarters", "region_manager", "oem_desk", "administrator", "hr", "web_lead_clerk", "receptionist"}
)
"""Roles whose day has no screen of its own: they start on the page of what they have to do and may see."""
MANAGERS = frozenset({"store_manager", "service_manager"})


SETTLING = frozenset(
    f"workshop:{page}"
    for page in ("settle", "round-off", "settle-discount", "give-back", "take-deposit", "pay", "hand-over")
)
"""What is done at the counter, though its addresses are the order's."""
CHECKING = frozenset({"workshop:check", "workshop:pass-check", "workshop:send-back"})
FLOOR = frozenset(
    f"workshop:{page}" for page in ("roster", "roster-day", "roster-week", "bays", "bay", "technicians", "technician")
)
"""Who is here and where they work: reached from the board."""
CARS = frozenset({"vehicles:list", "vehicles:card", "vehicles:add", "vehicles:owner", "vehicles:elsewhere"})


def _roles(*names: str) -> frozenset[str]:
    return frozenset(names)


STOCK = _roles("parts_keeper", "buyer", "headquarters") | MANAGERS

offer(
    Entry("h", _("Start page"), "home", "foundation:start", "foundation.account.use", OVERSEERS),
    Entry(
        "d", _("Business"), "chart-bar", "workshop:today", "workshop.figures.view", MANAGERS | _roles("headquarters")
    ),
    Entry("r", _("Reception"), "car", "workshop:reception", "workshop.order.open_order", _roles("advisor")),
    Entry("j", _("My jobs"), "tool", "workshop:my-jobs", "workshop.line.start_job", _roles("technician"), phone=True),
    Entry("n", _("Scan"), "scan", "workshop:scan", "workshop.line.start_job", _roles("technician")),
    Entry(
        "e",
        _("Messages"),
        "message-circle",
        "workshop:my-messages",
        "workshop.line.start_job",
        _roles("technician"),
        count=unseen_news,
    ),
    Entry(
        "q",
        _("To check"),
        "shield-check",
        "workshop:checks",
        "workshop.order.pass_check",
        _roles("inspector"),
        also=CHECKING,
    ),
    Entry(
        "s",
        _("Settle"),
        "receipt",
        "workshop:counter",
        "workshop.order.view_counter",
        _roles("cashier", "accountant"),
        also=SETTLING,
    ),
    Entry(
        "b",
        _("Workshop"),
        "layout-board",
        "workshop:board",
        "workshop.board.view",
        _roles("foreman", "inspector") | MANAGERS,
        also=FLOOR,
    ),
    Entry(
        "l",
        _("To do"),
        "list-check",
        "foundation:todos",
        "foundation.account.use",
        _roles("care_agent") | MANAGERS,
        also=frozenset({"workshop:record-call"}),
    ),
    Entry(
        "o",
        _("Orders"),
        "clipboard-plus",
        "workshop:orders",
        "workshop.order.view",
        _roles(
            *("advisor", "foreman", "inspector", "cashier", "accountant", "care_agent"),
            *("warranty_clerk", "insurance_clerk", "headquarters"),
        )
        | MANAGERS,
    ),
    Entry(
        "a",
        _("Bookings"),
        "calendar-event",
        "workshop:appointments",
        "workshop.appointment.view",
        _roles("advisor", "care_agent", "foreman"),
    ),
    Entry(
        "p",
        _("Parts desk"),
        "package",
        "parts:requests",
        "parts.request.view",
        _roles("parts_keeper", "buyer", "foreman"),
    ),
    Entry("i", _("Stock"), "archive", "parts:stock", "parts.stock.view", STOCK),
    Entry(
        "v",
        _("Goods in"),
        "package-import",
        "parts:receive",
        "parts.stock.receive",
        _roles("parts_keeper"),
    ),
    Entry(
        "k",
        _("Customers"),
        "users",
        "customers:list",
        "customers.customer.view",
        _roles("advisor", "care_agent", "consultant", "sales_manager", "insurance_clerk", "headquarters") | MANAGERS,
        also=CARS,
    ),
    Entry(
        "x",
        _("Cars"),
        "car",
        "vehicles:list",
        "vehicles.vehicle.view",
        _roles("consultant", "sales_manager", "receptionist"),
        also=CARS,
    ),
    Entry(
        "m",
        _("Settle"),
        "receipt",
        "workshop:counter",
        "workshop.order.view_counter",
        MANAGERS | _roles("advisor"),
        also=SETTLING,
    ),
    Entry(
        "t",
        pgettext_lazy("rail", "Hours"),
        "clock",
        "foundation:opening-hours",
        "foundation.calendar.edit",
        _roles("store_manager", "administrator"),
    ),
    Entry(
        "f",
        pgettext_lazy("rail", "Flow"),
        "route",
        "workshop:flows",
        "workshop.flow.edit",
        _roles("store_manager", "headquarters", "administrator"),
    ),
    Entry(
        "y",
        pgettext_lazy("rail", "Data"),
        "upload",
        "import",
        "project.import.apply",
        _roles("store_manager", "administrator"),
        also=frozenset({"import-table"}),
    ),
    Entry(
        "c",
        _("Colleagues"),
        "users-group",
        "foundation:colleagues",
        "foundation.account.view",
        _roles("administrator", "hr", "store_manager", "headquarters"),
    ),
    Entry("u", _("Me"), "user", "foundation:account", "foundation.account.use", _roles("technician")),
)
