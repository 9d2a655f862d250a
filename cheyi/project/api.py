"""The whole API under ``/api/v1/``: each package's verbs and questions."""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from cheyi import __version__
from cheyi.foundation.api import make_api, opening, own, people
from cheyi.foundation.api.mounting import guarded
from cheyi.foundation.pages import public_page
from cheyi.foundation.pages.doors import Door

api = make_api(__version__)
api.add_router("", own.router)
api.add_router("", opening.router)
api.add_router("", people.router)
for _name in settings.OWN_APPS:
    if _name not in {"cheyi.project", "cheyi.foundation"} and find_spec(f"{_name}.api") is not None:
        api.add_router("", import_module(f"{_name}.api").router)


@public_page("the description of the API holds no data", methods=("GET",))
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the framework's signature
    """Give the OpenAPI 3.1 description: worked out once, since everybody may ask and it takes seconds."""
    return HttpResponse(_text(), content_type="application/json")


@functools.cache
def _text() -> str:
    return json.dumps(described(), ensure_ascii=False)


def described() -> dict[str, Any]:
    """The description as plain values: the framework's, with how one says who one is and what kind a problem is."""
    said = copy.deepcopy(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
    for methods in said["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {"application/problem+json": answer["content"].pop("application/json")}
    said["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    said["security"] = [{"token": []}]
    return said


def addresses() -> list[URLPattern]:
    """The API's addresses, each with the doors that its operations name: one for asking, one for the verb."""
    patterns = api.urls[0]  # building them also takes in the routers inside routers
    views = [
        ((prefix + route).strip("/"), operation.view_func)
        for prefix, router in api._routers  # noqa: SLF001 - the library has no public walk
        for route, view in router.path_operations.items()
        for operation in view.operations
        if hasattr(operation.view_func, "door")
    ]
    mounted = {"openapi.json": path("openapi.json", openapi, name="openapi")}
    for pattern in patterns:
        if not isinstance(pattern, URLPattern) or pattern.callback is None:
            continue
        route = str(pattern.pattern)
        mine = [view for name, view in views if _same(name, route)]
        if mine:
            mounted.setdefault(route, path(route, _with_doors(pattern.callback, mine), name=pattern.name))
    return list(mounted.values())


def _same(name: str, route: str) -> bool:
    return re.sub(r"{(?:\w+:)?(\w+)}", r"\1", name) == re.sub(r"<(?:\w+:)?(\w+)>", r"\1", route)


def _with_doors(callback: Callable[..., HttpResponse], views: list[Any]) -> Callable[..., HttpResponse]:
    doors: tuple[Door, ...] = tuple(view.door for view in views)
    media = {method: getattr(view, "media", "") for view in views for method in view.door.methods}
    run = guarded(callback, media)
    run.doors = doors  # type: ignore[attr-defined]
    run.csrf_exempt = True  # type: ignore[attr-defined]  # checked for sessions in foundation/api/plumbing.py
    return run
