"""The doors of every address: a permission, a signed link, or an open page with its reason."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.pages.answers import screen
from cheyi.foundation.pages.once import once
from cheyi.foundation.scope import using

View = Callable[..., HttpResponse]
ID = re.compile(r"[0-9]{1,18}")
MOST_SHOPS = 3


class NoRight(Exception):
    """The viewer lacks the permission for a page that exists for him to know of."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Door:
    """What an address asks of whoever comes: kind ``permission``, ``public`` or ``link``."""

    kind: str
    permission: str = ""
    reason: str = ""
    methods: frozenset[str] = field(default_factory=lambda: frozenset({"GET", "POST"}))


def page(
    permission: str,
    *,
    methods: tuple[str, ...] = ("GET", "POST"),
    photos: tuple[str, ...] = (),
    second: bool = False,
    before: Callable[[Any], None] | None = None,
    asks: bool = False,
) -> Callable[[View], View]:
    """Ask for a permission; a POST has its effect once per idempotency key, in one transaction.

    ``photos`` names the upload fields that are cleaned before the transaction begins, into ``request.photos``. With
    ``second`` a colleague may agree in the form (``ui/agreeing.html``): ``request.approver`` is he, or None. ``before``
    runs with a POST before the transaction begins: what it records stays, whatever is refused later. A POST that
    ``asks`` has no effect (a file is only tried out): it needs no key, and its answer is kept nowhere.
    """
    door = Door("permission", permission, methods=frozenset(methods))

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: Any, **arguments: Any) -> HttpResponse:
            if request.method not in door.methods | {"HEAD"}:
                return HttpResponseNotAllowed(sorted(door.methods))
            viewer = getattr(request, "viewer", None)
            if viewer is None:
                return to_sign_in(request)
            if not viewer.may(permission):
                raise NoRight(permission)
            with using(viewer.scope):
                if second:
                    request.approver = _second_person(request)
                if before is not None and request.method == "POST":
                    before(request)
                if asks:
                    return view(request, **arguments)
                return _answer(request, view, arguments, f"user:{viewer.user_id}", photos)

        run.door = door  # type: ignore[attr-defined]
        return run

    return wrap


def link_page(reason: str, *, opens: Callable[[str, Any], Any], photos: tuple[str, ...] = ()) -> Callable[[View], View]:
    """A page behind a signed link: ``opens(token, now)`` gives (scope, link) or raises Http404, said in the owner's words.

    Its visitor has no account that could keep a language, so his browser's is spoken, refusals included.
    """
    door = Door("link", reason=reason)

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: Any, *, token: str, **arguments: Any) -> HttpResponse:
            translation.activate(translation.get_language_from_request(request))  # the middleware puts it back
            try:
                scope, request.link = opens(token, request.now)
            except Http404:
                return screen(request, "ui/link_gone.html", status=404, shops=_shops_to_call())
            with using(scope):
                return _answer(request, view, arguments, f"link:{request.link.pk}", photos)

        run.door = door  # type: ignore[attr-defined]
        return run

    return wrap


def _shops_to_call() -> list[Store]:
    """The stores with a telephone while there are few, of one group: a link that opens nothing does not say whose it was."""
    shops = list(Store.objects.exclude(phone="").order_by("pk")[: MOST_SHOPS + 1])
    return shops if len(shops) <= MOST_SHOPS and len({shop.group_id for shop in shops}) == 1 else []


def public_page(reason: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """A page open to everyone; the reason is read by the permission test."""
    door = Door("public", reason=reason, methods=frozenset(methods))

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: Any, **arguments: Any) -> HttpResponse:
            if request.method not in door.methods | {"HEAD"}:
                return HttpResponseNotAllowed(sorted(door.methods))
            return view(request, **arguments)

        run.door = door  # type: ignore[attr-defined]
        return run

    return wrap


def _answer(request: Any, view: View, arguments: dict[str, Any], owner: str, photos: tuple[str, ...]) -> HttpResponse:
    call = functools.partial(view, request, **arguments)
    if request.method != "POST":
        return call()
    if photos:
        from cheyi.foundation.images import clean_images  # noqa: PLC0415 - pillow is loaded with the first photo

        request.photos = {name: clean_images(request.FILES.getlist(name), field=name) for name in photos}
    return once(request, call, owner=owner)


def _second_person(request: Any) -> Viewer | None:
    """Who agreed with his own password, proved before the transaction so that a wrong one stays on record."""
    from cheyi.foundation.sign_in import agree  # noqa: PLC0415 - acts come after the doors

    who, password = request.POST.get("approver", ""), request.POST.get("approver_password", "")
    if request.method != "POST" or not password or not ID.fullmatch(who):
        return None
    return agree(user_id=int(who), password=password, asked_by=request.viewer, at=request.path, now=request.now)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a sign-in and come back here afterwards."""
    address = f"{reverse('foundation:sign-in')}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
