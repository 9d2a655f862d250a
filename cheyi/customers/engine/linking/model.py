"""What was learned about a table, and the odds it gives to any pair of its records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine import id_numbers
from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.comparing import Compared, compare
from cheyi.customers.engine.linking.likeness import CLOSE, EQUAL, MISSING, NEAR, Indexes
from cheyi.customers.engine.linking.sounds import ALIKE, SURNAME
from cheyi.customers.engine.linking.weights import Floats, Weights, scores

CHUNK = 300_000
QUESTION = -1.0
HARD = ("phone", "plate", "vin", "id_number")
VETOES = ("", "two_id_numbers", "two_owners", "other_name", "kept_apart")


@dataclass(frozen=True, eq=False)
class Model:
    """The table, its weights, and the pairs (lower record first) that a person has said are not one.

    ``strict``: two full names that are not alike are never one, whatever they share; names that are alike but not
    equal in sound (brothers are often one character apart) need a telephone, car or ID number in common.
    """

    table: Table
    weights: Weights
    apart: frozenset[tuple[int, int]] = frozenset()
    strict: bool = False

    def odds(self, one: Indexes, other: Indexes, *, question: float = QUESTION) -> Floats:
        """Log2 odds that the records of each pair are one entity; minus infinity where they must not be.

        At most ``question`` where only one thing agrees and it is no number of one's own, as a name: that is a
        question, not an answer.
        """
        parts = (slice(start, start + CHUNK) for start in range(0, len(one), CHUNK))
        return np.concatenate(
            [np.zeros(0), *(self.odds_of(compare(self.table, one[part], other[part]), question) for part in parts)]
        )

    def odds_of(self, compared: Compared, question: float = QUESTION) -> Floats:
        """The same for pairs that are compared already."""
        odds = scores(self.table, compared, self.weights)
        odds = np.where(self._alone(compared), np.minimum(odds, question), odds)
        return np.where(self.vetoes(compared) > 0, -np.inf, odds)

    def _alone(self, compared: Compared) -> NDArray[np.bool_]:
        """Where only one of several columns agrees, or a name stands alone, and it is no number of one's own."""
        agreeing = (compared.levels >= EQUAL) & (compared.levels <= NEAR)
        own = [number for number, column in enumerate(self.table.columns) if column.kind not in ("text", "person")]
        one = (agreeing.sum(axis=0) <= 1) & ~agreeing[own].any(axis=0)
        return np.asarray(one & (len(self.table.columns) > 1 or self.table.columns[0].kind == "person"))

    def vetoes(self, compared: Compared) -> NDArray[np.int8]:
        """Why each pair must stay apart: a place in VETOES, 0 for no reason.

        Two right and different ID numbers; one VIN under two full names, its two owners; what a person decided.
        """
        result = np.zeros(len(compared.one), np.int8)
        for number, sound in self._sound_ids.items():
            column, level = self.table.columns[number], compared.levels[number]
            both = sound[column.codes[compared.one, 0]] & sound[column.codes[compared.other, 0]]
            result[both & (level != EQUAL) & (level != MISSING)] = 1
        for person in self._places("person"):
            strangers = (compared.levels[person] >= SURNAME) & (result == 0)
            for vin in self._places("vin"):
                result[(compared.levels[vin] == EQUAL) & strangers] = 2
            if self.strict:
                hard = [number for kind in HARD for number in self._places(kind)]
                levels = compared.levels[hard]
                tied = ((levels >= EQUAL) & (levels <= CLOSE)).any(axis=0)
                brothers = (compared.levels[person] == ALIKE) & ~tied
                result[(strangers | brothers) & (result == 0)] = 3
        if self.apart:
            for place, pair in enumerate(zip(compared.one.tolist(), compared.other.tolist(), strict=True)):
                if (min(pair), max(pair)) in self.apart:
                    result[place] = 4
        return result

    def _places(self, kind: str) -> list[int]:
        return [number for number, column in enumerate(self.table.columns) if column.kind == kind]

    @cached_property
    def _sound_ids(self) -> dict[int, NDArray[np.bool_]]:
        """Which values of each column of ID numbers are right."""
        return {number: _sound(self.table.columns[number]) for number in self._places("id_number")}


def _sound(column: Column) -> NDArray[np.bool_]:
    return np.fromiter((id_numbers.check(value).valid for value in column.values), np.bool_, len(column.values))
