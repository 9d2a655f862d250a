"""The command ``cheyi``: finds the commands in cheyi/project/commands, each a module of its own.

A command module has ``NAME``, ``HELP`` (an English text marked by ``console.later``), ``add_arguments(parser)`` and
``run(options) -> int``, the exit code. Django is set up before it is imported, except for those in ``BEFORE_DJANGO``; the others
run only on a database that stands, unless their ``needs_data(options)`` says that they do without.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from cheyi import __version__
from cheyi.project import commands
from cheyi.project.console import complain, language, say, words

BEFORE_DJANGO = {"bench", "demo", "migrate", "prepare", "up"}
HIDDEN = {"prepare"}


class Parser(argparse.ArgumentParser):
    """Speaks the language of the terminal wherever a text has a translation."""

    def add_argument(self, *args: Any, **kwargs: Any) -> Any:
        """Translate the help of each argument."""
        if kwargs.get("help") not in (None, argparse.SUPPRESS):
            kwargs["help"] = words(str(kwargs["help"]))
        return super().add_argument(*args, **kwargs)

    def format_help(self) -> str:
        """Translate argparse's own headings."""
        text = super().format_help()
        for heading in ("usage:", "options:", "positional arguments:", "show this help message and exit"):
            text = text.replace(heading, words(heading))
        return text


def modules() -> dict[str, str]:
    """Command names and the modules they stand in; ``import_`` and ``move_db`` are ``import`` and ``move-db``."""
    found = (info.name for info in pkgutil.iter_modules(commands.__path__))
    return {stem.rstrip("_").replace("_", "-"): f"{commands.__name__}.{stem}" for stem in sorted(found)}


def load(name: str) -> ModuleType:
    """Import a command's module, with Django set up where it needs that."""
    if name not in BEFORE_DJANGO:
        set_up_django()
    return importlib.import_module(modules()[name])


def set_up_django() -> None:
    """Load settings and packages, and speak the terminal's language."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")
    import django  # noqa: PLC0415 - not needed by the light commands
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    translation.activate(language())


def overview() -> None:
    """Print all commands with their first words."""
    what = words("the open dealer management system")
    say(f"cheyi {__version__} · {what}")
    say()
    shown = [name for name in modules() if name not in HIDDEN]
    width = max(len(name) for name in shown)
    for name in shown:
        first_words = words(str(load(name).HELP))
        say(f"  {name:<{width}}  {first_words}")
    say()
    say(words("More about one: cheyi <command> --help. The data lies in ./data, or where CHEYI_DATA says."))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] in {"-h", "--help", "help"}:
        overview()
        return 0
    if given[0] in {"-V", "--version"}:
        say(__version__)
        return 0
    name, *rest = given
    if name not in modules():
        complain(words("There is no command “%s”. All of them: cheyi --help") % name)
        return 2
    module = load(name)
    parser = Parser(prog=f"cheyi {name}", description=words(str(module.HELP)))
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    if trouble := _trouble(name, module, options):
        complain(trouble)
        return 1
    code: int = module.run(options)
    return code


def _trouble(name: str, module: ModuleType, options: argparse.Namespace) -> str:
    """What keeps a command that needs the database from working."""
    needs_data = getattr(module, "needs_data", lambda _options: True)
    if name in BEFORE_DJANGO or not needs_data(options):
        return ""
    from cheyi.project import standing  # noqa: PLC0415 - needs Django

    return standing.trouble()


if __name__ == "__main__":
    sys.exit(main())
