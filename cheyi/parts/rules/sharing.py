"""Which pieces go to whom: first expiring lot first, oldest promise first (domain.md 5.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cheyi.kernel import Quantity

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Want:
    """A line that still needs a quantity of a part; ``promised_at`` is when its car is to be ready."""

    line_id: int
    part_id: int
    quantity: Quantity
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one balance row could still give."""

    balance_id: int
    part_id: int
    free: Quantity
    expires_on: date | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """A quantity of a balance row for a line."""

    line_id: int
    balance_id: int
    quantity: Quantity


def by_promise(wants: Iterable[Want]) -> list[Want]:
    """Oldest promise first; those without one after all others, in the order in which they were asked for."""
    return sorted(wants, key=lambda want: (want.promised_at or NEVER, want.line_id))


class Shelves:
    """What is free of some parts on one day, handed out piece by piece; a lot past its last day is left standing."""

    def __init__(self, shelves: Iterable[Shelf], *, on: date) -> None:
        """``on`` is the store's business date: a lot may be used on its last day, not after it."""
        self._free: dict[int, Quantity] = {}
        self._by_part: dict[int, list[Shelf]] = {}
        self._expired: dict[int, Quantity] = {}
        for shelf in sorted(shelves, key=_first_expiring):
            if shelf.expires_on is not None and shelf.expires_on < on:
                self._expired[shelf.part_id] = self.expired(shelf.part_id) + shelf.free
                continue
            self._by_part.setdefault(shelf.part_id, []).append(shelf)
            self._free[shelf.balance_id] = shelf.free

    def free(self, part_id: int) -> Quantity:
        """What could still be handed out of a part."""
        return sum((self._free[shelf.balance_id] for shelf in self._by_part.get(part_id, ())), Quantity(0))

    def expired(self, part_id: int) -> Quantity:
        """What is left standing of a part because its lot is past its last day."""
        return self._expired.get(part_id, Quantity(0))

    def take(self, want: Want) -> list[Take]:
        """As much as there is for one line, first expiring lot first, and take it off the shelves."""
        takes: list[Take] = []
        left = want.quantity
        for shelf in self._by_part.get(want.part_id, ()):
            piece = min(left, self._free[shelf.balance_id])
            if piece:
                takes.append(Take(want.line_id, shelf.balance_id, piece))
                self._free[shelf.balance_id] -= piece
                left -= piece
        return takes

    def serve(self, wants: Sequence[Want]) -> list[Take]:
        """Serve the lines one after the other, in the order given."""
        return [take for want in wants for take in self.take(want)]


def _first_expiring(shelf: Shelf) -> tuple[bool, date, bool, date, int]:
    return (
        shelf.expires_on is None,
        shelf.expires_on or date.max,
        shelf.received_on is None,
        shelf.received_on or date.max,
        shelf.balance_id,
    )
