"""Talking on the console, in the language of the terminal."""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"


def language() -> str:
    """``zh-hans`` or ``en``: CHEYI_LANGUAGE, else the terminal's, else English."""
    names = ("CHEYI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh-hans" if wanted.lower().startswith("zh") else "en"


def words(text: str) -> str:
    """A text of this package in the language of the terminal; works before Django is set up."""
    if not text or language() == "en":
        return text
    return gettext.translation("django", LOCALE, languages=["zh_Hans"], fallback=True).gettext(text)


def later(text: str) -> str:
    """Mark a text for translation when it is shown; imported as ``_`` by the commands."""
    return text


def say(text: object = "") -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: object) -> None:
    """Print a line where errors go."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
