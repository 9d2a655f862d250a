"""What strangers share: streets and districts that agree together, numbers that stand on one person's many cards."""

from collections import Counter

import numpy as np
import pytest

from cheyi.customers.engine.linking.chance import often
from cheyi.customers.engine.linking.columns import read_table
from cheyi.customers.engine.linking.comparing import compare
from cheyi.customers.engine.linking.link import link
from cheyi.customers.engine.linking.together import Together, together
from tests.simulators import linkage_sets, places


def measured(register, columns):
    """Precision and recall of the pairs that are found in one file."""
    linked = link(register.rows, None, columns)
    right = sum(register.truth[pair.one] == register.truth[pair.other] for pair in linked.same)
    possible = sum(size * (size - 1) // 2 for size in Counter(register.truth).values())
    return right / len(linked.same), right / possible


@pytest.mark.parametrize(("count", "doubles", "seed"), [(750, 110, 1), (750, 110, 2), (750, 20, 3), (1500, 250, 4)])
def test_shops_of_one_street_are_not_taken_for_one_shop(count, doubles, seed):
    precision, recall = measured(places.directory(count, doubles, seed=seed), places.COLUMNS)
    assert precision >= 0.9
    assert recall >= 0.65


def test_columns_that_agree_together_are_found_in_the_file():
    linked = link(places.directory(750, 110, seed=1).rows, None, places.COLUMNS)
    names = [column.name for column in linked.table.columns]
    assert ("address", "district") in {(names[one], names[other]) for one, other, _ in linked.weights.together.edges}


@pytest.mark.parametrize("columns", [linkage_sets.COLUMNS, linkage_sets.COLUMNS[:2], linkage_sets.COLUMNS[:3]])
def test_doubles_are_not_taken_for_strangers_who_agree_together(columns):
    linked = link(linkage_sets.one_file(400, seed=5).rows, None, columns)
    assert linked.weights.together.edges == ()


def test_only_what_is_seen_far_oftener_than_by_chance_counts_and_no_agreement_twice():
    levels = np.array([[1, 1, 2, 2, 1], [1, 2, 1, 2, 1], [1, 2, 2, 2, 2]])
    chances = np.array([[0, 0.1, 0.9], [0, 0.1, 0.9], [0, 0.1, 0.9]])
    strangers = np.array([500.0, 20.0, 20.0, 9000.0, 400.0])
    found = together(levels, strangers, chances, [2, 2, 2], possible=10_000, margin=100.0)
    assert [edge[:2] for edge in found.edges] == [(0, 1), (0, 2)]
    assert found.edges[0][2][1, 1] == pytest.approx(np.log2(800 / 100))
    assert found.edges[1][2][1, 1] == pytest.approx(np.log2(400 / 100))
    assert found.excess(levels).tolist() == pytest.approx([5.0, 0.0, 0.0, 0.0, 3.0])
    assert Together().excess(levels).tolist() == [0.0] * 5


def test_a_number_on_five_cards_of_one_person_is_no_common_number():
    cells = ["3164"] * 5 + ["2907"] * 5 + [str(number) for number in range(5000, 5090)]
    table = read_table([{"a": cell} for cell in cells], None, ["a"], {"a": "code"})
    one, other = np.triu_indices(10, 1)
    compared = compare(table, one.astype(np.int64), other.astype(np.int64))
    mine = np.where(one < 5, 1.0, 0.0)
    chances = dict(zip(table.columns[0].values, often(table, 0, compared, mine), strict=True))
    assert chances["2907"] - chances["3164"] == pytest.approx(3 / 100)
    assert chances["3164"] == chances["5000"] < 0.001


@pytest.mark.parametrize("count", [300, 1000])
def test_a_number_of_ones_own_alone_is_enough(count):
    precision, recall = measured(linkage_sets.one_file(count, seed=201), ["soc_sec_id"])
    assert precision >= 0.97
    assert recall >= 0.5


HOME = ("given_name", "surname", "street_number", "address_1", "suburb")


@pytest.mark.parametrize(("households", "precision"), [(0.0, 0.995), (0.3, 0.93), (0.6, 0.92)])
def test_families_are_told_apart_by_the_given_name_alone(households, precision):
    first, second = linkage_sets.two_files(500, seed=201, households=households)
    linked = link(first.rows, second.rows, HOME)
    right = sum(first.truth[pair.one] == second.truth[pair.other] for pair in linked.same)
    assert right / len(linked.same) >= precision
    assert right / 500 >= 0.97
    assert (linked.weights.kin_share > 0) is (households > 0)


def test_families_of_a_small_town_are_told_apart_though_hardly_two_share_a_postcode():
    precision, recall = measured(linkage_sets.one_file(300, seed=103, households=0.3), linkage_sets.COLUMNS[:-1])
    assert precision >= 0.97
    assert recall >= 0.97


def test_a_second_name_that_few_have_makes_no_kin_of_doubles():
    register = linkage_sets.one_file(300, seed=7)
    rows = [
        {**row, "second": f"{'abcdefgh'[entity % 8]}lbert" if entity % 14 == 0 else ""}
        for row, entity in zip(register.rows, register.truth, strict=True)
    ]
    linked = link(rows, None, (*HOME[:2], "second", *HOME[2:]))
    assert linked.weights.kin_share == 0
    right = sum(register.truth[pair.one] == register.truth[pair.other] for pair in linked.same)
    assert right / len(linked.same) >= 0.98
    assert right >= 700
