"""Before buying: the cheapest plan that moves idle stock between stores, and what then remains to buy (intelligence.md 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cheyi.kernel import Money, Quantity, Reason, Refused

ONE = Quantity(Quantity.PER_UNIT)
NOTHING = Quantity(0)
LARGEST_FEN = 10**12
LARGEST_STEPS = 10**13


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a store would have to buy."""

    store: int
    part: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a store has of a part: only what is beyond its reservations and its own level is ever given away.

    ``idle_days`` is how long it has not moved; ``worth`` what one unit beyond the level is worth where it lies (``slow``).
    """

    store: int
    part: int
    on_hand: Quantity
    level: Quantity
    reserved: Quantity = NOTHING
    idle_days: int = 0
    worth: Money = Money(0)

    @property
    def spare(self) -> Quantity:
        """Beyond reservations and the own level, never below 0."""
        return max(self.on_hand - self.reserved - max(self.level, NOTHING), NOTHING)


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of a part costs to buy; ``pack`` is how it is bought, opened for a transfer unless ``whole_packs``."""

    part: int
    unit_cost: Money
    step: Quantity = ONE
    pack: Quantity = ONE
    whole_packs: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """From a store to another: minutes, and what moving one unit costs."""

    giver: int
    taker: int
    minutes: int
    unit_cost: Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move so much: ``cost`` of the way, ``saved`` against buying it (the way and its worth at the giver taken off)."""

    giver: int
    taker: int
    part: int
    quantity: Quantity
    minutes: int
    cost: Money
    saved: Money
    keeps: Quantity
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """Buy so much, whole packs, at this cost, and why it is not moved."""

    store: int
    part: int
    quantity: Quantity
    cost: Money
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Transfers and purchases by part and store; ``saved`` against buying all that was wanted."""

    transfers: tuple[Transfer, ...]
    purchases: tuple[Purchase, ...]

    @property
    def saved(self) -> Money:
        """What the transfers save together."""
        return Money(sum(one.saved.fen for one in self.transfers))


@dataclass(frozen=True, slots=True)
class Arc:
    """A way that could be used: how many steps of the part at most, and the fen for one whole unit."""

    shelf: Shelf
    way: Way
    wanted: int
    most: int
    fen: int


@dataclass(frozen=True, slots=True)
class PartCase:
    """One part of the group: needs by store and spare stock by store in steps, ways that are cheaper than buying, in order."""

    price: Price
    unit: int
    needs: tuple[tuple[int, int], ...]
    spare: Mapping[int, int]
    arcs: tuple[Arc, ...]


def plan(
    wanted: Iterable[Wanted],
    shelves: Iterable[Shelf],
    prices: Iterable[Price],
    ways: Iterable[Way],
    *,
    names: Mapping[int, str] | None = None,
) -> Plan:
    """The plan of least cost: ways and worth of what is moved, price of what is bought.

    A minimum-cost flow, exact for each part (parts do not touch each other); among equal plans the nearer giver and the one
    whose stock lies idle longer. A store never gives to itself, nor what it wants itself. Of a part that is bought in packs
    and moved in pieces, what would not save a pack is not moved. ``names`` are the stores' names for the reasons.

    Raises Refused ``parts.pooling.quantity_negative``, ``.cost_negative``, ``.price_missing``, ``.listed_twice`` and
    ``.too_large``, each with the part.
    """
    priced = _priced(prices)
    needs = _needs(wanted, priced)
    stock = _stock(shelves, needs)
    roads = _roads(ways)
    cases = [_case(priced[part], needs[part], stock.get(part, {}), roads) for part in sorted(needs)]
    flows = iter(_solved([case for case in cases if case.arcs]))
    transfers: list[Transfer] = []
    purchases: list[Purchase] = []
    for case in cases:
        moved = _worth_moving(case, next(flows)) if case.arcs else []
        here = _Named(case, stock.get(case.price.part, {}), names or {})
        transfers += here.transfers(moved)
        purchases += here.purchases(moved, roads)
    return Plan(tuple(transfers), tuple(purchases))


