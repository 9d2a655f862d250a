"""Who gives roles and passwords to others has shown lately who he is (reliability.md 6.5): a desk may stand open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from cheyi.foundation.pages import NoRight
from cheyi.foundation.sign_in import prove_own
from cheyi.foundation.web.viewers import SESSION_PROVED, SESSION_USER
from cheyi.kernel import Refused

LASTS = timedelta(minutes=30)


def demand_person(request: Any) -> None:
    """Pass a person at a screen; a machine's token is none. Raises NoRight."""
    if request.session.get(SESSION_USER) != request.viewer.user_id:
        raise NoRight("foundation.account.use")


def is_proved(request: Any) -> bool:
    """Whether he signed in, or typed his password again, within the last half hour. Nobody can in the demo."""
    if settings.DEMO:
        return True
    passed: timedelta = request.now - datetime.fromtimestamp(request.session.get(SESSION_PROVED, 0), UTC)
    return timedelta(0) <= passed <= LASTS


def prove(request: Any) -> None:
    """``before=`` of a page: the own password once more when the last time is long ago.

    Raises Refused ``foundation.account.prove_again`` and what ``prove_own`` raises.
    """
    demand_person(request)
    if is_proved(request):
        return
    password = request.POST.get("present_password", "")
    if not password:
        raise Refused("foundation.account.prove_again", field="present_password")
    prove_own(password=password, by=request.viewer, now=request.now)
    request.session[SESSION_PROVED] = request.now.timestamp()


def demand_proved(request: Any) -> None:
    """At the API: a token proves itself; a browser's session must have proved its person lately.

    Raises Refused ``foundation.account.prove_again``.
    """
    if request.headers.get("Authorization", "").startswith("Bearer "):
        return
    if not is_proved(request):
        raise Refused("foundation.account.prove_again")
