"""What customers are worth: the vectors of the domain reference, fifths, whole files, bad cells."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.many.columns import FAULTS
from cheyi.care.engine.many.rfm import Customers, classify, gather
from cheyi.care.engine.rfm import CLASSES, USUAL, Cuts, Rated, rate
from cheyi.kernel import Money, Reason, Refused, Unknown

TODAY = date(2026, 6, 30)
VECTORS = {
    "C1": (date(2026, 6, 1), 9, "18600", (5, 5, 5, "vip")),
    "C2": (date(2026, 5, 10), 2, "12500", (5, 2, 4, "develop")),
    "C3": (date(2025, 9, 15), 7, "16000", (2, 4, 5, "keep")),
    "C4": (date(2026, 2, 10), 3, "5200", (3, 3, 3, "regular")),
    "C5": (date(2024, 11, 20), 1, "980", (1, 1, 1, "gone")),
    "C6": (date(2025, 8, 1), 1, "9000", (2, 1, 4, "win_back")),
    "C7": (date(2026, 6, 20), 1, "600", (5, 1, 1, "regular")),
    "C8": (date(2026, 3, 2), 5, "8000.00", (4, 4, 4, "vip")),
    "C9": (date(2026, 1, 1), 5, "8000.00", (3, 4, 4, "keep")),
}


def as_columns(rows):
    return Customers(
        np.array([row[0] for row in rows], "datetime64[D]"),
        [row[1] for row in rows],
        [Money.of(row[2]).parts for row in rows],
    )


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_domain_reference(name):
    last, visits, paid, expected = VECTORS[name]
    assert rate(last, visits, Money.of(paid), today=TODAY) == Rated(*expected)


def test_the_vectors_as_a_file():
    found = classify(as_columns(list(VECTORS.values())), today=TODAY)
    scores = zip(found.recency, found.frequency, found.money, found.values, strict=True)
    assert [(int(r), int(f), int(m), CLASSES[value]) for r, f, m, value in scores] == [
        row[3] for row in VECTORS.values()
    ]
    assert found.counts == {"vip": 2, "develop": 1, "keep": 2, "win_back": 1, "gone": 1, "regular": 2}
    assert found.unknown == {}


@pytest.mark.parametrize(
    ("days", "recency"), [(0, 5), (60, 5), (61, 4), (120, 4), (121, 3), (180, 3), (181, 2), (365, 2), (366, 1)]
)
def test_the_borders_of_recency(days, recency):
    assert rate(TODAY - timedelta(days=days), 1, Money(0), today=TODAY).recency == recency


def test_a_customer_who_never_paid_or_whose_figures_cannot_be_is_unknown():
    assert rate(None, 3, Money(100), today=TODAY) == Unknown((Reason("never_paid"),))
    tomorrow = TODAY + timedelta(days=1)
    assert rate(tomorrow, 3, Money(1), today=TODAY) == Unknown((Reason("visit_in_the_future", on=tomorrow),))
    assert rate(TODAY, -1, Money(1), today=TODAY) == Unknown((Reason("less_than_nothing"),))
    assert rate(TODAY, 1, Money(-1), today=TODAY) == Unknown((Reason("less_than_nothing"),))


def test_a_store_may_cut_otherwise_but_the_cuts_must_rise():
    own = replace(USUAL, visits=(1, 2, 3, 4))
    assert rate(TODAY, 3, Money(0), today=TODAY, cuts=own).frequency == 4
    for column, cuts in (("days", (60, 60, 180, 365)), ("visits", (2, 3, 5)), ("paid", (Money(2), Money(1)) * 2)):
        with pytest.raises(Refused) as refused:
            Cuts(**{column: cuts})
        assert (refused.value.code, refused.value.facts) == ("care.rfm.cuts_not_rising", {"column": column})


def test_fifths_of_the_file_are_equal_and_equal_values_share_one():
    rows = [(TODAY - timedelta(days=number), number, str(100 * number)) for number in range(1000)]
    found = classify(as_columns(rows), today=TODAY, cuts=None)
    assert np.bincount(found.recency).tolist() == [0, 200, 200, 200, 200, 200]
    assert np.bincount(found.money).tolist() == [0, 200, 200, 200, 200, 200]
    assert (found.recency[0], found.recency[999], found.frequency[0], found.frequency[999]) == (5, 1, 1, 5)
    equal = classify(as_columns([(TODAY, 2, "10")] * 7), today=TODAY, cuts=None)
    assert (set(equal.recency), set(equal.frequency), set(equal.money)) == ({3}, {3}, {3})


def test_a_faulty_row_is_unknown_by_name_and_the_others_are_rated():
    days = np.array(["2026-06-01", "NaT", "2026-07-01", *["2026-06-01"] * 6], "datetime64[D]")
    visits = [9, 9, 9, -1, 9, 9, 9, 9, 9]
    paid = np.array([1_860_000, 1, 1, 1, np.nan, np.inf, 0.5, 1e18, -1])
    found = classify(Customers(days, visits, paid), today=TODAY)
    assert [FAULTS[fault] for fault in found.faults] == [
        "",
        "no_day",
        "in_the_future",
        "negative",
        "not_a_number",
        "not_a_number",
        "not_whole",
        "too_large",
        "negative",
    ]
    assert found.values.tolist() == [0] + [-1] * 8
    assert (found.recency[1:].any(), found.counts) == (False, {"vip": 1})
    assert found.unknown == {
        "not_a_number": 2,
        "not_whole": 1,
        "negative": 2,
        "too_large": 1,
        "in_the_future": 1,
        "no_day": 1,
    }


@pytest.mark.parametrize(
    ("customers", "code", "facts"),
    [
        (
            Customers(np.array(["2026-06-01"], "datetime64[D]"), [1, 2], [3]),
            "care.columns.different_lengths",
            {"lengths": "last_paid_on 1, visits 2, paid_fen 1"},
        ),
        (Customers([1], [1], [1]), "care.columns.wrong_kind", {"column": "last_paid_on", "kind": "int64 (1)"}),
        (
            Customers(np.array(["2026-06-01"], "datetime64[D]"), ["one"], [1]),
            "care.columns.wrong_kind",
            {"column": "visits", "kind": "<U3 (1)"},
        ),
        (
            Customers(np.array(["2026-06-01"], "datetime64[D]"), [None], [1]),
            "care.columns.wrong_kind",
            {"column": "visits", "kind": "object (1)"},
        ),
        (
            Customers(np.array(["2026-06-01"], "datetime64[D]"), [[1], [2, 3]], [1]),
            "care.columns.wrong_kind",
            {"column": "visits", "kind": "ragged"},
        ),
        (
            Customers(np.array(["2026-06-01"], "datetime64[D]"), [1], 7),
            "care.columns.wrong_kind",
            {"column": "paid_fen", "kind": "int64 (0)"},
        ),
    ],
)
def test_a_file_that_is_none_is_refused_by_column(customers, code, facts):
    with pytest.raises(Refused) as refused:
        classify(customers, today=TODAY)
    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_an_empty_file_gives_nothing():
    found = classify(Customers([], [], []), today=TODAY)
    assert (len(found.values), found.counts, found.unknown) == (0, {}, {})
    assert classify(Customers([], [], []), today=TODAY, cuts=None).counts == {}


def test_visits_are_gathered_by_customer():
    on = [
        "2026-06-01",
        "2024-06-30",
        "2024-06-29",
        "2026-06-05",
        "2026-06-10",
        "2026-01-01",
        "2026-07-01",
        "2026-06-02",
    ]
    who = [0, 0, 0, 1, 1, 3, 3, 0]
    paid = [100, 200, 400, 0, -50, 70, 9, -30]
    found = gather(who, np.array(on, "datetime64[D]"), paid, customers=5, today=TODAY)
    assert found.last_paid_on.astype(str).tolist() == ["2026-06-01", "NaT", "NaT", "2026-01-01", "NaT"]
    assert found.visits.tolist() == [2, 1, 0, 1, 0]
    assert found.paid_fen.tolist() == [270, -50, 0, 70, 0]
    assert found.left_out == 1
    with pytest.raises(Refused) as refused:
        gather([5], np.array(["2026-06-01"], "datetime64[D]"), [1], customers=5, today=TODAY)
    assert refused.value.facts == {"place": 5, "customers": 5}


def test_a_customer_with_a_thousand_visits_is_one_customer():
    on = np.datetime64("2026-06-30") - np.arange(1000).astype("timedelta64[D]")
    found = gather(np.zeros(1000, int), on, np.full(1000, 5_000), customers=1, today=TODAY)
    assert (found.visits.tolist(), found.paid_fen.tolist()) == ([731], [731 * 5_000])
    assert classify(found, today=TODAY).counts == {"vip": 1}


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2026, 7, 3))),
            st.integers(-1, 12),
            st.integers(-100, 2_000_000),
        ),
        max_size=30,
    )
)
def test_a_file_says_the_same_as_customer_by_customer(rows):
    many = classify(
        Customers(
            np.array([row[0] for row in rows], "datetime64[D]"), [row[1] for row in rows], [row[2] for row in rows]
        ),
        today=TODAY,
    )
    for place, (last, visits, paid) in enumerate(rows):
        one = rate(last, visits, Money(paid), today=TODAY)
        if isinstance(one, Unknown):
            assert many.values[place] == -1
            assert many.faults[place] > 0
        else:
            scores = (many.recency[place], many.frequency[place], many.money[place])
            assert (*map(int, scores), CLASSES[many.values[place]]) == (
                one.recency,
                one.frequency,
                one.money,
                one.value,
            )


def test_the_order_of_the_file_does_not_matter():
    dice = Random(3)
    rows = [
        (TODAY - timedelta(days=dice.randrange(900)), dice.randrange(9), str(dice.randrange(20_000)))
        for _ in range(200)
    ]
    turned = rows[::-1]
    for cuts in (USUAL, None):
        assert (
            classify(as_columns(turned), today=TODAY, cuts=cuts).values[::-1].tolist()
            == classify(as_columns(rows), today=TODAY, cuts=cuts).values.tolist()
        )
