"""The foundation's own pages: sign in and out, store and language, undo, search, account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cheyi.foundation import acts, demo_accounts, refusals, searching
from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.access.viewer import viewer_of
from cheyi.foundation.models import User
from cheyi.foundation.pages import fragment, go, page, public_page, say, screen
from cheyi.foundation.pages.navigation import entries_for, landing, works_on_phone
from cheyi.foundation.panels import shown_at
from cheyi.foundation.sign_in import TOO_FAST, change_password, prefer, prove_own, sign_in
from cheyi.foundation.todos import sentence, todos_of
from cheyi.foundation.web.proving import demand_person
from cheyi.foundation.web.viewers import SESSION_STORE, keep_only_this_session, open_session
from cheyi.kernel import Refused

MOST_TODOS = 12


@public_page("where every day starts", methods=("GET",))
def home(request: Any) -> HttpResponse:
    """Send each role to its landing page."""
    if request.viewer is None:
        return redirect("foundation:sign-in")
    return HttpResponseRedirect(landing(request.viewer))


@public_page("nobody is signed in before the sign-in")
def sign_in_page(request: Any) -> HttpResponse:
    """Ask for name and password; in demo mode the accounts stand beside."""
    name, refusal, status = request.POST.get("name", ""), None, 200
    if request.method == "POST":
        try:
            user = sign_in(name=name, password=request.POST.get("password", ""), now=request.now)
        except Refused as refused:
            refusal = refusals.sentence(refused)
            status = 429 if refused.code == TOO_FAST else 422
        else:
            open_session(request, user)
            return HttpResponseRedirect(_next(request, user.pk), status=303)
    accounts = demo_accounts.shown() if settings.DEMO else []
    page = screen(
        request, "foundation/sign_in.html", name=name, refusal=refusal, accounts=accounts, roles=ROLES, status=status
    )
    if status == 429:
        page.headers["Retry-After"] = "60"
    return page


def _next(request: HttpRequest, user_id: int) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    viewer = viewer_of(user_id)
    assert viewer is not None
    return landing(viewer)


@public_page("leaving needs no right", methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    request.session.flush()
    return redirect("foundation:sign-in")


@public_page("the language is a matter of the browser", methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English."""
    back = request.POST.get("next", "/")
    address = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
    response = HttpResponseRedirect(address, status=303)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax")
    return response


@page("foundation.account.use", methods=("POST",))
def open_store(request: Any, store_id: int) -> HttpResponse:
    """Work in another of the viewer's stores."""
    if store_id not in request.viewer.store_ids:
        raise Http404(f"store {store_id}")
    request.session[SESSION_STORE] = store_id
    return HttpResponseRedirect("/", status=303)


@page("foundation.account.use", methods=("POST",))
def undo(request: Any, uid: UUID) -> HttpResponse:
    """Undo an act from its toast."""
    text = acts.undo(uid, by=request.viewer, now=request.now)
    say(request, text)
    back = request.headers.get("Referer", "/")
    address = back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "/"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)


@page("foundation.account.use", methods=("GET",))
def search(request: Any) -> HttpResponse:
    """The search box's answer: groups of hits, the first one chosen."""
    text = request.GET.get("q", "").strip()[:80]
    groups = searching.groups(text, viewer=request.viewer, store=request.store, now=request.now) if text else []
    if request.GET.get("commands"):
        groups = [group for group in (_commands(request, text),) if group.hits] + groups
    return fragment(request, "ui/_search.html", text=text, groups=groups)


def _commands(request: Any, text: str) -> searching.HitGroup:
    """Where the viewer may go, by name: what Ctrl K shows first."""
    places = [(str(one.label), one.url) for one in entries_for(request.viewer)]
    places += [(_("To do"), reverse("foundation:todos")), (_("My settings"), reverse("foundation:account"))]
    named = dict.fromkeys((label, url) for label, url in places if text.casefold() in label.casefold())
    hits = tuple(searching.SearchHit(url=url, action=_("Go"), title=label) for label, url in named)
    return searching.HitGroup(_("Go to"), hits)


@page("foundation.account.use", methods=("GET",))
def start(request: Any) -> HttpResponse:
    """The day of a role that has no screen of its own: what he has to do, where he may go, what belongs to him."""
    due = [(todo, sentence(todo)) for todo in todos_of(request.viewer)[:MOST_TODOS]]
    return screen(
        request,
        "foundation/start.html",
        todos=due,
        panels=shown_at("foundation.start", request, request.store.pk),
        places=[one for one in entries_for(request.viewer, request.path) if not one.current],
        runs_server="administrator" in request.viewer.roles,
    )


@page("foundation.account.use", methods=("GET",))
def account(request: Any) -> HttpResponse:
    """Who is signed in, where, how to leave, and the own password."""
    sign_in_name = User.objects.values_list("name", flat=True).get(pk=request.viewer.user_id)
    on_phone = works_on_phone(request.viewer)
    return screen(
        request, "foundation/account.html", on_phone=on_phone, sign_in_name=sign_in_name, is_demo=settings.DEMO
    )


def _prove(request: Any) -> None:
    """Who changes his password shows that he knows it; a machine's token, which is no person, cannot try."""
    demand_person(request)
    if settings.DEMO:
        raise Refused("foundation.account.demo_password", field="password")
    request.proved = prove_own(password=request.POST.get("present_password", ""), by=request.viewer, now=request.now)


@page("foundation.account.use", before=_prove)
def password(request: Any) -> HttpResponse:
    """Change the own password: all other sessions end, this one goes on under a new key. No machine may (docs/api.md)."""
    if request.method == "POST":
        new, former = request.POST.get("password", ""), request.POST["present_password"]
        change_password(request.proved, password=new, former=former, by=request.viewer, now=request.now)
        keep_only_this_session(request, request.proved)
        say(request, _("Password changed. You are signed out everywhere else"))
    return go(request, "foundation:account")


@page("foundation.account.use", methods=("POST",))
def preferences(request: Any) -> HttpResponse:
    """Keep how this user wants his screen and keys."""
    wishes: dict[str, Any] = {}
    if request.POST.get("theme") in {"", "light", "dark"}:
        wishes["theme"] = request.POST["theme"]
    if request.POST.get("keys") in {"on", "off"}:
        wishes["single_keys"] = request.POST["keys"] == "on"
    prefer(request.viewer.user_id, **wishes)
    return HttpResponseRedirect(reverse("foundation:account"), status=303)
