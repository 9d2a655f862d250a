"""The link by which a person sets his own password: made by an administrator, good for a day and once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password

from cheyi.foundation import one_time
from cheyi.foundation.access import SYSTEM, Viewer, viewer_of
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.colleagues.actions import demand_no_demo, open_book
from cheyi.foundation.models import Employee, PasswordLink, User
from cheyi.foundation.passwords import demand_good, names_around
from cheyi.foundation.sign_in import SET_BY_LINK
from cheyi.foundation.web.viewers import end_sessions
from cheyi.kernel import Refused

LINK_LIVES = timedelta(hours=24)


@act
def offer_link(person: Employee, *, by: Viewer, now: datetime) -> tuple[str, PasswordLink]:
    """A new token and its link; earlier ones of the same person open nothing any more. His password holds until he sets one.

    Raises Refused ``foundation.colleague.own_link``, ``.no_account``, ``.left``, ``.demo``, ``.no_longer``.
    """
    open_book(person.group_id, by)
    user = person.user
    if user is None:
        raise Refused("foundation.colleague.no_account", name=person.name)
    if user.pk == by.user_id:
        raise Refused("foundation.colleague.own_link")
    if person.status == Employee.Status.LEFT:
        raise Refused("foundation.colleague.left", name=person.name)
    demand_no_demo(user)
    token, link = one_time.offer(PasswordLink, lives=LINK_LIVES, now=now, user_id=user.pk, created_by_id=by.user_id)
    audit(by, "foundation.account.link_offered", user, now=now, until=link.expires_at.isoformat())
    return token, link


def open_link(token: str, *, now: datetime) -> User | None:
    """Whose link it is, while it may be used and he works here."""
    link = one_time.find(PasswordLink, token, now=now)
    return link.user if link is not None and link.user.is_active else None


@act
def set_password(*, token: str, password: str, now: datetime) -> User:
    """Give the link's person the password that he chose, once; he is signed out everywhere else.

    Raises Refused ``foundation.password_link.gone`` and ``foundation.account.…_password`` for one that is soon guessed
    or the present one.
    """
    found = open_link(token, now=now)
    if found is None:
        raise Refused("foundation.password_link.gone")
    demand_good(password, names=names_around(found))
    user = lock(found)
    if not user.is_active or not one_time.use(PasswordLink, token, now=now):
        raise Refused("foundation.password_link.gone")
    if check_password(password, user.password):
        raise Refused("foundation.account.former_password", field="password")
    User.objects.filter(pk=user.pk).update(password=make_password(password))
    end_sessions(user)
    audit(viewer_of(user.pk) or SYSTEM, SET_BY_LINK, user, now=now)
    return user
