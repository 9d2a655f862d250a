"""The pages of people: the list, one person, and a page for each act about him."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.colleagues import GRANT, RELEASE, VIEW, actions, forms, links, queries
from cheyi.foundation.colleagues.names import free_no, free_sign_in, read
from cheyi.foundation.models import Employee, PasswordLink, Store
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.pages.once import shown_once
from cheyi.foundation.panels import shown_at
from cheyi.foundation.qr import qr
from cheyi.foundation.scope import within
from cheyi.foundation.todos import open_for, sentence
from cheyi.foundation.web.proving import is_proved, prove

THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


@page(VIEW, methods=("GET",))
def colleagues(request: Any) -> HttpResponse:
    """Who works here."""
    stores = queries.stores_of_group(request.viewer) if request.viewer.reach(VIEW) == "group" else []
    wanted = _wanted(request)
    asked = {"q": wanted.text, "store": str(wanted.store_id or ""), "left": "1" if wanted.left else ""}

    def address(**changed: str) -> str:
        """The list with something else asked for; it begins again with its first page."""
        query = urlencode({name: value for name, value in (asked | changed).items() if value})
        return f"?{query}" if query else "?"

    found = queries.listed(request.viewer, wanted, now=request.now)
    shown: dict[str, Any] = {
        "found": found,
        "wanted": wanted,
        "stores": stores,
        "address": address,
        "states": forms.STATES,
    }
    return screen(request, "foundation/colleagues.html", **shown)


def _wanted(request: Any) -> queries.Wanted:
    return queries.Wanted(
        text=request.GET.get("q", "").strip()[: queries.LONGEST_TEXT],
        store_id=number_in(request.GET.get("store", "")),
        left=bool(request.GET.get("left")),
        page=number_in(request.GET.get("page", "")[:5]) or 1,
    )


@page(GRANT, before=prove)
def add(request: Any) -> HttpResponse:
    """GET asks for name and roles; POST puts the person on file and shows his link, this once."""
    stores = queries.stores_of_group(request.viewer)
    if request.method == "GET":
        groups = forms.role_groups([request.store, *(one for one in stores if one.pk != request.store.pk)])
        shown: dict[str, Any] = {"groups": groups, "no": free_no(request.store.group_id)}
        return screen(request, "foundation/colleague_add.html", proved=is_proved(request), **shown)
    roles = forms.read_roles(request.POST)
    person = actions.hire(
        name=request.POST.get("name", ""),
        no=request.POST.get("no", ""),
        sign_in=request.POST.get("sign_in", ""),
        roles=roles,
        home_store=forms.home_of(roles, stores, at=request.store),
        by=request.viewer,
        now=request.now,
    )
    return _with_link(request, person)


@page(GRANT, methods=("GET",))
def propose(request: Any) -> HttpResponse:
    """A sign-in name for the name that is being typed."""
    name = read(request.GET.get("name", "")[:60], field="name")
    proposed = free_sign_in(name) if name else ""
    return fragment(request, "foundation/_sign_in_name.html", sign_in=proposed)


@page(VIEW, methods=("GET",))
def colleague(request: Any, employee_id: int) -> HttpResponse:
    """One person: roles, account, and his open work once he leaves."""
    person = queries.colleague(request.viewer, employee_id)
    card = queries.card(request.viewer, person, now=request.now)
    work = _open_work(request, person) if person.status == Employee.Status.LEFT else None
    return screen(request, "foundation/colleague.html", card=card, states=forms.STATES, work=work)


def _open_work(request: Any, person: Employee) -> dict[str, Any]:
    """What he leaves to others: what higher packages hang here, and his to-dos."""
    with within(*Store.objects.filter(pk__in=request.viewer.store_ids).order_by("code")):
        todos = [sentence(one) for one in open_for(person)]
        return {"panels": shown_at("foundation.colleague", request, person.pk), "todos": todos}


@page(GRANT, before=prove)
def change(request: Any, employee_id: int) -> HttpResponse:
    """GET shows name, store and roles to be changed; POST keeps them."""
    person = queries.colleague(request.viewer, employee_id)
    stores = queries.stores_of_group(request.viewer)
    if request.method == "GET":
        card = queries.card(request.viewer, person, now=request.now)
        shown: dict[str, Any] = {"card": card, "groups": forms.role_groups(stores, card.held), "stores": stores}
        shown["sign_in"] = "" if person.user_id else free_sign_in(person.name)
        return screen(request, "foundation/colleague_change.html", proved=is_proved(request), **shown)
    person = actions.change(
        person,
        name=request.POST.get("name", ""),
        home_store=forms.read_store(request.POST, stores),
        roles=forms.read_roles(request.POST),
        sign_in=request.POST.get("sign_in", ""),
        version=number_in(request.POST.get("version")),
        by=request.viewer,
        now=request.now,
    )
    say(request, _("%(name)s: saved") % {"name": person.name}, undo=to_undo())
    return go(request, "foundation:colleague", employee_id=person.pk)


def _ask(request: Any, person: Employee, what: str, **context: Any) -> HttpResponse:
    """The page that asks before an act about somebody."""
    card = queries.card(request.viewer, person, now=request.now)
    shown: dict[str, Any] = {"card": card, "what": what, "work": None, "proved": is_proved(request), **context}
    return screen(request, "foundation/colleague_act.html", **shown)


@page(GRANT, before=prove)
def link(request: Any, employee_id: int) -> HttpResponse:
    """GET asks; POST makes a link for a password of his own and shows it, this once."""
    person = queries.colleague(request.viewer, employee_id)
    return _ask(request, person, "link") if request.method == "GET" else _with_link(request, person)


def _with_link(request: Any, person: Employee) -> HttpResponse:
    """The link for this person; who sends the form again is told that it was shown already."""
    token, made = links.offer_link(person, by=request.viewer, now=request.now)
    address = request.build_absolute_uri(reverse("foundation:new-password", kwargs={"token": token}))
    return shown_once(
        _link_page(request, person, made, address=address), again=_link_page(request, person, made, address="")
    )


def _link_page(request: Any, person: Employee, made: PasswordLink, *, address: str) -> HttpResponse:
    size, path = qr(address).split("|", 1) if address else ("", "")
    here_only = request.get_host().rsplit(":", 1)[0] in THIS_MACHINE
    shown: dict[str, Any] = {"person": person, "until": made.expires_at, "address": address, "size": size, "path": path}
    partial = bool(request.headers.get("HX-Request"))
    make, template = (fragment, "foundation/_link.html") if partial else (screen, "foundation/colleague_link.html")
    return make(request, template, here_only=here_only, **shown)


@page(RELEASE, before=prove)
def release(request: Any, employee_id: int) -> HttpResponse:
    """GET asks why; POST lets him try again."""
    person = queries.colleague(request.viewer, employee_id)
    if request.method == "GET":
        return _ask(request, person, "release")
    actions.release(person, reason=request.POST.get("reason", ""), by=request.viewer, now=request.now)
    say(request, _("%(name)s may try again") % {"name": person.name})
    return go(request, "foundation:colleague", employee_id=person.pk)


@page(GRANT, before=prove)
def leave(request: Any, employee_id: int) -> HttpResponse:
    """GET shows what he leaves to others; POST shuts him out."""
    person = queries.colleague(request.viewer, employee_id)
    if request.method == "GET":
        return _ask(request, person, "leave", work=_open_work(request, person))
    actions.leave(person, on=request.store.business_date(request.now), by=request.viewer, now=request.now)
    say(request, _("%(name)s has left and is signed out") % {"name": person.name}, undo=to_undo())
    return go(request, "foundation:colleague", employee_id=person.pk)


@page(GRANT, before=prove)
def come_back(request: Any, employee_id: int) -> HttpResponse:
    """GET asks; POST lets him in again with the roles that he had."""
    person = queries.colleague(request.viewer, employee_id)
    if request.method == "GET":
        return _ask(request, person, "come-back")
    actions.come_back(person, by=request.viewer, now=request.now)
    say(request, _("%(name)s works here again") % {"name": person.name}, undo=to_undo())
    return go(request, "foundation:colleague", employee_id=person.pk)
