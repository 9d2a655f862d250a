"""Opening pages as somebody of the street."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from cheyi.foundation.access import Viewer
from cheyi.foundation.web.viewers import SESSION_STORE, SESSION_USER

_keys = count(1)


def browser(viewer: Viewer) -> Client:
    """A browser in which the viewer is signed in at his store."""
    client = Client(raise_request_exception=False)
    session = client.session
    session[SESSION_USER] = viewer.user_id
    session[SESSION_STORE] = viewer.store_id
    session.save()
    return client


def send(client: Client, address: str, *, htmx: bool = False, **values: Any) -> HttpResponse:
    """Send a form with a fresh key."""
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address, {**values, "_key": f"k{next(_keys)}"}, headers=headers)
