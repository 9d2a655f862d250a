"""Which passwords are taken (reliability.md 6.2): long enough, not soon guessed; any signs, no composition asked for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cheyi.foundation.models import Employee, Grant, User
from cheyi.foundation.scope import everywhere
from cheyi.kernel import Refused

LONGEST = 128
FEWEST_SIGNS = 5
SHORTEST_NAME = 3
MOST_ALIKE = 0.7
JUDGED = {
    "password_too_short": "foundation.account.short_password",
    "password_entirely_numeric": "foundation.account.digits_password",
    "password_too_common": "foundation.account.common_password",
    "password_too_similar": "foundation.account.near_password",
}
"""What Django's validators say (``AUTH_PASSWORD_VALIDATORS`` of the settings), as our refusals."""


def demand_good(password: str, *, names: Iterable[str] = ()) -> None:
    """Pass a password that is not soon guessed; ``names`` are of the person and the place, as a guesser knows them.

    Raises Refused ``foundation.account.short_password``, ``.long_password``, ``.digits_password``, ``.common_password``,
    ``.monotonous_password``, ``.near_password``.
    """
    if len(password) > LONGEST:
        raise Refused("foundation.account.long_password", field="password", longest=LONGEST)
    low = password.casefold()
    for name in ("", *names):
        try:
            validate_password(password, User(name=name))
        except ValidationError as error:
            first = error.error_list[0]
            shortest = (first.params or {}).get("min_length")
            raise Refused(JUDGED[str(first.code)], field="password", shortest=shortest, name=name) from None
        if len(set(low)) < FEWEST_SIGNS:
            raise Refused("foundation.account.monotonous_password", field="password")
        if len(name) >= SHORTEST_NAME and name.casefold() in low:
            raise Refused("foundation.account.near_password", field="password", name=name)


def demand_unlike(password: str, *, former: str) -> None:
    """Pass a password that is not the former one over again; the refusal never says what that was.

    Raises Refused ``foundation.account.former_password``.
    """
    if SequenceMatcher(a=password.casefold(), b=former.casefold()).ratio() >= MOST_ALIKE:
        raise Refused("foundation.account.former_password", field="password")


def names_around(user: User) -> list[str]:
    """What a guesser tries first: the names of the user, the person, and the stores and groups of his roles."""
    with everywhere("the names around an account, whichever store it is in"):
        employee: Employee | None = getattr(user, "employee", None)
        grants = list(Grant.objects.filter(user=user).select_related("store", "group").order_by("pk"))
    places = [place.name for grant in grants for place in (grant.store, grant.group) if place is not None]
    return list(dict.fromkeys([user.name, *([employee.name] if employee else []), *places]))
