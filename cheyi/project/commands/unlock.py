"""Let somebody in again."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime

from cheyi.foundation import refusals
from cheyi.kernel import Refused
from cheyi.project import accounts
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "unlock"
HELP = _("Let a locked account try again, with a new password if asked for; it is recorded")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom."""
    parser.add_argument("name", help=_("sign-in name"))
    parser.add_argument("--new-password", action="store_true", help=_("ask for a new password and end all sessions"))


def run(options: argparse.Namespace) -> int:
    """Unlock; the password is typed, never given as an argument."""
    try:
        user = accounts.user_named(options.name)
        password = _new_password() if options.new_password else ""
        accounts.unlock(user, password=password, now=datetime.now(UTC))
    except Refused as refused:
        complain(refusals.sentence(refused))
        return 1
    except (EOFError, KeyboardInterrupt):
        complain("\n" + words("Nothing was changed."))
        return 1
    say(words("%s may sign in again.") % user.name)
    return 0


def _new_password() -> str:
    """Typed twice, unseen. Raises Refused ``project.account.passwords_differ``, EOFError when nothing more is typed."""
    password = getpass.getpass(words("New password: "))
    if getpass.getpass(words("The same again: ")) != password:
        raise Refused("project.account.passwords_differ", field="password")
    return password
