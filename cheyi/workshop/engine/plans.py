"""Plans for the outside: placed steps become assignments with reasons, and the rule's plan is one call."""

from __future__ import annotations

from cheyi.kernel import Reason
from cheyi.workshop.engine.calendar import minute_of, moment_of
from cheyi.workshop.engine.explain import Ends, ends_of, reasons
from cheyi.workshop.engine.floor import Placed, costs
from cheyi.workshop.engine.ground import Ground, lay
from cheyi.workshop.engine.model import Assignment, Cost, Plan, Shop, Unplanned
from cheyi.workshop.engine.rule import Tuning, best_base, simulate


def plan_by_rule(shop: Shop, *, published: Plan | None = None, tuning: Tuning | None = None) -> Plan:
    """The rule's plan: what is shown at once, in some 10 ms for a day of 40-75 orders.

    ``published`` is the plan people see now: its starts within 15 minutes stay, and technicians change only where it
    pays. With a ``tuning`` the one simulation asked for is made. Raises Refused as ``ground.lay``.
    """
    ground = lay(shop, published=published)
    return plan_of(ground, simulate(ground.floor, tuning) if tuning else best_base(ground.floor))


def plan_of(ground: Ground, placed: list[Placed | None]) -> Plan:
    """A plan with reasons and cost from placed steps, in order of start, technician and task."""
    ends = ends_of(ground.floor, placed)
    assignments = [_assignment(ground, ends, one) for one in placed if one is not None]
    unplaced = [_unplaced(ground, placed, at) for at, one in enumerate(placed) if one is None]
    sums = costs(ground.floor, placed)
    return Plan(
        made_at=ground.shop.now,
        assignments=tuple(sorted(assignments, key=lambda one: (one.start, one.technician, one.task))),
        unplanned=(*ground.unplanned, *unplaced),
        cost=Cost(sums.late, sums.near, sums.flow, sums.above, sums.changed, sums.peak, sums.total),
    )


def placed_of(ground: Ground, plan: Plan) -> list[Placed | None]:
    """The plan's assignments as placed steps of a floor; those of people, tasks or places that are gone are left out."""
    shop = ground.shop
    people = {one.id: at for at, one in enumerate(shop.technicians)}
    things = [("bay", one.id) for one in shop.bays] + [("tool", one.id) for one in shop.tools]
    places: dict[tuple[str, int | None], int] = {thing: at for at, thing in enumerate(things)}
    steps = {task.id: at for at, task in enumerate(ground.tasks)}
    result: list[Placed | None] = [None] * len(steps)
    for one in plan.assignments:
        if one.technician in people and one.task in steps:
            at = steps[one.task]
            held = tuple(places[thing] for thing in (("bay", one.bay), ("tool", one.tool)) if thing in places)
            start, end = minute_of(one.start), minute_of(one.end)
            result[at] = Placed(at, people[one.technician], held, start, end)
    return result


def _assignment(ground: Ground, ends: Ends, one: Placed) -> Assignment:
    task, shop = ground.tasks[one.step], ground.shop
    bays = [shop.bays[at].id for at in one.places if at < len(shop.bays)]
    tools = [shop.tools[at - len(shop.bays)].id for at in one.places if at >= len(shop.bays)]
    return Assignment(
        task=task.id,
        order=task.order,
        technician=shop.technicians[one.technician].id,
        bay=bays[0] if bays else None,
        tool=tools[0] if tools else None,
        start=moment_of(one.start, shop.now.tzinfo),
        end=moment_of(one.end, shop.now.tzinfo),
        fixed=ground.floor.steps[one.step].pin is not None,
        reasons=reasons(ground, ends, one),
    )


def _unplaced(ground: Ground, placed: list[Placed | None], at: int) -> Unplanned:
    task, step = ground.tasks[at], ground.floor.steps[at]
    missing = [one for one in step.after if placed[one] is None]
    zone, horizon = ground.shop.now.tzinfo, ground.floor.horizon
    if missing:
        reason = Reason("waits_for_unplanned", task=ground.tasks[missing[0]].id)
    elif step.earliest >= horizon:
        reason = Reason("part_comes_later", until=moment_of(step.earliest, zone))
    else:
        reason = Reason("no_shift_left", until=moment_of(horizon, zone))
    return Unplanned(task.id, task.order, reason)
