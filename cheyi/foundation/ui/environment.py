"""The Jinja environment of all own pages, for ``django.template.backends.jinja2``."""

from __future__ import annotations

import functools
import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from cheyi.foundation.ui.filters import FILTERS
from cheyi.foundation.ui.icons import icon_url
from cheyi.foundation.ui.texts import script_texts

NO_ENTRY = UUID(int=0)


@functools.lru_cache(maxsize=8192)
def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page. Raises NoReverseMatch."""
    return reverse(name, args=args, kwargs=kwargs)


@functools.cache
def static_url(path: str) -> str:
    """The address of a static file by the name that carries its hash; a process knows the files it started with."""
    return static(path)


def form_key() -> str:
    """A fresh idempotency key: the same form sent twice with it is done once."""
    return secrets.token_urlsafe(18)


def html_lang() -> str:
    """The language of the page as browsers know it, so that the right glyphs are picked."""
    return "zh-CN" if translation.get_language() == "zh-hans" else "en"


def csrf_value(request: HttpRequest) -> str:
    """The token that each form and each htmx request sends back: masked once for each answer."""
    value: str | None = getattr(request, "csrf_value", None)
    if value is None:
        value = get_token(request)
        request.csrf_value = value  # type: ignore[attr-defined]
    return value


def form_tokens(request: HttpRequest, key: str = "") -> Markup:
    """Both hidden fields that every form begins with: against forgery, and so that sending it twice does it once."""
    return Markup(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="_key" value="{}">'
    ).format(csrf_value(request), key or form_key())


def undo_url(entry: str) -> str:
    """Where the act of an audit entry is undone; nothing for an empty one, the pattern's beginning for "0"."""
    if not entry:
        return ""
    sample = reverse("foundation:undo", kwargs={"uid": NO_ENTRY})
    return sample.replace(str(NO_ENTRY), "" if entry == "0" else entry)


def environment(**options: Any) -> Environment:
    """Make the environment: escaping on, unknown names are errors, gettext, addresses, filters.

    Templates import their pieces from ``ui/macros.html``; the names pages must pass are in ``docs/ui.md``.
    """
    options["undefined"] = StrictUndefined
    options.setdefault("autoescape", True)
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - autoescape stands in the options
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.globals.update(
        static=static_url,
        url=url,
        icon_url=icon_url,
        form_key=form_key,
        html_lang=html_lang,
        csrf_value=csrf_value,
        form_tokens=form_tokens,
        undo_url=undo_url,
        script_texts=script_texts,
    )
    env.filters.update(FILTERS)
    return env
