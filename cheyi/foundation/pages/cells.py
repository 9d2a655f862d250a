"""Fields that are changed where they stand (ux/guide.md 6.6): what a page tells of each, so that all look and act alike.

``ui/cells.html`` draws them, ``cells.js`` moves the focus; docs/ui.md tells how a page uses both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from cheyi.foundation.pages.numbers import number_in

Text = str | Promise
Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class More:
    """Another input beside the field's own: a choice, or a tick to insist by when ``value`` is given.

    With ``when`` it appears once a refusal with one of these codes has come, else it always stands there.
    """

    name: str
    label: Text
    value: str = ""
    choices: Choices = ()
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a card. ``kind``: ``text``, ``tel``, ``day``, ``choice``, ``long``, ``km`` or ``plate``.

    A sealed one shows masked, is typed anew, and is emptied only by its tick. ``empty`` is the word for no choice.
    ``key`` tells it from a field of the same name in another row of the page.
    """

    name: str
    label: Text
    kind: str = "text"
    choices: Choices = ()
    empty: Text = ""
    sealed: bool = False
    hint: Text = ""
    more: tuple[More, ...] = ()
    key: str = ""

    @property
    def id(self) -> str:
        """What names it on the page."""
        return f"{self.key}-{self.name}" if self.key else self.name

    def of(self, key: str) -> Cell:
        """The same field of one row."""
        return replace(self, key=key)

    def with_choices(self, choices: Choices) -> Cell:
        """The same field with what may be chosen, where that is read from the tables."""
        return replace(self, choices=choices)

    def text(self, value: Any) -> str:
        """The word on the screen for a chosen code."""
        return str(next((label for code, label in self.choices if str(code) == str(value)), value or ""))


def version_of(posted: QueryDict) -> int | None:
    """The version that the form was made of, or the one that the person has seen and overrules; None without either."""
    return number_in(posted.get("instead") or posted.get("version"))
