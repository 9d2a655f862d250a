"""Shapes and small helpers that all of the forecast shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cheyi.kernel import Refused

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MONTHS_A_YEAR = 12
DAYS_A_MONTH = 30.0
BLOCK = 2048


def blocks(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cut ``rows`` into pieces which stay in the processor's cache."""
    for start in range(0, rows, size):
        yield slice(start, min(start + size, rows))


def one_each(name: str, value: ArrayLike, rows: int) -> Floats:
    """A number, or one a part, as one a part. Raises Refused ``parts.demand.wrong_shape`` (facts ``column``, ``cells``)."""
    given = np.asarray(value, dtype=np.float64)
    if given.shape not in {(), (rows,)}:
        raise Refused("parts.demand.wrong_shape", column=name, cells=" × ".join(map(str, given.shape)))
    return np.broadcast_to(given, (rows,)).astype(np.float64)


def running(values: Floats) -> Floats:
    """Sums from the first month up to before each month: shape parts × (months + 1), first column 0."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums
