"""What every engine's answer carries: reasons as code and facts, and "I do not know"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cheyi.kernel.money import Money
from cheyi.kernel.numbers import Quantity, Rate

Fact = int | str | date | datetime | Quantity | Rate | Money


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """Why something is as it is: a code of the engine's ``codes.REASONS`` and its facts; a package's ``saying`` makes the sentence."""

    code: str
    facts: Mapping[str, Fact]

    def __init__(self, code: str, **facts: Fact) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", facts)


@dataclass(frozen=True, slots=True)
class Unknown:
    """I do not know, and why: at least one reason."""

    reasons: tuple[Reason, ...]
