"""Idle stock gets a verdict with money: what each alternative brings, which is chosen, and what is defined without a price or a past."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Money, Quantity, Rate, Refused
from cheyi.parts.engine.slow import (
    USUAL,
    Elsewhere,
    IdlePart,
    ReturnTerms,
    discounted,
    keep_worth,
    verdict,
)

DECAY = 0.45 / 12
ROOM = 0.05 / 12 / DECAY


def q(text):
    return Quantity.of(text)


def yuan(text):
    return Money.yuan(text)


def idle(pieces=10, cost=100, price=150, monthly=0.1, days=400, **more):
    return IdlePart(7, 1, q(pieces), yuan(cost), yuan(price), monthly, days, **more)


def kept(pieces, cost=100, monthly=0.1):
    """Fen, by the sum itself."""
    return sum(cost * 100 * ((1 + ROOM) * exp(-DECAY * k / monthly) - ROOM) for k in range(1, pieces + 1))


def by_choice(found):
    return {one.choice: one for one in found.alternatives}


def facts(found):
    return {one.code: one.facts for one in found.reasons}


def test_what_is_wanted_soon_is_kept_though_it_lies_beyond_the_level():
    found = verdict(idle(monthly=20.0, terms=ReturnTerms(30, Rate(1000))))
    assert (found.choice, found.quantity, found.gain) == ("keep", q(10), Money(0))
    assert abs(found.money.fen - kept(10, monthly=20.0)) <= 1
    assert facts(found)["sells_in"] == {"months": q("0.5"), "quantity": q(10)}
    assert facts(found)["keep_pays"]["money"] == found.money
    assert {"keep", "promote"} == set(by_choice(found))


def test_what_another_store_needs_is_transferred_as_much_as_it_has_room_for():
    other = Elsewhere(8, q(4), monthly=8.0, way_cost=yuan(5))
    found = verdict(idle(price=0, elsewhere=(other,)), names={8: "West"})
    assert (found.choice, found.quantity) == ("transfer", q(4))
    there = sum(10_000 * ((1 + ROOM) * exp(-DECAY * k / 8) - ROOM) for k in range(1, 5)) - 4 * 500
    assert abs(found.money.fen - (there + kept(6))) <= 1
    assert facts(found)["wanted_elsewhere"] == {"store": "West", "quantity": q(4), "months": q("0.5")}


def test_no_more_is_transferred_than_is_worth_less_here():
    other = Elsewhere(8, q(10), monthly=50.0, way_cost=yuan(50))
    found = by_choice(verdict(idle(monthly=0.6, elsewhere=(other,))))["transfer"]
    assert found.quantity == q(1)
    ninth, tenth = (10_000 * ((1 + ROOM) * exp(-DECAY * k / 0.6) - ROOM) for k in (9, 10))
    assert ninth > 5000 > tenth
    assert sorted(by_choice(verdict(idle(monthly=9.0, elsewhere=(other,))))) == ["keep", "promote"]


def test_a_way_dearer_than_the_part_or_a_store_without_demand_is_no_alternative():
    dear = Elsewhere(8, q(4), monthly=8.0, way_cost=yuan(100))
    deaf = Elsewhere(9, q(4), monthly=0.0, way_cost=yuan(1))
    full = Elsewhere(6, q(0), monthly=8.0, way_cost=yuan(1))
    assert "transfer" not in by_choice(verdict(idle(elsewhere=(dear, deaf, full))))


def test_the_supplier_takes_back_what_is_worth_less_than_his_credit():
    found = verdict(idle(price=0, terms=ReturnTerms(20, Rate(1000), freight=yuan(5))))
    assert (found.choice, found.quantity, found.money) == ("return", q(10), yuan(850))
    assert facts(found)["return_until"] == {"days": 20, "fee": Rate(1000)}
    some = verdict(idle(price=0, terms=ReturnTerms(20, Rate(1000), most=q(3))))
    assert (some.choice, some.quantity) == ("return", q(3))
    assert abs(some.money.fen - (3 * 9000 + kept(7))) <= 1


@pytest.mark.parametrize("terms", [None, ReturnTerms(-1, Rate(0)), ReturnTerms(5, Rate(0), most=q(-1))])
def test_what_the_supplier_does_not_take_is_no_alternative(terms):
    assert "return" not in by_choice(verdict(idle(terms=terms)))


def test_a_promotion_takes_the_best_cut_and_reckons_with_those_who_would_have_come_anyway():
    found = verdict(idle(pieces=20, monthly=0.5))
    assert found.choice == "promote"
    assert facts(found)["promote_at"] == {"cut": Rate(2000), "months": q("28.6")}
    more = 0.8**-1.5
    each = (10_000 - 0.2 * 15_000) / more + (1 - 1 / more) * 0.8 * 15_000
    money = sum((each + ROOM * 10_000) * exp(-DECAY * k / (0.5 * more)) - ROOM * 10_000 for k in range(1, 21))
    assert abs(found.money.fen - money) <= 1
    assert found.gain == found.money - by_choice(found)["keep"].money


def test_what_nobody_is_expected_to_want_is_scrapped():
    found = verdict(idle(monthly=0.0, scrap=yuan(3)))
    assert (found.choice, found.quantity, found.money) == ("scrap", q(10), yuan(30))
    assert set(facts(found)) == {"scrap_value", "nobody_expected"}
    assert by_choice(found)["keep"].money == Money(round(-10 * ROOM * 10_000))


def test_what_was_never_asked_for_says_so():
    assert "never_asked_for" in facts(verdict(idle(monthly=0.0, asked_before=False)))


def test_scrapping_that_costs_more_than_the_space_is_not_done():
    found = verdict(idle(monthly=0.0, scrap=yuan(-200)))
    assert (found.choice, sorted(by_choice(found))) == ("keep", ["keep"])
    small = verdict(idle(pieces=1, monthly=0.0))
    assert (small.choice, by_choice(small)["scrap"].money) == ("keep", Money(0))


def test_what_came_lately_is_neither_promoted_nor_scrapped_but_may_go_back():
    found = verdict(idle(monthly=0.0, days=89, terms=ReturnTerms(5, Rate(500))))
    assert (found.choice, sorted(by_choice(found))) == ("return", ["keep", "return"])
    assert facts(found)["too_new"] == {"days": 89}
    assert sorted(by_choice(verdict(idle(days=90)))) == ["keep", "promote", "scrap"]


def test_what_expires_before_it_is_wanted_is_worth_its_scrap():
    found = verdict(idle(price=0, monthly=2.0, expires_in=61, scrap=yuan(1)))
    keep = by_choice(found)["keep"]
    assert {one.code: one.facts for one in keep.reasons}["expires_first"] == {"days": 61, "quantity": q("5.992")}
    assert found.choice == "keep"
    gone = by_choice(verdict(idle(price=0, monthly=2.0, expires_in=0, scrap=yuan(1))))["keep"]
    assert gone.money == yuan(10)


def test_without_a_price_nothing_is_promoted():
    found = verdict(idle(price=0))
    assert "promote" not in by_choice(found)
    assert "no_price" in facts(found)


def test_without_cost_price_and_past_it_is_kept_for_nothing():
    found = verdict(idle(cost=0, price=0, monthly=0.0, asked_before=False))
    assert (found.choice, found.money, found.gain) == ("keep", Money(0), Money(0))
    assert set(facts(found)) == {"never_asked_for", "no_price"}


def test_with_nothing_idle_nothing_is_done():
    found = verdict(idle(pieces=0, terms=ReturnTerms(5, Rate(0))))
    assert (found.choice, found.quantity, found.money, list(facts(found))) == ("keep", q(0), Money(0), ["nothing_idle"])


def test_a_gain_below_the_least_is_not_worth_the_work():
    part = idle(pieces=1, cost=20, price=0, monthly=0.0, terms=ReturnTerms(9, Rate(0)))
    found = verdict(part)
    assert (found.choice, by_choice(found)["return"].money) == ("return", yuan(20))
    assert verdict(part, replace(USUAL, least_gain=yuan(25))).choice == "keep"


def test_a_thousand_million_pieces_take_no_time():
    found = verdict(idle(pieces=10**9, cost=1, price=2, monthly=1000.0, terms=ReturnTerms(9, Rate(5000))))
    assert found.choice == "return"
    assert found.quantity + q(15_942) == q(10**9)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (idle(pieces=-1), "quantity_negative"),
        (idle(monthly=-0.1), "quantity_negative"),
        (idle(monthly=float("nan")), "quantity_negative"),
        (idle(elsewhere=(Elsewhere(8, q(-1), 1.0, yuan(1)),)), "quantity_negative"),
        (idle(cost=-1), "cost_negative"),
        (idle(price=-1), "cost_negative"),
        (idle(elsewhere=(Elsewhere(8, q(1), 1.0, yuan(-1)),)), "cost_negative"),
    ],
)
def test_what_cannot_be_is_refused_with_the_part(part, code):
    with pytest.raises(Refused) as refusal:
        verdict(part)
    assert (refusal.value.code, refusal.value.facts["part"]) == (f"parts.slow.{code}", 1)


def test_the_last_unit_is_worth_what_it_will_save():
    assert keep_worth(idle(monthly=0.0)) == Money(0)
    assert keep_worth(idle(monthly=5.0)) == Money(round(10_000 * ((1 + ROOM) * exp(-DECAY * 2) - ROOM)))
    assert keep_worth(idle(pieces=0)) == yuan(100)
    assert keep_worth(idle(monthly=5.0, expires_in=10, scrap=yuan(2))) == yuan(2)


@given(st.integers(0, 40), st.floats(0.01, 100), st.floats(0.001, 1))
def test_the_closed_form_is_the_sum(units, monthly, decay):
    told = sum(10 * exp(-decay * k / monthly) for k in range(1, units + 1))
    assert discounted(units, 10, monthly, decay) == pytest.approx(told, rel=1e-9, abs=1e-9)


@given(
    st.integers(0, 30),
    st.integers(0, 500),
    st.integers(0, 500),
    st.floats(0, 50),
    st.integers(0, 500),
    st.integers(-5, 20),
    st.integers(0, 10),
)
def test_the_verdict_never_brings_less_than_keeping_and_never_moves_more_than_there_is(
    pieces, cost, price, monthly, days, scrap, room
):
    part = idle(
        pieces,
        cost,
        price,
        monthly,
        days,
        scrap=yuan(scrap),
        terms=ReturnTerms(9, Rate(1500)),
        elsewhere=(Elsewhere(8, q(room), 3.0, yuan(2)),),
    )
    found = verdict(part)
    assert found == verdict(part)
    assert found.gain >= Money(0)
    assert found.choice == "keep" or found.gain >= USUAL.least_gain
    assert all(q(0) <= one.quantity <= part.idle for one in found.alternatives)
    assert [one.money for one in found.alternatives] == sorted((one.money for one in found.alternatives), reverse=True)
