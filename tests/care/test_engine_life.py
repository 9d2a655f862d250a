"""Life cycle of cars and customers; one and whole files alike."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.life import LifeCycle, Seen, of_car, of_customer
from cheyi.care.engine.many.life import STATES, Cars, of_cars, of_customers
from cheyi.kernel import Reason, Refused, Unknown

TODAY = date(2026, 6, 30)


def ago(days):
    return TODAY - timedelta(days=days)


def told(**known):
    return of_car(Seen(**known), today=TODAY)


def state(**known):
    return told(**known).state


@pytest.mark.parametrize(
    ("days", "name"), [(0, "active"), (180, "active"), (181, "sleeping"), (365, "sleeping"), (366, "lost")]
)
def test_the_days_since_the_last_visit_make_the_state(days, name):
    assert state(visits=5, first_visit_on=ago(900), last_visit_on=ago(days)) == name


def test_ninety_days_after_delivery_or_the_first_visit_a_customer_is_new_until_he_comes_again():
    assert state(visits=0, delivered_on=ago(90)) == "new"
    assert state(visits=1, first_visit_on=ago(90), last_visit_on=ago(90)) == "new"
    assert state(visits=1, first_visit_on=ago(91), last_visit_on=ago(91)) == "active"
    assert state(visits=2, first_visit_on=ago(60), last_visit_on=ago(3)) == "active"
    assert state(visits=1, delivered_on=ago(60), first_visit_on=ago(3), last_visit_on=ago(3)) == "new"


def test_c7_of_the_domain_reference_is_new():
    assert state(visits=1, first_visit_on=date(2026, 6, 20), last_visit_on=date(2026, 6, 20)) == "new"


def test_a_car_that_never_came_counts_from_its_delivery():
    assert [state(delivered_on=ago(days)) for days in (91, 181, 366)] == ["active", "sleeping", "lost"]


@pytest.mark.parametrize(
    ("last", "due", "flag"),
    [
        (date(2026, 3, 30), TODAY, True),
        (date(2026, 3, 30), TODAY + timedelta(days=30), True),
        (date(2026, 3, 30), TODAY + timedelta(days=31), False),
        (date(2026, 3, 30), ago(200), True),
        (date(2026, 4, 1), ago(200), False),
        (date(2026, 3, 30), None, False),
    ],
)
def test_at_risk_is_three_months_unseen_and_due_or_nearly(last, due, flag):
    assert told(visits=4, first_visit_on=ago(800), last_visit_on=last, due_on=due).at_risk is flag


def test_what_left_the_base_or_never_was_in_it_is_unknown_with_its_reason():
    assert told(visits=3, last_visit_on=ago(5), in_base=False) == Unknown((Reason("left_the_base"),))
    assert told(visits=3) == Unknown((Reason("never_visited"),))
    assert told(visits=3, last_visit_on=ago(-2)) == Unknown((Reason("visit_in_the_future", on=ago(-2)),))


def test_a_customer_takes_the_best_of_his_cars():
    lost, new = LifeCycle("lost", at_risk=True), LifeCycle("new", at_risk=False)
    risky, calm = LifeCycle("active", at_risk=True), LifeCycle("active", at_risk=False)
    gone = Unknown((Reason("left_the_base"),))
    assert of_customer([lost, new, gone]) == new
    assert of_customer([new, risky]) == risky
    assert of_customer([risky, calm]) == calm
    assert of_customer([gone]) == Unknown((Reason("no_car_in_the_base"),))
    assert of_customer([]) == Unknown((Reason("no_car_in_the_base"),))


days = st.one_of(st.none(), st.integers(-3, 500).map(ago))
seen = st.builds(Seen, st.integers(0, 3), days, days, days, days, st.booleans())


def as_columns(rows):
    def column(name):
        return np.array([getattr(row, name) for row in rows], "datetime64[D]")

    names = ("first_visit_on", "last_visit_on", "delivered_on", "due_on")
    return Cars(
        [row.visits for row in rows], **{name: column(name) for name in names}, in_base=[row.in_base for row in rows]
    )


@given(st.lists(seen, max_size=25), st.randoms(use_true_random=False))
def test_a_file_says_the_same_as_car_by_car_and_customer_by_customer(rows, dice):
    many = of_cars(as_columns(rows), today=TODAY)
    each = [of_car(row, today=TODAY) for row in rows]
    assert [STATES[code] if code >= 0 else None for code in many.states] == [
        getattr(one, "state", None) for one in each
    ]
    assert many.at_risk.tolist() == [getattr(one, "at_risk", False) for one in each]
    owners = [dice.randrange(5) for _ in rows]
    customers = of_customers(many, owners, customers=5)
    for place in range(5):
        best = of_customer([one for one, owner in zip(each, owners, strict=True) if owner == place])
        known = (
            (STATES[customers.states[place]], bool(customers.at_risk[place])) if customers.states[place] >= 0 else None
        )
        assert known == (None if isinstance(best, Unknown) else (best.state, best.at_risk))


def test_a_car_of_a_customer_who_is_not_there_is_refused():
    cars = of_cars(as_columns([Seen(1, ago(3), ago(3))]), today=TODAY)
    with pytest.raises(Refused) as refused:
        of_customers(cars, [4], customers=4)
    assert (refused.value.code, refused.value.facts) == ("care.life.no_such_customer", {"place": 4, "customers": 4})


def test_columns_of_different_length_are_refused():
    cars = as_columns([Seen(1, ago(3), ago(3))])
    with pytest.raises(Refused) as refused:
        of_cars(
            Cars([1, 2], cars.first_visit_on, cars.last_visit_on, cars.delivered_on, cars.due_on, [True]), today=TODAY
        )
    assert refused.value.code == "care.columns.different_lengths"
