"""The page behind the one-time link, and the middleware that keeps every other address shut until it is used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cheyi.foundation import refusals
from cheyi.foundation.models import Store
from cheyi.foundation.pages import public_page, screen
from cheyi.foundation.sign_in import sign_in
from cheyi.foundation.ui.environment import html_lang
from cheyi.foundation.web.refusing import problem_json
from cheyi.foundation.web.viewers import open_session
from cheyi.kernel import Refused
from cheyi.project import setting_up

LONGEST = {"group": 100, "legal_entity": 100, "store": 60, "code": 8, "kind": 10, "person": 60, "name": 60}
STORE_CODE = re.compile(r"[A-Z0-9]{1,8}")
OPEN_PATHS = ("/set-up/", "/static/", "/language")
LABELS = {
    "group": later("Name of the business"),
    "legal_entity": later("Registered company"),
    "store": later("Store"),
    "code": later("Store code"),
    "kind": later("Kind of store"),
    "person": later("Your name"),
    "name": later("Sign-in name"),
    "password": later("Password"),
}
"""The fields in the order in which the page asks for them."""


def _now(request: HttpRequest) -> datetime:
    """The clock read at the edge; the middleware has read it where there is a session."""
    return getattr(request, "now", None) or datetime.now(UTC)


def read(request: HttpRequest) -> tuple[setting_up.FirstStore, dict[str, str]]:
    """What was typed, and what is wrong with it, by field in the order of the page."""
    typed = {field.name: request.POST.get(field.name, "") for field in fields(setting_up.FirstStore)}
    works_alone = bool(typed.pop("works_alone"))
    clean = {name: value if name == "password" else value.strip()[: LONGEST[name]] for name, value in typed.items()}
    clean["code"] = clean["code"].upper()
    clean["legal_entity"] = clean["legal_entity"] or clean["group"]
    if clean["kind"] not in Store.Kind.values:
        clean["kind"] = Store.Kind.GARAGE
    first = setting_up.FirstStore(**clean, works_alone=works_alone)
    found = {refused.field: refusals.sentence(refused) for refused in _wrong(clean, first)}
    return first, {name: found[name] for name in LABELS if name in found}


def _wrong(clean: dict[str, str], first: setting_up.FirstStore) -> Iterator[Refused]:
    for name, value in clean.items():
        if not value and name != "legal_entity":
            yield Refused("project.set_up.missing", field=name)
    if clean["code"] and not STORE_CODE.fullmatch(clean["code"]):
        yield Refused("project.set_up.code", field="code")
    try:
        if clean["password"]:
            setting_up.check_password(first)
    except Refused as weak:
        yield weak


@public_page("the one-time set-up link is the key")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the first store and its administrator; make them, and sign him in."""
    if setting_up.open_link(token, now=_now(request)) is None:
        is_set_up = not setting_up.is_empty()
        words = refusals.sentence(Refused("project.set_up.done" if is_set_up else "project.set_up.link_gone"))
        return screen(request, "project/set_up_gone.html", status=410, words=words, is_set_up=is_set_up)
    if request.method != "POST":
        return _form(request, token, {}, {})
    first, problems = read(request)
    if not problems:
        try:
            setting_up.set_up(first, token=token, now=_now(request))
        except Refused as refused:
            problems = {refused.field or "group": refusals.sentence(refused)}
        else:
            setting_up.marker().unlink(missing_ok=True)
            open_session(request, sign_in(name=first.name, password=first.password, now=_now(request)))
            return HttpResponseRedirect("/", status=303)
    return _form(request, token, request.POST.dict(), problems)


def _form(request: HttpRequest, token: str, typed: dict[str, str], problems: dict[str, str]) -> HttpResponse:
    typed.pop("password", None)
    kinds = [
        (Store.Kind.GARAGE, _("Garage")),
        (Store.Kind.DEALER, _("Brand dealer (4S)")),
        (Store.Kind.QUICK, _("Quick service")),
        (Store.Kind.BODY_SHOP, _("Body shop")),
    ]
    listed = [
        (name, _("%(field)s: %(problem)s") % {"field": LABELS[name], "problem": problems[name]}) for name in problems
    ]
    return screen(
        request,
        "project/set_up.html",
        status=422 if problems else 200,
        token=token,
        typed=typed,
        problems=problems,
        listed=listed,
        labels=LABELS,
        kinds=kinds,
    )


class UntilSetUp:
    """Answers 503 to everything but the set-up page while an empty installation waits for its link to be used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is open, or tell to wait."""
        if request.path.startswith(OPEN_PATHS) or not setting_up.is_open():
            return self.get_response(request)
        answer = _not_yet(request)
        answer.headers["Retry-After"] = "60"
        answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - expected, no error line
        return answer


def _not_yet(request: HttpRequest) -> HttpResponse:
    """What stands at every other address until then: in both languages, for nobody has chosen one yet."""
    if request.path.startswith("/api/"):
        with translation.override(translation.get_language_from_request(request)):
            return problem_json(503, "project.set_up.waiting", _("Cheyi is not set up yet"))
    said = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            where = _(
                "The set-up link stands in the window, or the log, of cheyi up. It is good for 60 minutes and once."
            )
            anew = _("Too old? Stop cheyi up there with Ctrl+C and start it again: it prints a new link.")
            said.append((html_lang(), _("Cheyi is not set up yet"), where, anew, _("Look again")))
    return screen(request, "project/not_set_up.html", status=503, said=said)
