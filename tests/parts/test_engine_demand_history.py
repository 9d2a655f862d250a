"""Cleaning a history: returns, promotions, empty shelves, gaps, and tables that are none."""

from __future__ import annotations

import numpy as np
import pytest

from cheyi.kernel import Refused
from cheyi.parts.engine.demand.history import History, clean

NONE = float("nan")


def cleaned(*rows, **beside):
    return clean(History([list(row) for row in rows], **beside))


def test_a_return_is_set_against_the_months_before_it():
    found = cleaned([3, 4, -2, 1, 0])
    assert found.demand.tolist() == [[3, 2, 0, 1, 0]]
    assert found.returned.tolist() == [2]


def test_a_return_larger_than_what_went_before_meets_what_comes_after():
    assert cleaned([1, -3, 0, 5]).demand.tolist() == [[0, 0, 0, 3]]


def test_a_part_that_only_came_back_has_no_demand():
    found = cleaned([0, -3, 0, 1])
    assert found.demand.tolist() == [[0, 0, 0, 0]]
    assert found.returned.tolist() == [3]


def test_months_before_a_part_existed_stay_unknown():
    found = cleaned([NONE, NONE, 2, -1])
    assert np.isnan(found.demand[0, :2]).all()
    assert found.demand[0, 2:].tolist() == [1, 0]
    assert found.known.tolist() == [[False, False, True, True]]


def test_months_without_stock_are_left_out_unless_they_sold_more_than_usual():
    found = cleaned([2, 2, 0, 5, 2], out_of_stock=[[0, 0, 1, 1, 0]])
    assert found.known.tolist() == [[True, True, False, True, True]]
    assert found.demand[0, 3] == 5
    assert found.censored.tolist() == [1]


def test_a_year_of_stock_outs_leaves_what_was_known_before():
    found = cleaned([3] * 12 + [0] * 12, out_of_stock=[[0] * 12 + [1] * 12])
    assert found.censored.tolist() == [12]
    assert found.known.sum() == 12


def test_a_promotion_is_taken_out_by_its_plan_and_unknown_without_one():
    found = cleaned([4, 6, 9, 4], uplift=[[0, 0.5, NONE, 0]])
    assert found.demand[0, 1] == 4
    assert np.isnan(found.demand[0, 2])
    assert found.promoted.tolist() == [2]


def test_what_was_given_is_left_as_it_was():
    given = np.array([[3.0, -1.0, 2.0]])
    clean(History(given))
    assert given.tolist() == [[3.0, -1.0, 2.0]]


@pytest.mark.parametrize(
    ("given", "code", "facts"),
    [
        (History(np.zeros((0, 12))), "parts.demand.no_parts", {}),
        (History(np.zeros((3, 0))), "parts.demand.no_months", {}),
        (History(np.zeros((1, 1000))), "parts.demand.too_many_months", {"months": 1000, "longest": 600}),
        (History([[1, float("inf")]]), "parts.demand.no_number", {"part": 1, "month": 2}),
        (History([1, 2, 3]), "parts.demand.wrong_shape", {"column": "demand", "cells": "3"}),
        (History([[1, 2], [3]]), "parts.demand.wrong_shape", {"column": "demand", "cells": "?"}),
        (History([["a", "b"]]), "parts.demand.wrong_shape", {"column": "demand", "cells": "?"}),
        (History([[1, 2]], category=[1, 2]), "parts.demand.wrong_shape", {"column": "category", "cells": "2"}),
        (History([[1, 2]], uplift=[[1]]), "parts.demand.wrong_shape", {"column": "uplift", "cells": "1 × 1"}),
        (History([[1, 2]], first_month=13), "parts.demand.wrong_shape", {"column": "first_month", "cells": "13"}),
    ],
)
def test_a_table_that_is_none_is_refused_by_its_fault(given, code, facts):
    with pytest.raises(Refused) as refused:
        clean(given)
    assert refused.value.code == code
    assert dict(refused.value.facts) == facts
