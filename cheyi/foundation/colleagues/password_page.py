"""The page behind the one-time link: a person sets his own password, and is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cheyi.foundation import refusals
from cheyi.foundation.access import viewer_of
from cheyi.foundation.colleagues import links
from cheyi.foundation.models import User
from cheyi.foundation.pages import public_page, screen
from cheyi.foundation.pages.navigation import landing
from cheyi.foundation.sign_in import sign_in
from cheyi.foundation.web.viewers import open_session
from cheyi.kernel import Refused


@public_page("the one-time link is the key")
def new_password(request: Any, token: str) -> HttpResponse:
    """Ask for the new password; set it, end whatever this browser was signed in as, and sign him in."""
    user = links.open_link(token, now=request.now)
    if user is None:
        return _gone(request)
    if request.method != "POST":
        return _form(request, token, user, "")
    password = request.POST.get("password", "")
    try:
        user = links.set_password(token=token, password=password, now=request.now)
    except Refused as refused:
        if refused.field != "password":
            return _gone(request)
        return _form(request, token, user, refusals.sentence(refused))
    viewer = viewer_of(user.pk)
    request.session.flush()
    if viewer is None:
        return HttpResponseRedirect(reverse("foundation:sign-in"), status=303)
    open_session(request, sign_in(name=user.name, password=password, now=request.now))
    return HttpResponseRedirect(landing(viewer), status=303)


def _form(request: Any, token: str, user: User, problem: str) -> HttpResponse:
    viewer = viewer_of(user.pk)
    shown = {"token": token, "sign_in_name": user.name, "person": viewer.name if viewer else user.name}
    return screen(request, "foundation/new_password.html", status=422 if problem else 200, problem=problem, **shown)


def _gone(request: Any) -> HttpResponse:
    words = refusals.sentence(Refused("foundation.password_link.gone"))
    return screen(request, "foundation/password_link_gone.html", status=410, words=words)
