"""Who made a car, by the first three characters of its VIN (WMI): a small list of makers often seen."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "wmi.csv"


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker's name in both languages."""

    name: str
    name_en: str


@functools.cache
def makers() -> dict[str, Maker]:
    """The list: WMI to maker."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["wmi"]: Maker(row["maker"], row["maker_en"]) for row in csv.DictReader(lines)}


def maker_of(vin: str) -> Maker | None:
    """The maker of a car by its VIN in normal form; None for one that is not on the list."""
    return makers().get(vin[:3]) if len(vin) == 17 else None
