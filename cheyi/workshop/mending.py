"""The order page's two answers to "what now": the one next verb, and for each lack the place where it is mended."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.access import Viewer
from cheyi.workshop.queries.order_page import OrderView
from cheyi.workshop.rules.missing import Missing

Text = str | Promise

# code of the lack -> (what the viewer must be allowed, how it is mended here, who else does it).
# How: "ask:…" opens that question, "page:…" goes to that page of the order, "#…" is on the page itself.
PLACES: dict[str, tuple[str, str, Text]] = {
    "diagnosis": ("workshop.line.add_extra", "#job-search", _("advisor")),
    "technician": ("workshop.order.dispatch", "ask:technician", _("foreman")),
    "walk_around": ("workshop.inspection.inspect", "ask:walk-around", _("advisor")),
    "approval": ("workshop.order.describe", "ask:words", _("advisor")),
    "job": ("workshop.line.finish_job", "#lines", _("technician")),
    "clock_stop": ("workshop.line.pause_job", "#lines", _("technician")),
    "part_issue": ("parts.request.issue", "parts", _("parts keeper")),
    "self_check": ("workshop.check.record_check", "ask:self-check", _("technician")),
    "team_check": ("workshop.check.record_check", "ask:team-check", _("foreman")),
    "final_check": ("workshop.order.pass_check", "page:check", _("inspector")),
    "answer": ("workshop.line.approve", "#approval", _("advisor")),
    "mileage": ("workshop.order.confirm_mileage", "ask:mileage", _("advisor")),
    "customer": ("workshop.order.describe", "ask:customer", _("advisor")),
    "interview": ("workshop.order.describe", "ask:words", _("advisor")),
    "discount_approval": ("workshop.line.approve_discount", "#lines", _("manager")),
    "certificate": ("workshop.order.pass_check", "page:check", _("inspector")),
    "payment": ("workshop.order.settle", "page:settle", _("cashier")),
    "keys": ("workshop.order.hand_over", "page:hand-over", _("advisor")),
    "mileage_out": ("workshop.order.hand_over", "page:hand-over", _("advisor")),
    "old_parts_choice": ("workshop.order.describe", "ask:words", _("advisor")),
    "settlement_list": ("workshop.order.hand_over", "page:hand-over", _("advisor")),
    "vin": ("vehicles.vehicle.edit", "vehicle", _("advisor")),
}
NOT_YET = {
    "payment": ("ready", "settled"),
    "keys": ("settled",),
    "mileage_out": ("settled",),
    "settlement_list": ("settled",),
    "final_check": ("qc",),
    "certificate": ("qc",),
    "self_check": ("working", "qc"),
    "team_check": ("working", "qc"),
}
"""States in which a lack can be mended at all; before, it is only told."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One lack: a link (``href``) or a question (``ask``) where the viewer mends it, else who does (``who``)."""

    code: str
    count: int
    blocks: str
    href: str = ""
    ask: str = ""
    who: Text = ""


@dataclass(frozen=True, slots=True)
class Primary:
    """The one next verb: ``post`` names an address of the order to send to, ``page`` one to go to, ``ask`` a question."""

    words: Text
    icon: str
    post: str = ""
    page: str = ""
    ask: str = ""


def lacks(view: OrderView, viewer: Viewer) -> list[Lack]:
    """What is missing, each with where this viewer mends it now, or who does."""
    return [_lack(one, view, viewer) for one in view.missing]


def who_else(code: str, viewer: Viewer) -> Text:
    """Who mends a lack when this viewer may not; empty when he may."""
    permission, _how, who = PLACES[code]
    return "" if viewer.may(permission) else who


