"""What every answer carries: a number for the log, and the security headers of reliability.md 8.1 and 8.2."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Nonce:
    """A one-time word for a script that must stand in the page; made when a page asks for it."""

    def __init__(self) -> None:
        self.text = ""

    def made(self) -> str:
        """The word."""
        self.text = self.text or secrets.token_urlsafe(16)
        return self.text

    def policy(self) -> str:
        """The content security policy of this answer."""
        return POLICY.format(nonce=f" 'nonce-{self.text}'" if self.text else "")


class SecurityHeaders:
    """Gives ``request.number`` and ``request.csp_nonce``, and sets the headers that a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, then add what is missing."""
        nonce = Nonce()
        number = secrets.token_hex(4)
        request.number = number  # type: ignore[attr-defined]
        request.csp_nonce = SimpleLazyObject(nonce.made)  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=number):
            response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", nonce.policy())
        headers.setdefault("X-Request-Id", number)
        for name, value in FIXED.items():
            headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        if not response.streaming:
            headers.setdefault("Content-Length", str(len(response.content)))
        return response
