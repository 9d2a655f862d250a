"""Every address of the program with its door; an address without one stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from cheyi.foundation.access import all_permissions
from cheyi.foundation.pages.doors import Door


@dataclass(frozen=True, slots=True)
class Address:
    """An address pattern, its full name, and its door (None when it names none); one for each door that it has."""

    pattern: str
    name: str
    door: Door | None
    view: Any


def addresses() -> list[Address]:
    """All addresses of the program, walked from the resolver."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inside)
        elif isinstance(entry, URLPattern):
            name, view = f"{namespace}{entry.name or ''}", entry.callback
            for door in getattr(view, "doors", (getattr(view, "door", None),)):
                yield Address(pattern, name, door, view)


def check_addresses() -> None:
    """Refuse to start when an address names no door or an undeclared permission. Raises ImproperlyConfigured."""
    walked, known = addresses(), all_permissions()
    wrong = [
        address.pattern
        for address in walked
        if address.door is None or (address.door.kind == "permission" and address.door.permission not in known)
    ]
    if wrong:
        raise ImproperlyConfigured(f"addresses without a declared permission: {', '.join(wrong)}")
