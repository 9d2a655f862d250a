"""Plate and VIN as typed become normal forms, or are refused with a word on how to go on (domain.md 7.1, 7.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cheyi.customers.engine import plates, vins
from cheyi.customers.engine.verdicts import Problem
from cheyi.customers.rules.texts import plain
from cheyi.kernel import Refused
from cheyi.vehicles.rules.naming import ENERGY_OF_PLATE, confirm_code, vin_stem

ALL_DOUBTS = frozenset(
    ["vehicles.vehicle.check_digit", "vehicles.vehicle.foreign_check_digit", "vehicles.vehicle.odd_vin"]
)


@dataclass(frozen=True, slots=True)
class PlateForm:
    """A plate in normal form, its kind, and the energy that its colour tells (``bev``, ``phev`` or "")."""

    number: str = ""
    kind: str = ""
    energy: str = ""


@dataclass(frozen=True, slots=True)
class VinForm:
    """A VIN in normal form, what cars of its model share, and the model year that it names (None when none)."""

    number: str = ""
    stem: str = ""
    year: int | None = None


def read_plate(text: str, *, kind: str = "", confirmed: Collection[str] = ()) -> PlateForm:
    """A plate as typed: lower case, dots, blanks and full-width forms are undone; empty stays empty.

    ``kind`` is needed for the plates without pattern (armed police, military, temporary, foreign). Raises Refused with
    the engine's code (``customers.plate.…``) or ``vehicles.vehicle.plate_kind``, field ``plate``.
    """
    if not plain(text):
        return PlateForm()
    verdict = plates.check(plain(text), kind)
    for problem in verdict.problems:
        _demand(problem, field="plate", confirmed=confirmed)
    return PlateForm(verdict.value, verdict.kind, ENERGY_OF_PLATE.get(str(verdict.fact("energy")), ""))


def read_vin(text: str, *, this_year: int, confirmed: Collection[str] = ()) -> VinForm:
    """A VIN as typed; empty stays empty.

    Letters O, I and Q and a wrong length are refused (``customers.vin.…``). A wrong check digit is refused as
    ``vehicles.vehicle.check_digit`` for makers of China and North America, else as
    ``vehicles.vehicle.foreign_check_digit``; other oddities as ``vehicles.vehicle.odd_vin``; these three a person may
    insist on by ``confirmed``. Field ``vin``.
    """
    if not plain(text):
        return VinForm()
    verdict = vins.check(text)
    for problem in verdict.problems:
        _demand(problem, field="vin", confirmed=confirmed)
    return VinForm(verdict.value, vin_stem(verdict.value), vins.model_year(verdict.value, this_year=this_year) or None)


def read_both(
    plate: str, vin: str, *, kind: str, this_year: int, confirmed: Collection[str]
) -> tuple[PlateForm, VinForm]:
    """Both as typed. Raises Refused ``vehicles.vehicle.plate_or_vin`` when both are empty."""
    plated = read_plate(plate, kind=kind, confirmed=confirmed)
    numbered = read_vin(vin, this_year=this_year, confirmed=confirmed)
    if not (plated.number or numbered.number):
        raise Refused("vehicles.vehicle.plate_or_vin", field="plate")
    return plated, numbered


def _demand(problem: Problem, *, field: str, confirmed: Collection[str]) -> None:
    code = confirm_code(problem.code, problem.severity)
    if code in confirmed:
        return
    facts = {name: _words(value) for name, value in problem.facts}
    raise Refused(code or problem.code, field=field, about=problem.code, **facts)


def _words(value: object) -> object:
    """Lists of the engine as a text for a sentence: ``1: 8→B``, suggestions with commas."""
    if not isinstance(value, tuple):
        return value
    pieces = [f"{one[0]}: {one[1]}→{'/'.join(one[2])}" if isinstance(one, tuple) else str(one) for one in value]
    return "、".join(pieces) or "–"
