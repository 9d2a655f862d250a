"""Who inherits the demand of a superseded number: chains, one old number for several new ones, other pack contents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cheyi.kernel import Refused, half_up

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Superseded:
    """``takes`` pieces of the new number do what ``instead_of`` pieces of the old one did.

    Where an old number has several new ones, ``share`` (ten-thousandths) says how much of its demand each one inherits; the
    shares add up to 10,000. A new part that is needed beside another one has its own whole share: ``beside``.
    """

    old: int
    new: int
    on: date | None = None
    takes: int = 1
    instead_of: int = 1
    share: int = WHOLE
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Heirs:
    """The living numbers of all superseded ones; every part that is not superseded is its own heir."""

    _links: Mapping[int, tuple[Superseded, ...]] = field(default_factory=dict)
    _ancestors: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def of(self, part: int, amount: int) -> list[tuple[int, int]]:
        """Each living number with what it inherits of the amount (thousandths), half up at each ratio; shares lose nothing."""
        found: dict[int, int] = {}
        waiting = [(part, amount)]
        while waiting:
            number, mine = waiting.pop()
            links = self._links.get(number)
            if links:
                waiting += reversed(list(_inherited(links, mine)))
            else:
                found[number] = found.get(number, 0) + mine
        return list(found.items())

    def superseded_on(self, part: int) -> date | None:
        """The day on which the number was superseded, if that is known."""
        days = [link.on for link in self._links.get(part, ()) if link.on is not None]
        return max(days) if days else None

    def ancestors(self, part: int) -> frozenset[int]:
        """All numbers whose demand this one inherits."""
        return self._ancestors.get(part, frozenset())


def _inherited(links: Iterable[Superseded], amount: int) -> Iterable[tuple[int, int]]:
    """What each direct successor inherits."""
    parted, taken = 0, 0
    for link in links:
        mine = amount
        if not link.beside:
            parted += link.share
            mine = half_up(amount * parted, WHOLE) - taken
            taken += mine
        yield link.new, half_up(mine * link.takes, link.instead_of)


def heirs(links: Iterable[Superseded], names: Mapping[int, str] | None = None) -> Heirs:
    """Who inherits from whom; ``names`` are the part numbers to name in a refusal.

    Raises Refused ``parts.history.superseded_in_a_circle`` (fact ``numbers``: the circle), ``.shares_do_not_add_up`` and
    ``.ratio_not_positive`` (facts ``number``, …).
    """
    table: dict[int, list[Superseded]] = {}
    for link in sorted(set(links), key=lambda one: (one.old, one.new)):
        if link.takes <= 0 or link.instead_of <= 0:
            raise Refused(
                "parts.history.ratio_not_positive",
                number=_named(link.old, names),
                takes=link.takes,
                instead_of=link.instead_of,
            )
        table.setdefault(link.old, []).append(link)
    for old, following in table.items():
        shares = [link.share for link in following if not link.beside]
        if sum(shares) != WHOLE or min(shares) <= 0:
            raise Refused("parts.history.shares_do_not_add_up", number=_named(old, names), shares=str(sum(shares)))
    order = _oldest_last(table, names)
    ancestors: dict[int, set[int]] = {}
    for old in reversed(order):
        for link in table.get(old, ()):
            ancestors.setdefault(link.new, set()).update({old}, ancestors.get(old, ()))
    return Heirs(
        {old: tuple(following) for old, following in table.items()},
        {new: frozenset(found) for new, found in ancestors.items()},
    )


def _named(part: int, names: Mapping[int, str] | None) -> str:
    return (names or {}).get(part, str(part))


def _oldest_last(table: Mapping[int, list[Superseded]], names: Mapping[int, str] | None) -> list[int]:
    """All numbers, each after those that follow it; walks without recursion, so that a long chain costs nothing but time."""
    done: dict[int, bool] = {}
    order: list[int] = []
    for begin in table:
        path: list[tuple[int, int]] = [(begin, 0)] if begin not in done else []
        while path:
            part, at = path.pop()
            done.setdefault(part, False)
            following = table.get(part, ())
            if at == len(following):
                done[part] = True
                order.append(part)
                continue
            path.append((part, at + 1))
            new = following[at].new
            if done.get(new) is False:
                circle = [old for old, _ in path]
                circle = [*circle[circle.index(new) :], new]
                raise Refused(
                    "parts.history.superseded_in_a_circle", numbers=" → ".join(_named(one, names) for one in circle)
                )
            if new not in done:
                path.append((new, 0))
    return order
