"""The minimum-cost flow behind pooling; the only module of the parts engine that loads OR-Tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from cheyi.parts.engine.pooling import PartCase

MOST_ARCS = 20_000
# The solver multiplies costs by the number of nodes and must stay within 64 bits.
MOST_SCALED = 2**60


def flows(cases: Sequence[PartCase]) -> Iterator[list[int]]:
    """Units over each arc of each case, in the cases' order; parts are independent, so any number may share a graph."""
    batch: list[PartCase] = []
    arcs, nodes, dearest = 0, 0, 0
    for case in cases:
        more_nodes = len(case.needs) + len(case.spare) + 1
        dear = case.price.unit_cost.fen * _scale(case)
        if batch and (arcs + len(case.arcs) > MOST_ARCS or (nodes + more_nodes + 1) * max(dearest, dear) > MOST_SCALED):
            yield from _solve(batch)
            batch, arcs, nodes, dearest = [], 0, 0, 0
        batch.append(case)
        arcs, nodes, dearest = arcs + len(case.arcs), nodes + more_nodes, max(dearest, dear)
    if batch:
        yield from _solve(batch)


def _scale(case: PartCase) -> int:
    """What a fen counts, so that the order among equally cheap ways never outweighs one: a cycle has at most two arcs per node."""
    nodes = len(case.needs) + len(case.spare) + 1
    scale = 2 * nodes * (len(case.arcs) + 1)
    return scale if case.price.unit_cost.fen * scale * (nodes + 1) <= MOST_SCALED else 1


def _solve(cases: Sequence[PartCase]) -> Iterator[list[int]]:
    solver = SimpleMinCostFlow()
    places: list[list[int]] = []
    node = 0
    for case in cases:
        node, mine = _add(solver, case, node)
        places.append(mine)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"a flow that can always buy was not solved: {status}")
    for mine in places:
        yield [solver.flow(arc) for arc in mine]


def _add(solver: SimpleMinCostFlow, case: PartCase, node: int) -> tuple[int, list[int]]:
    """A source that can buy for every store and feeds the givers; the next free node, and the solver's places of the arcs."""
    scale = _scale(case)
    order = scale > 1
    source, node = node, node + 1
    takers, givers = {}, {}
    for store, need in case.needs:
        takers[store], node = node, node + 1
        solver.set_node_supply(takers[store], -need)
        solver.add_arc_with_capacity_and_unit_cost(
            source, takers[store], need, case.price.unit_cost.fen * scale + order * len(case.arcs)
        )
    solver.set_node_supply(source, sum(need for _, need in case.needs))
    for store, some in case.spare.items():
        givers[store], node = node, node + 1
        solver.add_arc_with_capacity_and_unit_cost(source, givers[store], some, 0)
    mine = [
        solver.add_arc_with_capacity_and_unit_cost(
            givers[arc.way.giver], takers[arc.way.taker], arc.most, arc.fen * scale + order * rank
        )
        for rank, arc in enumerate(case.arcs)
    ]
    return node, mine
