"""Names, employee numbers and sign-in names: how they are read, and which are free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count

from cheyi.foundation.models import Employee, User
from cheyi.foundation.searchkeys import spelled
from cheyi.kernel import Refused

LONGEST = {"name": 60, "no": 20, "sign_in": 60}
LONGEST_PROPOSED = 30
NUMBERED = re.compile(r"(.*?)([0-9]+)")
FIRST_NO = "001"


def plain(text: str) -> str:
    """Half-width, control and other invisible characters as blanks, single blanks inside, none outside."""
    seen = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFKC", text))
    return " ".join(seen.split())


def read(text: str, *, field: str) -> str:
    """What was typed, plainly. Raises Refused ``foundation.colleague.too_long``."""
    clean = plain(text)
    if len(clean) > LONGEST[field]:
        raise Refused("foundation.colleague.too_long", field=field, length=len(clean), longest=LONGEST[field])
    return clean


def read_name(text: str) -> str:
    """A person's name. Raises Refused ``foundation.colleague.no_name``, ``.no_letters``, ``.too_long``."""
    name = read(text, field="name")
    if not name:
        raise Refused("foundation.colleague.no_name", field="name")
    if not any(sign.isalpha() for sign in name):
        raise Refused("foundation.colleague.no_letters", field="name", name=name)
    return name


def free_no(group_id: int) -> str:
    """The next employee number of the group: that of whoever came last, counted up. Two queries."""
    last = Employee.objects.filter(group_id=group_id, no__regex="[0-9]$").order_by("-pk").values_list("no", flat=True)
    found = NUMBERED.fullmatch(last.first() or "")
    if found is None:
        begin, digits = "", f"{int(FIRST_NO) - 1:0{len(FIRST_NO)}d}"
    else:
        begin, digits = found.groups()
    taken = set(Employee.objects.filter(group_id=group_id, no__startswith=begin).values_list("no", flat=True))
    candidates = (f"{begin}{number:0{len(digits)}d}" for number in count(int(digits) + 1))
    return next(one for one in candidates if one not in taken)


def read_no(text: str, *, group_id: int) -> str:
    """An employee number that nobody has; the next one when none is said.

    Raises Refused ``foundation.colleague.no_taken`` with the next free one, ``.too_long``.
    """
    no = read(text, field="no")
    if not no:
        return free_no(group_id)
    holder = Employee.objects.filter(group_id=group_id, no=no).first()
    if holder is not None:
        raise Refused("foundation.colleague.no_taken", field="no", no=no, who=holder.name, free=free_no(group_id))
    return no


def free_sign_in(name: str) -> str:
    """A sign-in name that nobody has: the name in pinyin or Latin letters, counted up where it is taken. One query."""
    letters = "".join(sign for sign in spelled(name) if sign.isascii() and sign.isalnum()).casefold()
    base = letters[:LONGEST_PROPOSED] or "user"
    taken = {one.casefold() for one in User.objects.filter(name__istartswith=base).values_list("name", flat=True)}
    return next(one for one in _counted(base) if one not in taken)


def _counted(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}{number}" for number in count(2))


def read_sign_in(text: str, *, name: str) -> str:
    """A sign-in name that nobody has, in small letters; the proposed one when none is said.

    Raises Refused ``foundation.colleague.sign_in_taken`` with a free one, ``.bad_sign_in``, ``.too_long``.
    """
    wanted = read(text, field="sign_in").casefold()
    if not wanted:
        return free_sign_in(name)
    if " " in wanted or not any(sign.isalnum() for sign in wanted):
        raise Refused("foundation.colleague.bad_sign_in", field="sign_in", name=wanted)
    if User.objects.filter(name__iexact=wanted).exists():
        free = free_sign_in(wanted)
        raise Refused("foundation.colleague.sign_in_taken", field="sign_in", name=wanted, free=free)
    return wanted


def shown(roles: Collection[tuple[int | None, str]]) -> list[str]:
    """Roles with their store as the record keeps them: ``technician@3``, ``administrator@*`` for all stores."""
    return sorted(f"{role}@{store_id or '*'}" for store_id, role in roles)
