"""What a validator answers: the value in its normal form, its kind, and what is wrong with it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from cheyi.kernel import Refused

Severity = Literal["error", "warn"]
Facts = tuple[tuple[str, object], ...]

NOTHING = frozenset(
    (
        *("", "nan", "none", "null", "n/a", "na", "nat", "<na>", "-", "--", "—", "/", "?"),
        *("#ref!", "#n/a", "#value!", "#div/0!", "#name?", "#num!", "#null!"),
        *("无", "没有", "不详", "不明", "未知", "暂无", "未填", "空"),
    )
)
"""What people and programs write into a cell of which they know nothing (narrowed, without case)."""

INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)])


def narrow(text: str) -> str:
    """Full-width to half-width (NFKC), without invisible characters and outer blanks; case is kept."""
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE)).strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: a code with the facts of its sentence; an error rejects, a warning asks."""

    code: str
    severity: Severity
    facts: Facts = ()

    def fact(self, name: str) -> object:
        """One fact by its name. Raises KeyError when the problem has none of that name."""
        return dict(self.facts)[name]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A checked text: normal form, kind ("" when none fits), further facts and problems in order of weight."""

    value: str
    kind: str = ""
    problems: tuple[Problem, ...] = ()
    facts: Facts = ()

    @property
    def valid(self) -> bool:
        """Whether nothing rejects it; warnings may remain."""
        return not self.errors

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that reject."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that a person may confirm."""
        return tuple(problem for problem in self.problems if problem.severity == "warn")

    def fact(self, name: str) -> object:
        """One further fact by its name, or None."""
        return dict(self.facts).get(name)

    def demand(self, field: str = "") -> str:
        """The normal form. Raises Refused with the first error's code and facts, beside the named form field."""
        for problem in self.errors:
            raise Refused(problem.code, field=field, **dict(problem.facts))
        return self.value


def error(code: str, **facts: object) -> Problem:
    """A problem that rejects."""
    return Problem(code, "error", tuple(facts.items()))


def warning(code: str, **facts: object) -> Problem:
    """A problem that a person may confirm."""
    return Problem(code, "warn", tuple(facts.items()))
