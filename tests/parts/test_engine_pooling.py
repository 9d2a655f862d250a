"""Moving idle stock before buying: whom it is taken from, what the giver keeps, what it saves, and what is never done."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.engine.pooling import Price, Shelf, Wanted, Way, plan

A, B, C, D = 1, 2, 3, 4
NAMES = {A: "East", B: "West", C: "North", D: "South"}


def q(text):
    return Quantity.of(text)


def yuan(text):
    return Money.yuan(text)


def shelf(store, on_hand, level=0, part=7, worth=0, **more):
    return Shelf(store, part, q(on_hand), q(level), worth=yuan(worth), **more)


def way(giver, taker, cost=10, minutes=30):
    return Way(giver, taker, minutes, yuan(cost))


ALL_WAYS = [way(one, other) for one, other in product((A, B, C, D), repeat=2) if one != other]


def planned(wanted, shelves, ways=ALL_WAYS, price=100, **more):
    prices = [Price(7, yuan(price), **more)]
    return plan([Wanted(store, 7, q(quantity)) for store, quantity in wanted], shelves, prices, ways, names=NAMES)


def moves(found):
    return [(one.giver, one.taker, str(one.quantity)) for one in found.transfers]


def buys(found):
    return [(one.store, str(one.quantity)) for one in found.purchases]


def why(one):
    return {reason.code: reason.facts for reason in one.reasons}


def test_idle_stock_is_moved_before_anything_is_bought():
    found = planned([(A, 3)], [shelf(B, 5, level=1, idle_days=200)])
    assert (moves(found), buys(found)) == ([(B, A, "3")], [])
    (moved,) = found.transfers
    assert (moved.cost, moved.saved, moved.keeps, moved.minutes) == (yuan(30), yuan(270), q(2), 30)
    assert found.saved == yuan(270)
    assert why(moved) == {
        "moved_instead_of_bought": {"giver": "West", "quantity": q(3), "minutes": 30, "saved": yuan(270)},
        "giver_keeps": {"giver": "West", "keeps": q(2), "level": q(1)},
        "lies_idle": {"giver": "West", "days": 200},
    }


def test_the_giver_keeps_its_own_level_and_what_is_reserved():
    found = planned([(A, 9)], [shelf(B, 5, level=2, reserved=q(1))])
    assert (moves(found), buys(found)) == ([(B, A, "2")], [(A, "7")])
    assert (found.transfers[0].keeps, found.purchases[0].cost) == (q(3), yuan(700))
    assert why(found.purchases[0]) == {"buy_rest": {"quantity": q(7), "cost": yuan(700)}, "no_idle_stock": {}}


@pytest.mark.parametrize("on_hand", [0, 1, 2])
def test_a_giver_at_or_under_its_level_gives_nothing(on_hand):
    found = planned([(A, 1)], [shelf(B, on_hand, level=2)])
    assert (moves(found), buys(found)) == ([], [(A, "1")])
    assert "no_idle_stock" in why(found.purchases[0])


def test_a_level_below_nothing_is_nothing():
    assert moves(planned([(A, 5)], [shelf(B, 2, level=-3)])) == [(B, A, "2")]


def test_who_wants_it_himself_gives_nothing():
    found = planned([(A, 1), (B, 1)], [shelf(A, 5), shelf(B, 5)])
    assert (moves(found), buys(found)) == ([], [(A, "1"), (B, "1")])


def test_the_cheapest_way_is_taken_and_among_equals_the_nearer_then_the_longer_idle():
    shelves = [shelf(B, 1), shelf(C, 1)]
    assert moves(planned([(A, 1)], shelves, [way(B, A, 20), way(C, A, 10)])) == [(C, A, "1")]
    assert moves(planned([(A, 1)], shelves, [way(B, A, minutes=60), way(C, A, minutes=20)])) == [(C, A, "1")]
    aged = [shelf(B, 1, idle_days=10), shelf(C, 1, idle_days=400)]
    assert moves(planned([(A, 1)], aged)) == [(C, A, "1")]
    assert moves(planned([(A, 1)], shelves)) == [(B, A, "1")]


def test_two_ways_between_the_same_stores_are_the_cheaper_one():
    found = planned([(A, 1)], [shelf(B, 1)], [way(B, A, 30, 10), way(B, A, 20, 50), way(B, A, 20, 40)])
    assert (found.transfers[0].cost, found.transfers[0].minutes) == (yuan(20), 40)


def test_the_whole_plan_is_cheapest_not_each_line():
    shelves = [shelf(C, 1), shelf(D, 1)]
    ways = [way(C, A, 10), way(D, A, 20), way(C, B, 15), way(D, B, 90)]
    assert moves(planned([(A, 1), (B, 1)], shelves, ways)) == [(D, A, "1"), (C, B, "1")]


def test_what_costs_as_much_as_buying_is_bought():
    found = planned([(A, 1)], [shelf(B, 5)], [way(B, A, 100)])
    assert (moves(found), buys(found)) == ([], [(A, "1")])
    assert why(found.purchases[0])["not_cheaper"] == {"giver": "West", "cost": yuan(100), "price": yuan(100)}
    assert moves(planned([(A, 1)], [shelf(B, 5)], [way(B, A, "99.99")])) == [(B, A, "1")]


def test_what_the_giver_would_need_soon_is_worth_something_there():
    found = planned([(A, 1)], [shelf(B, 5, worth=95)])
    assert why(found.purchases[0])["not_cheaper"] == {"giver": "West", "cost": yuan(105), "price": yuan(100)}
    found = planned([(A, 1)], [shelf(B, 5, worth=85)])
    assert (found.transfers[0].cost, found.transfers[0].saved) == (yuan(10), yuan(5))


def test_a_store_that_cannot_be_reached_gives_nothing():
    found = planned([(A, 1)], [shelf(B, 5)], [way(A, B)])
    assert (moves(found), why(found.purchases[0])["too_far"]) == ([], {"giver": "West"})


def test_a_price_of_nothing_moves_nothing():
    found = planned([(A, 2)], [shelf(B, 5)], [way(B, A, 0)], price=0)
    assert (moves(found), buys(found), found.purchases[0].cost) == ([], [(A, "2")], Money(0))


def test_whole_packs_are_not_opened():
    found = planned([(A, 3)], [shelf(B, 9)], pack=q(4), whole_packs=True)
    assert (moves(found), buys(found)) == ([(B, A, "4")], [])
    found = planned([(A, 3)], [shelf(B, 3)], pack=q(4), whole_packs=True)
    assert (moves(found), buys(found)) == ([], [(A, "4")])
    assert why(found.purchases[0])["packs_not_opened"] == {"pack": q(4)}


def test_pieces_that_save_no_pack_are_not_moved():
    found = planned([(A, 12)], [shelf(B, 3)], pack=q(10))
    assert (moves(found), buys(found)) == ([(B, A, "2")], [(A, "10")])
    found = planned([(A, 12)], [shelf(B, 1)], pack=q(10))
    assert (moves(found), buys(found)) == ([], [(A, "20")])
    assert why(found.purchases[0])["saves_no_pack"] == {"giver": "West", "pack": q(10)}


def test_litres_go_in_their_steps():
    found = planned([(A, "1.2")], [shelf(B, "1.4", level="0.3")], step=q("0.5"), pack=q("0.5"))
    assert (moves(found), buys(found)) == ([(B, A, "1")], [(A, "0.5")])


def test_nothing_wanted_is_nothing_done():
    found = planned([(A, 0)], [shelf(B, 5)])
    assert (found.transfers, found.purchases, found.saved) == ((), (), Money(0))
    assert planned([], []) == found


def test_the_same_store_may_want_a_part_twice():
    assert moves(planned([(A, 1), (A, 2)], [shelf(B, 5)])) == [(B, A, "3")]


def test_a_thousand_million_pieces_are_moved_exactly():
    found = planned([(A, 10**9), (B, 10**9)], [shelf(C, 10**9 + 5, level=6)])
    assert moves(found) == [(C, A, str(10**9 - 1))]
    assert buys(found) == [(A, "1"), (B, str(10**9))]
    assert found.transfers[0].keeps == q(6)


def test_parts_do_not_touch_each_other_and_come_in_order():
    prices = [Price(part, yuan(50)) for part in (9, 8)]
    wanted = [Wanted(A, part, q(1)) for part in (9, 8)]
    found = plan(wanted, [shelf(B, 1, part=9), shelf(C, 1, part=8)], prices, ALL_WAYS)
    assert [(one.part, one.giver) for one in found.transfers] == [(8, C), (9, B)]


@pytest.mark.parametrize(
    ("wanted", "shelves", "price", "code"),
    [
        ([Wanted(A, 7, q(-1))], [], Price(7, yuan(1)), "quantity_negative"),
        ([Wanted(A, 7, q(1))], [shelf(B, -1)], Price(7, yuan(1)), "quantity_negative"),
        ([Wanted(A, 7, q(1))], [], Price(7, yuan(1), pack=q(0)), "quantity_negative"),
        ([Wanted(A, 7, q(1))], [], Price(7, yuan(-1)), "cost_negative"),
        ([Wanted(A, 7, q(1))], [shelf(B, 1, worth=-1)], Price(7, yuan(1)), "cost_negative"),
        ([Wanted(A, 7, q(1))], [], Price(8, yuan(1)), "price_missing"),
        ([Wanted(A, 7, q(1))], [shelf(B, 1), shelf(B, 2)], Price(7, yuan(1)), "listed_twice"),
        ([Wanted(A, 7, q(10**11))], [], Price(7, yuan(1)), "too_large"),
    ],
)
def test_what_cannot_be_is_refused_with_the_part(wanted, shelves, price, code):
    with pytest.raises(Refused) as refusal:
        plan(wanted, shelves, [price], ALL_WAYS)
    assert refusal.value.code == f"parts.pooling.{code}"
    assert refusal.value.facts["part"] == 7


@pytest.mark.parametrize("bad", [way(A, B, minutes=-1), way(A, B, cost=-1)])
def test_a_way_below_nothing_is_refused(bad):
    with pytest.raises(Refused) as refusal:
        planned([(A, 1)], [], [bad])
    assert refusal.value.code == "parts.pooling.way_negative"


STORES = st.sampled_from((A, B, C, D))
WAYS = st.lists(st.builds(way, STORES, STORES, st.integers(0, 12), st.integers(0, 3)), max_size=8)
SHELVES = st.lists(
    st.builds(shelf, STORES, st.integers(0, 4), st.integers(0, 3), worth=st.integers(0, 5)),
    max_size=4,
    unique_by=lambda one: one.store,
)
WANTED = st.lists(st.tuples(STORES, st.integers(0, 3)), max_size=3)


def cost_of(found, shelves):
    worth = {one.store: one.worth for one in shelves}
    moved = sum(one.cost.fen + worth[one.giver].times(one.quantity).fen for one in found.transfers)
    return moved + sum(one.cost.fen for one in found.purchases)


@given(WANTED, SHELVES, WAYS, st.integers(0, 15), st.integers(1, 4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_giver_falls_under_its_level_and_it_never_costs_more_than_buying(wanted, shelves, ways, price, pack, whole):
    found = planned(wanted, shelves, ways, price, pack=q(pack), whole_packs=whole)
    for one in shelves:
        gone = sum(move.quantity.parts for move in found.transfers if move.giver == one.store)
        assert gone <= max(0, one.on_hand.parts - one.level.parts)
    needs: dict[int, int] = {}
    for store, quantity in wanted:
        needs[store] = needs.get(store, 0) + quantity
    for store, need in needs.items():
        come = [one.quantity.parts for one in found.transfers if one.taker == store]
        come += [one.quantity.parts for one in found.purchases if one.store == store]
        assert need * 1000 <= sum(come) < (need + pack) * 1000
    everything = sum(-(-need // pack) * pack * price * 100 for need in needs.values())
    assert cost_of(found, shelves) <= everything
    assert found == planned(wanted[::-1], shelves[::-1], ways[::-1], price, pack=q(pack), whole_packs=whole)


def cheapest(needs, shelves, ways, price):
    """All ways to hand out every spare piece to somebody or nobody."""
    fen = {(one.giver, one.taker): one.unit_cost.fen for one in sorted(ways, key=lambda one: -one.unit_cost.fen)}
    pieces = [one for one in shelves if one.store not in needs for _ in range(one.spare.parts // 1000)]
    best = None
    for takers in product((None, *needs), repeat=len(pieces)):
        moved = [(one, taker) for one, taker in zip(pieces, takers, strict=True) if taker is not None]
        got = {store: sum(taker == store for _, taker in moved) for store in needs}
        if any((one.store, taker) not in fen for one, taker in moved) or any(got[at] > needs[at] for at in needs):
            continue
        cost = sum(fen[one.store, taker] + one.worth.fen for one, taker in moved)
        cost += sum((needs[at] - got[at]) * price * 100 for at in needs)
        best = cost if best is None else min(best, cost)
    return best


@given(WANTED, SHELVES.filter(lambda them: sum(one.spare.parts for one in them) <= 6000), WAYS, st.integers(0, 15))
@settings(max_examples=150, deadline=None)
def test_no_plan_is_cheaper(wanted, shelves, ways, price):
    needs: dict[int, int] = {}
    for store, quantity in wanted:
        if quantity:
            needs[store] = needs.get(store, 0) + quantity
    assert cost_of(planned(wanted, shelves, ways, price), shelves) == cheapest(needs, shelves, ways, price)
