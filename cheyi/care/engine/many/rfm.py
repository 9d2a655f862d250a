"""Scores and classes of all customers at once (domain.md 6.7), by fixed cuts or by fifths of the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cheyi.care.engine.many import columns
from cheyi.care.engine.many.columns import NO_FAULT, Marks, Whole
from cheyi.care.engine.rfm import CLASSES, USUAL, Cuts, counted_from, value_of
from cheyi.kernel import Refused

UNKNOWN = -1
FIFTHS = 5


@dataclass(frozen=True, eq=False)
class Customers:
    """Per customer the day of the last paid visit (``datetime64``, NaT for none), and visits and fen of the last 24 months."""

    last_paid_on: ArrayLike
    visits: ArrayLike
    paid_fen: ArrayLike
    left_out: int = 0


@dataclass(frozen=True, eq=False)
class Classified:
    """Per customer three scores (0 where unknown), the place of the class in ``CLASSES`` (−1 where unknown), and the fault.

    ``faults`` are places in ``columns.FAULTS``; a customer who never paid is unknown with ``no_day``.
    """

    recency: Marks
    frequency: Marks
    money: Marks
    values: Marks
    faults: Marks

    @property
    def counts(self) -> dict[str, int]:
        """How many customers each class has."""
        return columns.counted(self.values, CLASSES)

    @property
    def unknown(self) -> dict[str, int]:
        """How many are unknown, by fault."""
        return {name: count for name, count in columns.counted(self.faults, columns.FAULTS).items() if name}


def classify(customers: Customers, *, today: date, cuts: Cuts | None = USUAL) -> Classified:
    """Scores and classes; without cuts every score is the fifth of the file that the customer is in, equals sharing one.

    Raises Refused ``care.columns.different_lengths`` and ``.wrong_kind``; what is wrong with a cell is told per row.
    """
    paid_on = columns.days("last_paid_on", customers.last_paid_on, today=today)
    visits = columns.whole("visits", customers.visits)
    paid = columns.whole("paid_fen", customers.paid_fen)
    columns.equally_long(last_paid_on=len(paid_on.values), visits=len(visits.values), paid_fen=len(paid.values))
    faults = columns.first_fault(paid_on, visits, paid)
    sound = faults == NO_FAULT
    days = columns.number_of(today) - paid_on.values
    if cuts is None:
        scores = (6 - _fifths(days, sound), _fifths(visits.values, sound), _fifths(paid.values, sound))
    else:
        scores = _by_cuts(days, visits.values, paid.values, cuts)
    recency, frequency, money = (np.where(sound, score, 0).astype(np.int8) for score in scores)
    values = np.where(sound, _TABLE[recency, frequency, money], UNKNOWN).astype(np.int8)
    return Classified(recency, frequency, money, values, faults)


def gather(
    customer: ArrayLike, visited_on: ArrayLike, paid_fen: ArrayLike, *, customers: int, today: date
) -> Customers:
    """What `classify` needs from one row per visit: the customer's place (from 0), the day, the fen he paid himself.

    Every visit of the last 24 months counts for frequency, one with more than 0 fen for recency at any age; a refund is a row
    with less than 0 and lowers the money only. Rows with a fault are left out and counted in ``left_out``. A customer's money
    may come out below 0, which `classify` marks. Raises Refused as `classify`, and ``care.rfm.no_such_customer``
    (facts ``place``, ``customers``).
    """
    who = columns.whole("customer", customer)
    on = columns.days("visited_on", visited_on, today=today)
    paid = columns.whole("paid_fen", paid_fen, least=-columns.LARGEST)
    columns.equally_long(customer=len(who.values), visited_on=len(on.values), paid_fen=len(paid.values))
    sound = columns.first_fault(who, on, paid) == NO_FAULT
    places, days, fen = who.values[sound], on.values[sound], paid.values[sound]
    if len(places) and places.max() >= customers:
        raise Refused("care.rfm.no_such_customer", place=int(places.max()), customers=customers)
    last = np.full(customers, -1, np.int64)
    np.maximum.at(last, places[fen > 0], days[fen > 0])
    counted = days >= columns.number_of(counted_from(today))
    return Customers(
        last_paid_on=np.where(last >= 0, last, np.iinfo(np.int64).min).astype("datetime64[D]"),
        visits=np.bincount(places[counted & (fen >= 0)], minlength=customers),
        paid_fen=_sums(places[counted], fen[counted], customers),
        left_out=int((~sound).sum()),
    )


def _sums(places: Whole, fen: Whole, customers: int) -> Whole:
    """Exact sums: whole numbers, not the floats of a weighted count."""
    found = np.zeros(customers, np.int64)
    np.add.at(found, places, fen)
    return found


def _by_cuts(days: Whole, visits: Whole, paid: Whole, cuts: Cuts) -> tuple[Whole, Whole, Whole]:
    money = [cut.parts for cut in cuts.paid]
    return (
        5 - np.searchsorted(cuts.days, days, side="left"),
        1 + np.searchsorted(cuts.visits, visits, side="right"),
        1 + np.searchsorted(money, paid, side="right"),
    )


def _fifths(values: Whole, sound: NDArray[np.bool_]) -> Whole:
    """1 for the lowest fifth to 5 for the highest; equal values share the fifth of the middle of their places."""
    counted = np.sort(values[sound])
    below = np.searchsorted(counted, values, side="left")
    upto = np.searchsorted(counted, values, side="right")
    found: Whole = 1 + np.minimum(FIFTHS * (below + upto) // (2 * max(len(counted), 1)), FIFTHS - 1)
    return found


def _table() -> Marks:
    found = np.full((6, 6, 6), UNKNOWN, np.int8)
    for r, f, m in np.ndindex(5, 5, 5):
        found[r + 1, f + 1, m + 1] = CLASSES.index(value_of(r + 1, f + 1, m + 1))
    return found


_TABLE = _table()
