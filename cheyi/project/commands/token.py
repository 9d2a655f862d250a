"""Make, list and revoke keys for machines."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from cheyi.foundation import refusals
from cheyi.foundation.models import ApiToken, Store
from cheyi.kernel import Refused
from cheyi.project import accounts
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "token"
HELP = _("Make, list or revoke a token for the API: a user's rights in one store, narrowed if you like")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose rights, where, how narrow, how long."""
    parser.add_argument("--user", help=_("sign-in name whose rights the token has"))
    parser.add_argument("--store", help=_("store code"))
    parser.add_argument("--name", default="API", help=_("what the token is for"))
    parser.add_argument("--permission", action="append", default=[], help=_("only this permission; may be repeated"))
    parser.add_argument("--days", type=int, default=365, help=_("how many days it lives; 0 for ever"))
    parser.add_argument("--list", action="store_true", help=_("list the tokens that are alive"))
    parser.add_argument("--revoke", type=int, metavar="NUMBER", help=_("make the token with this number worthless"))


def run(options: argparse.Namespace) -> int:
    """One of the three; a new token is printed once and kept as a hash only."""
    now = datetime.now(UTC)
    if options.list:
        return _list(now)
    try:
        return _revoke(options.revoke, now) if options.revoke else _make(options, now)
    except Refused as refused:
        complain(refusals.sentence(refused))
        return 1


def _list(now: datetime) -> int:
    for token in ApiToken.objects.filter(revoked_at=None).select_related("user", "store").order_by("pk"):
        if token.expires_at is None or token.expires_at > now:
            until = f"{token.expires_at:%Y-%m-%d}" if token.expires_at else "–"
            narrowed = " ".join(token.permissions) or "*"
            say(f"{token.pk:>4}  {token.user.name}  {token.store.code}  {until}  {token.name}  {narrowed}")
    return 0


def _revoke(number: int, now: datetime) -> int:
    token = ApiToken.objects.filter(pk=number, revoked_at=None).first()
    if token is None:
        complain(words("There is no living token %s") % number)
        return 1
    accounts.revoke_token(token, now=now)
    say(words("Token %s is worthless now.") % number)
    return 0


def _make(options: argparse.Namespace, now: datetime) -> int:
    if not options.user or not options.store:
        complain(words("Say whose rights and where: --user NAME --store CODE"))
        return 2
    store = Store.objects.filter(code=options.store.upper()).first()
    if store is None:
        raise Refused("project.token.unknown_store", store=options.store)
    text = accounts.make_token(
        accounts.user_named(options.user),
        store=store,
        name=options.name[:60],
        permissions=options.permission,
        expires_at=now + timedelta(days=options.days) if options.days else None,
        now=now,
    )
    say(words("Keep it now; it is not shown again:"))
    say(text)
    return 0
