"""A floor and its placed steps as plain lists for JSON, so that the planning child needs nothing but the text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cheyi.workshop.engine.calendar import Calendar
from cheyi.workshop.engine.floor import Floor, Pin, Placed, Step
from cheyi.workshop.engine.sequence import Limits

Row = tuple[int, int, list[int], int, int]


def packed(floor: Floor, placed: list[Placed | None], limits: Limits) -> dict[str, Any]:
    """What the child is asked: JSON keys are texts, so mappings by number travel as pairs."""
    steps = []
    for step in floor.steps:
        plain = asdict(step)
        for name in ("minutes", "above", "liking"):
            plain[name] = sorted(plain[name].items())
        steps.append(plain)
    plain = {name: getattr(floor, name) for name in ("now", "hv_until", "place_count", "due", "weight")}
    calendars = [asdict(one) for one in floor.calendars]
    return {"floor": plain | {"steps": steps, "calendars": calendars}, "placed": rows(placed), "limits": asdict(limits)}


def unpacked(asked: dict[str, Any]) -> tuple[Floor, list[Placed | None], Limits]:
    """The same on the child's side."""
    plain = asked["floor"]
    floor = Floor(
        now=plain["now"],
        steps=tuple(_step(one) for one in plain["steps"]),
        calendars=tuple(Calendar(**{name: tuple(part) for name, part in one.items()}) for one in plain["calendars"]),
        hv_until=tuple(plain["hv_until"]),
        place_count=plain["place_count"],
        due=tuple(plain["due"]),
        weight=tuple(plain["weight"]),
    )
    return floor, placed_from(asked["placed"]), Limits(**asked["limits"])


def _step(plain: dict[str, Any]) -> Step:
    return Step(
        **plain
        | {
            "minutes": dict(plain["minutes"]),
            "above": dict(plain["above"]),
            "liking": dict(plain["liking"]),
            "places": tuple(tuple(group) for group in plain["places"]),
            "after": tuple(plain["after"]),
            "pin": Pin(**plain["pin"]) if plain["pin"] else None,
        }
    )


def rows(placed: list[Placed | None]) -> list[Row | None]:
    """Placed steps as rows."""
    return [(one.step, one.technician, list(one.places), one.start, one.end) if one else None for one in placed]


def placed_from(plain: list[Row | None]) -> list[Placed | None]:
    """Rows as placed steps."""
    return [Placed(row[0], row[1], tuple(row[2]), row[3], row[4]) if row else None for row in plain]
