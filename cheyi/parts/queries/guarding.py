"""The wrong-part guard over the catalogue's tables: does a number exist, is it current, does it fit, is it confusable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cheyi.parts.engine.fitment import Car, FitRule
from cheyi.parts.engine.guard import Judgement, KnownPart
from cheyi.parts.engine.guard import judge as judge_with
from cheyi.parts.engine.numbers import near_keys
from cheyi.parts.models import Fitment, LookAlike, Part


@dataclass(frozen=True, slots=True)
class PartsTable:
    """The guard's catalogue: exact numbers by index, near ones by shared look-alike keys."""

    with_fits: bool = False

    def exact(self, number: str) -> Sequence[KnownPart]:
        """The parts with this number in normal form, one per brand."""
        parts = list(Part.objects.filter(number_key=number).select_related("superseded_by"))
        fits = fits_of([part.pk for part in parts]) if self.with_fits else {}
        return [known(part, fits.get(part.pk, ())) for part in parts]

    def near(self, number: str) -> Iterable[KnownPart]:
        """The parts that share a look-alike key."""
        sharing = LookAlike.objects.filter(key__in=near_keys(number)).values("part_id")
        rows = Part.objects.filter(pk__in=sharing).exclude(number_key=number).select_related("superseded_by")
        return [known(part) for part in rows]


def judge(text: str, *, car: Car | None = None, brand: str = "", scanned: bool = False) -> Judgement:
    """Judge a number that is about to meet a job (intelligence.md 3); with no car, a shelf. At most six queries.

    Raises Refused ``parts.part.superseded_in_a_circle``.
    """
    return judge_with(text, catalogue=PartsTable(with_fits=car is not None), car=car, brand=brand, scanned=scanned)


def known(part: Part, fits: tuple[FitRule, ...] = ()) -> KnownPart:
    """A part as the guard sees it."""
    return KnownPart(
        key=part.pk,
        number=part.number_key,
        label=part.part_no,
        name=part.name,
        brand=part.brand,
        live=part.active,
        superseded_by=part.superseded_by.number_key if part.superseded_by else "",
        fits=fits,
    )


def fits_of(part_ids: Collection[int]) -> dict[int, tuple[FitRule, ...]]:
    """The catalogue lines on which cars some parts fit, as the guard reads them. One query."""
    found: dict[int, list[FitRule]] = defaultdict(list)
    rows = Fitment.objects.filter(part_id__in=part_ids).select_related("brand", "series__brand", "model__series__brand")
    for row in rows.order_by("pk"):
        series = row.model.series if row.model else row.series
        brand = series.brand if series else row.brand
        found[row.part_id].append(
            FitRule(
                brand=brand.name if brand else "",
                series=series.name if series else "",
                model=row.model.name if row.model else "",
                year_from=row.year_from or 0,
                year_to=row.year_to or 0,
                vin_from=row.vin_from,
                vin_to=row.vin_to,
                engine_code=row.engine_code,
                battery_code=row.battery_code,
                excluded=row.excluded,
            )
        )
    return {part_id: tuple(rules) for part_id, rules in found.items()}