def _priced(prices: Iterable[Price]) -> dict[int, Price]:
    found: dict[int, Price] = {}
    for price in prices:
        if price.part in found:
            raise Refused("parts.pooling.listed_twice", part=price.part)
        if not 0 <= price.unit_cost.fen <= LARGEST_FEN:
            raise Refused("parts.pooling.cost_negative", part=price.part, cost=str(price.unit_cost))
        if price.step.parts <= 0 or price.pack.parts <= 0:
            raise Refused("parts.pooling.quantity_negative", part=price.part, quantity=str(min(price.step, price.pack)))
        found[price.part] = price
    return found


def _needs(wanted: Iterable[Wanted], prices: Mapping[int, Price]) -> dict[int, dict[int, int]]:
    """Thousandths by part and store."""
    found: dict[int, dict[int, int]] = {}
    for one in wanted:
        if one.quantity.parts < 0:
            raise Refused("parts.pooling.quantity_negative", part=one.part, quantity=str(one.quantity))
        if one.part not in prices:
            raise Refused("parts.pooling.price_missing", part=one.part)
        if one.quantity:
            stores = found.setdefault(one.part, {})
            stores[one.store] = stores.get(one.store, 0) + one.quantity.parts
            if stores[one.store] > LARGEST_STEPS:
                raise Refused("parts.pooling.too_large", part=one.part, quantity=str(one.quantity))
    return found


def _stock(shelves: Iterable[Shelf], needs: Mapping[int, object]) -> dict[int, dict[int, Shelf]]:
    found: dict[int, dict[int, Shelf]] = {}
    for shelf in shelves:
        if shelf.on_hand.parts < 0 or shelf.reserved.parts < 0:
            quantity = min(shelf.on_hand, shelf.reserved)
            raise Refused("parts.pooling.quantity_negative", part=shelf.part, quantity=str(quantity))
        if not 0 <= shelf.worth.fen <= LARGEST_FEN:
            raise Refused("parts.pooling.cost_negative", part=shelf.part, cost=str(shelf.worth))
        if shelf.part in needs:
            stores = found.setdefault(shelf.part, {})
            if shelf.store in stores:
                raise Refused("parts.pooling.listed_twice", part=shelf.part)
            stores[shelf.store] = shelf
    return found


def _roads(ways: Iterable[Way]) -> dict[tuple[int, int], Way]:
    """The cheapest, then quickest way between two stores."""
    found: dict[tuple[int, int], Way] = {}
    for way in ways:
        if way.minutes < 0 or not 0 <= way.unit_cost.fen <= LARGEST_FEN:
            raise Refused("parts.pooling.way_negative", minutes=way.minutes, cost=str(way.unit_cost))
        ends = way.giver, way.taker
        known = found.get(ends)
        if known is None or (way.unit_cost.fen, way.minutes) < (known.unit_cost.fen, known.minutes):
            found[ends] = way
    return found


