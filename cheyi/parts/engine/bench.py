"""Measures the demand forecast on a table of parts and months: ``cheyi bench parts``.

The engine and the classic methods see the same months before each origin and are compared on those after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from cheyi.kernel import Refused
from cheyi.parts.engine.bench_table import Table, read_table

if TYPE_CHECKING:
    from cheyi.parts.engine.demand.trials import Race

FILLS = (0.90, 0.95, 0.97)
LEAST_MONTHS = 10


@dataclass(frozen=True, eq=False)
class Result:
    """How a table was read and what each method needed; ``cpu_seconds`` include reading the file and loading NumPy."""

    table: Table
    race: Race
    cpu_seconds: float

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed, one fact to a line."""
        months = len(self.table.demand[0])
        priced = "with prices" if self.table.prices else "without prices"
        head = f"parts {len(self.table.demand)} months {months} ({self.table.shape}, {priced})"
        return (head, *self.race.lines, f"cpu_seconds {self.cpu_seconds:.1f}")


def run(series: Path) -> Result:
    """Read a table and measure all methods on it.

    Raises Refused as `bench_table.read_table`, `demand.history.clean`, and ``parts.bench.too_few_months`` (facts
    ``months``, ``least``) or ``parts.bench.no_demand`` when there is nothing to compare.
    """
    began = process_time()
    table = read_table(series)
    months = len(table.demand[0])
    if months < LEAST_MONTHS:
        raise Refused("parts.bench.too_few_months", months=months, least=LEAST_MONTHS)
    from cheyi.parts.engine.demand.trials import race  # noqa: PLC0415 NumPy is for batches only

    found = race(table.demand, table.prices, fills=FILLS)
    return Result(table, found, process_time() - began)


def bench_parts(series: Path) -> tuple[str, ...]:
    """The lines that ``cheyi bench parts --series FILE`` prints. Raises Refused as `run`."""
    return run(series).lines
