"""The car owner's page behind a signed link: when can I collect it, what is needed of me, what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.files import serve
from cheyi.foundation.models import StoredFile
from cheyi.foundation.pages import go, link_page, say, screen
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.models import FindingPhoto, WorkOrder
from cheyi.workshop.queries.asking import Asked, asked_of
from cheyi.workshop.queries.progress import opens, progress, token_of
from cheyi.workshop.wording_progress import SHOWN, TOLD, WITHOUT_CHECK, steps_for

VIA = "link"


@link_page("the car's owner has no account: the signed link is his key", opens=opens)
def page(request: Any) -> HttpResponse:
    """The owner's page."""
    view = progress(request.link, now=request.now)
    return screen(
        request,
        "workshop/progress.html",
        view=view,
        store=view.store,
        shown=(SHOWN if view.has_check else SHOWN | WITHOUT_CHECK)[view.shown],
        steps=steps_for(view.shown, has_check=view.has_check),
        told=TOLD,
        token=token_of(request.link),
        today=view.store.local(request.now).date(),
    )


@link_page("the owner decides line by line without signing in", opens=opens)
def answer(request: Any) -> HttpResponse:
    """Each proposed line with the owner's answer; a line without one stays open."""
    if request.method != "POST":  # the address was loaded anew
        return go(request, "workshop:progress", token=token_of(request.link))
    order = WorkOrder.objects.get(pk=request.link.order_id)
    customer = _owner(order)
    agreed, declined = _sorted_answers(request.POST, order)
    words = {"via": VIA, "answered_by": customer.name, "by": customer, "now": request.now}
    if agreed:
        actions.approve([line for one in agreed for line in one.lines], **words)
    if declined:
        actions.decline([line for one in declined for line in one.lines], later=True, **words)
    said = _("Agreed %(yes)s, not now %(no)s. We go on") if agreed else _("Not now %(no)s. We go on")
    say(request, said % {"yes": len(agreed), "no": len(declined)})
    return go(request, "workshop:progress", token=token_of(request.link))


def _owner(order: WorkOrder) -> Viewer:
    """The customer as the one who acts: his name, no account, the order's store."""
    fields = {name: getattr(SYSTEM, name) for name in SYSTEM.__slots__}
    store = order.store
    name = order.customer.name if order.customer else _("Customer")
    return Viewer(
        **{
            **fields,
            "name": name[:60],
            "roles": frozenset(["customer"]),
            "group_id": store.group_id,
            "legal_entity_id": store.legal_entity_id,
            "store_id": store.pk,
            "is_system": False,
        }
    )


def _sorted_answers(form: Any, order: WorkOrder) -> tuple[list[Asked], list[Asked]]:
    """What the owner agreed to and what not; each answer is to the price that he saw, which the form says."""
    agreed: list[Asked] = []
    declined: list[Asked] = []
    for one in asked_of(order):
        said = form.get(f"line-{one.key}", "")
        if said in {"yes", "no"}:
            if not one.is_priced or form.get(f"price-{one.key}") != str(one.total.fen):
                raise Refused("workshop.line.price_moved", job=one.line.name)
            (agreed if said == "yes" else declined).append(one)
    if not agreed and not declined and any(name.startswith("line-") for name in form):
        raise Refused("workshop.line.answered_already")
    if not agreed and not declined:
        raise Refused("workshop.line.answer_missing")
    return agreed, declined


@link_page("the owner sees the photos of his own car", opens=opens)
def photo(request: Any, uid: UUID, piece: str) -> HttpResponse:
    """A photo of a finding that is meant for the customer."""
    file = StoredFile.objects.filter(uid=uid, customer_may_see=True).first()
    links = FindingPhoto.objects.filter(file=file, finding__order_id=request.link.order_id)
    if file is None or not links.filter(finding__store_id=request.link.store_id).exists():
        raise Http404("photo")
    return serve(request, file, piece)