def _case(
    price: Price, needs: Mapping[int, int], shelves: Mapping[int, Shelf], roads: Mapping[tuple[int, int], Way]
) -> PartCase:
    unit = price.pack.parts if price.whole_packs else price.step.parts
    wanted = {store: -(-quantity // unit) for store, quantity in sorted(needs.items())}
    spare = {
        store: min(shelf.spare.parts // unit, LARGEST_STEPS)
        for store, shelf in sorted(shelves.items())
        if store not in wanted
    }
    arcs = [
        Arc(shelves[giver], roads[giver, taker], need, min(some, need), fen)
        for taker, need in wanted.items()
        for giver, some in spare.items()
        if some and (giver, taker) in roads
        for fen in [roads[giver, taker].unit_cost.fen + shelves[giver].worth.fen]
        if fen < price.unit_cost.fen
    ]
    arcs.sort(key=lambda arc: (arc.fen, arc.way.minutes, -arc.shelf.idle_days, arc.way.giver, arc.way.taker))
    return PartCase(price, unit, tuple(wanted.items()), spare, tuple(arcs))


def _solved(cases: Sequence[PartCase]) -> Iterator[list[int]]:
    """How many units go over each arc of each case; the solver is loaded only when there is something to solve."""
    if not cases:
        return iter(())
    from cheyi.parts.engine.pooling_flow import flows  # noqa: PLC0415 - OR-Tools only when stock is pooled

    return flows(cases)


Moved = list[tuple[Arc, int]]


def _worth_moving(case: PartCase, flow: Sequence[int]) -> Moved:
    """The flow without what would not save a pack, the dearest ways first."""
    moved = {at: units for at, units in enumerate(flow) if units}
    pack = case.price.pack.parts
    if not case.price.whole_packs:
        for store, need in case.needs:
            mine = [at for at in moved if case.arcs[at].way.taker == store]
            rest = (need - sum(moved[at] for at in mine)) * case.unit
            surplus = (-rest % pack) // case.unit
            for at in reversed(mine):
                off = min(surplus, moved[at])
                moved[at], surplus = moved[at] - off, surplus - off
    return [(case.arcs[at], units) for at, units in moved.items() if units]


class _Named:
    """One part's answer in quantities, money and reasons."""

    def __init__(self, case: PartCase, shelves: Mapping[int, Shelf], names: Mapping[int, str]) -> None:
        self.case = case
        self.shelves = shelves
        self.names = names

    def name(self, store: int) -> str:
        return self.names.get(store, str(store))

    def transfers(self, moved: Moved) -> Iterator[Transfer]:
        leaves = {store: shelf.on_hand for store, shelf in self.shelves.items()}
        for arc, units in moved:
            leaves[arc.way.giver] -= Quantity(units * self.case.unit)
        for arc, units in sorted(moved, key=lambda one: (one[0].way.taker, one[0].way.giver)):
            quantity = Quantity(units * self.case.unit)
            giver, shelf = self.name(arc.way.giver), arc.shelf
            cost = arc.way.unit_cost.times(quantity)
            saved = self.case.price.unit_cost.times(quantity) - cost - shelf.worth.times(quantity)
            reasons = [
                Reason("moved_instead_of_bought", giver=giver, quantity=quantity, minutes=arc.way.minutes, saved=saved),
                Reason("giver_keeps", giver=giver, keeps=leaves[arc.way.giver], level=max(shelf.level, NOTHING)),
            ]
            if shelf.idle_days > 0:
                reasons.append(Reason("lies_idle", giver=giver, days=shelf.idle_days))
            yield Transfer(
                giver=arc.way.giver,
                taker=arc.way.taker,
                part=self.case.price.part,
                quantity=quantity,
                minutes=arc.way.minutes,
                cost=cost,
                saved=saved,
                keeps=leaves[arc.way.giver],
                reasons=tuple(reasons),
            )

    def purchases(self, moved: Moved, roads: Mapping[tuple[int, int], Way]) -> Iterator[Purchase]:
        price = self.case.price
        for store, need in self.case.needs:
            came = sum(units for arc, units in moved if arc.way.taker == store)
            rest = (need - came) * self.case.unit
            if rest <= 0:
                continue
            quantity = Quantity(-(-rest // price.pack.parts) * price.pack.parts)
            cost = price.unit_cost.times(quantity)
            reasons = [Reason("buy_rest", quantity=quantity, cost=cost), *self._why_not(store, moved, roads)]
            yield Purchase(store, price.part, quantity, cost, tuple(reasons))

    def _why_not(self, store: int, moved: Moved, roads: Mapping[tuple[int, int], Way]) -> Iterator[Reason]:
        """Why the rest is not moved: the first giver that has more than it gives, or that there is none."""
        price = self.case.price
        given: dict[int, int] = {}
        for arc, units in moved:
            given[arc.way.giver] = given.get(arc.way.giver, 0) + units
        left = [giver for giver, some in self.case.spare.items() if some > given.get(giver, 0)]
        near = [giver for giver in left if (giver, store) in roads]
        if near:
            fen, giver = min((roads[one, store].unit_cost.fen + self.shelves[one].worth.fen, one) for one in near)
            if fen >= price.unit_cost.fen:
                yield Reason("not_cheaper", giver=self.name(giver), cost=Money(fen), price=price.unit_cost)
            else:
                yield Reason("saves_no_pack", giver=self.name(giver), pack=price.pack)
        elif left:
            yield Reason("too_far", giver=self.name(left[0]))
        elif any(self.shelves[giver].spare and not some for giver, some in self.case.spare.items()):
            yield Reason("packs_not_opened", pack=Quantity(self.case.unit))
        else:
            yield Reason("no_idle_stock")