def _lack(one: Missing, view: OrderView, viewer: Viewer) -> Lack:
    _permission, how, _who = PLACES[one.code]
    count = one.count - (len(view.pending) - len(view.questions) if one.code == "answer" else 0)
    told = Lack(one.code, count, one.blocks)
    if view.order.state not in NOT_YET.get(one.code, (view.order.state,)):
        return told
    if who := who_else(one.code, viewer):
        return replace(told, who=who)
    kind, _, name = how.partition(":")
    if kind == "ask":
        return replace(told, ask=name)
    return replace(told, href=_address(kind, name, view))


def _address(kind: str, name: str, view: OrderView) -> str:
    if kind == "parts":
        return reverse("parts:requests")
    if kind == "vehicle":
        return reverse("vehicles:edit", kwargs={"vehicle_id": view.order.vehicle_id})
    if kind == "page":
        return reverse(f"workshop:{name}", kwargs={"order_id": view.order.pk})
    return kind


def primary(view: OrderView, viewer: Viewer) -> Primary | None:
    """The next verb in this state that the viewer may do; None where somebody else is next."""
    for state, permission, offered in _NEXT:
        if state == view.order.state and viewer.may(permission) and _holds(offered, view):
            return offered
    return None


def who_is_next(view: OrderView) -> Text:
    """Whose turn it is, in words, where the viewer has no verb himself; empty where nobody has one."""
    if view.pending and view.order.state in {"dispatched", "working", "hold", "wash", "ready"}:
        return _("The customer answers next")
    return _TURNS.get(view.order.state, "")


def _holds(offered: Primary, view: OrderView) -> bool:
    """Finishing and closing are offered once nothing blocks them, dispatching while nobody has a job, asking while one waits."""
    if offered.ask == "link":
        return bool(view.pending) and getattr(view.order, "progress_link", None) is not None
    blocks = {one.blocks for one in view.missing}
    codes = {one.code for one in view.missing}
    if offered.post == "close":
        return view.is_over
    if offered.post == "finish":
        return "finish" not in blocks
    return offered.post != "dispatch" or "technician" in codes


_NEXT: tuple[tuple[str, str, Primary], ...] = (
    ("draft", "workshop.order.open_order", Primary(_("Open order"), "clipboard-plus", post="open")),
    ("open", "workshop.order.dispatch", Primary(_("Dispatch"), "user-check", post="dispatch")),
    ("dispatched", "workshop.order.dispatch", Primary(_("Dispatch the new job"), "user-check", post="dispatch")),
    ("working", "workshop.order.finish", Primary(_("Finish"), "check", post="finish")),
    ("working", "workshop.order.dispatch", Primary(_("Dispatch the new job"), "user-check", post="dispatch")),
    ("dispatched", "workshop.order.send_link", Primary(_("Ask the customer"), "message-circle", ask="link")),
    ("working", "workshop.order.send_link", Primary(_("Ask the customer"), "message-circle", ask="link")),
    ("hold", "workshop.order.resume", Primary(_("Work goes on"), "player-play", post="resume")),
    ("qc", "workshop.order.pass_check", Primary(_("Check"), "shield-check", page="check")),
    ("wash", "workshop.order.finish_wash", Primary(_("Washed"), "wash", post="finish-wash")),
    ("ready", "workshop.order.send_link", Primary(_("Ask the customer"), "message-circle", ask="link")),
    ("ready", "workshop.order.pay_and_hand_over", Primary(_("Settle"), "receipt", page="settle")),
    ("settled", "workshop.order.hand_over", Primary(_("Hand over"), "car", page="hand-over")),
    ("delivered", "workshop.order.close", Primary(_("Close order"), "archive", post="close")),
)

_TURNS: dict[str, Text] = {
    "draft": _("The advisor opens the order next"),
    "open": _("The foreman dispatches next"),
    "dispatched": _("The technician begins next"),
    "working": _("The technician finishes next"),
    "hold": _("It goes on when the reason is gone"),
    "qc": _("The inspector checks next"),
    "wash": _("The car is washed next"),
    "ready": _("The cashier takes the payment next"),
    "settled": _("The car is handed over next"),
    "delivered": _("Customer care calls next, then the order closes by itself"),
}
