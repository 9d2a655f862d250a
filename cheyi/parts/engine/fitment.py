"""Does this part fit this car: confirmed, seen so many times, unknown or excluded (intelligence.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["confirmed", "seen", "unknown", "excluded"]
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Car:
    """What is known of a car; "" and 0 mean not known."""

    brand: str = ""
    series: str = ""
    model: str = ""
    year: int = 0
    vin: str = ""
    engine_code: str = ""
    battery_code: str = ""


@dataclass(frozen=True, slots=True)
class FitRule:
    """One catalogue line on which cars a part fits, or with ``excluded`` does not; empty fields say nothing.

    ``vin_from`` and ``vin_to`` (both inside) are whole VINs, compared within the same first eight characters without
    the check digit, or tails of equal length, compared with the car's VIN's tail.
    """

    brand: str = ""
    series: str = ""
    model: str = ""
    year_from: int = 0
    year_to: int = 0
    vin_from: str = ""
    vin_to: str = ""
    engine_code: str = ""
    battery_code: str = ""
    excluded: bool = False

    @property
    def label(self) -> str:
        """A short name of the cars meant, for a reason."""
        years = f"{self.year_from or ''}-{self.year_to or ''}" if self.year_from or self.year_to else ""
        return " ".join(
            word for word in (self.brand, self.series, self.model, years, self.engine_code, self.battery_code) if word
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """How often the shop fitted the part to a model without it coming back."""

    model: str
    times: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer with its reason: times seen, what would decide (``missing``), and which cars are listed instead."""

    answer: Answer
    times: int = 0
    missing: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def fit(car: Car, rules: tuple[FitRule, ...], seen: tuple[Seen, ...] = ()) -> Fit:
    """Weigh catalogue lines and the shop's own fittings; an exclusion beats everything, a guess is never made."""
    judged = [(rule, *_match(rule, car)) for rule in rules]
    if any(rule.excluded and matches for rule, matches, _ in judged):
        return Fit("excluded", listed=_labels(rules))
    if any(matches and not rule.excluded for rule, matches, _ in judged):
        return Fit("confirmed")
    times = sum(entry.times for entry in seen if entry.model and entry.model.casefold() == car.model.casefold())
    open_points = tuple(dict.fromkeys(name for _, _, missing in judged for name in missing))
    if times > 0:
        return Fit("seen", times=times, missing=open_points)
    return Fit("unknown", missing=open_points, listed=_labels(rules))


def _labels(rules: tuple[FitRule, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.label for rule in rules if not rule.excluded and rule.label))[:MOST_NAMED]


def _match(rule: FitRule, car: Car) -> tuple[bool, tuple[str, ...]]:
    """Whether every point of the rule agrees, and which points could not be compared while none disagrees."""
    points = {
        "brand": _same(rule.brand, car.brand),
        "series": _same(rule.series, car.series),
        "model": _same(rule.model, car.model),
        "year": _within(rule, car.year),
        "vin": _vin_within(rule, car.vin),
        "engine_code": _same(rule.engine_code, car.engine_code),
        "battery_code": _same(rule.battery_code, car.battery_code),
    }
    if not any((rule.label, rule.vin_from, rule.vin_to)) or any(answer is False for answer in points.values()):
        return False, ()
    missing = tuple(name for name, answer in points.items() if answer is None)
    return not missing, missing


def _same(wanted: str, given: str) -> bool | None:
    if not wanted:
        return True
    return wanted.casefold() == given.casefold() if given else None


def _within(rule: FitRule, year: int) -> bool | None:
    if not rule.year_from and not rule.year_to:
        return True
    if not year:
        return None
    return (rule.year_from or year) <= year <= (rule.year_to or year)


def _vin_within(rule: FitRule, vin: str) -> bool | None:
    if not rule.vin_from and not rule.vin_to:
        return True
    if not vin:
        return None
    for bound, is_start in ((rule.vin_from, True), (rule.vin_to, False)):
        if not bound:
            continue
        if len(bound) == 17 and vin[:8] != bound[:8]:
            return False
        mine, limit = (vin[9:], bound[9:]) if len(bound) == 17 else (vin[-len(bound) :], bound)
        if (mine < limit) if is_start else (mine > limit):
            return False
    return True
