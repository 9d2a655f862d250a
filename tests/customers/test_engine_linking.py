"""Doubles in files: levels, distances, learned weights, households, vetoes, groups without chains, any bad table."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cheyi.customers.engine.linking import kinds
from cheyi.customers.engine.linking.by_hand import by_hand
from cheyi.customers.engine.linking.columns import read_column
from cheyi.customers.engine.linking.likeness import levels_between
from cheyi.customers.engine.linking.link import link
from cheyi.customers.engine.linking.slips import Texts, distances, without_one
from tests.simulators import linkage_sets, people

WORD = st.text(alphabet="abc王0", max_size=9)


def distance(one, other):
    """The textbook table, for comparison."""
    rows = [[max(i, j) if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            change = rows[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@settings(max_examples=60)
@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=8))
def test_distances_are_those_of_the_textbook(pairs):
    texts = Texts.of([word for pair in pairs for word in pair])
    one = np.arange(0, 2 * len(pairs), 2)
    assert distances(texts, one, one + 1).tolist() == [distance(a, b) for a, b in pairs]


@settings(max_examples=60)
@given(st.text(alphabet="abc0", min_size=1, max_size=9), st.data())
def test_words_one_loss_apart_share_a_number(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    shorter = word[:place] + word[place + 1 :]
    numbers = without_one(Texts.of([word, shorter]))
    assert set(numbers[0][numbers[0] >= 0]) & set(numbers[1][numbers[1] >= 0])


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["13800138000", "+86 139 0013 8000", "0571-88001122"], "phone"),
        (["沪A·12345", "苏e9z8z7", "粤BF12345"], "plate"),
        (["LSVAA4184N2183294", "lgxce4cb9p0123456"], "vin"),
        (["11010519491231002X", "440524188001010014"], "id_number"),
        (["1957-08-06", "19710523", "3/12/1998"], "date"),
        (["19570806.0", "19710523.0"], "date"),
        (["4711", "2306", "0817"], "code"),
        (["4711.0", "2306.0"], "code"),
        (["王建国", "李丽", "欧阳建国先生"], "person"),
        (["brenhal crescent", "porlin st"], "text"),
        (["", "nan"], "text"),
    ],
)
def test_a_column_tells_what_it_holds(cells, kind):
    assert kinds.kind_of(cells) == kind


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        ("text", "lindmann", "lindman", 2),
        ("text", "larkin street", "larkinstreet", 2),
        ("text", "hale court", "court hale", 2),
        ("text", "catherine", "katherine", 2),
        ("text", "elizabeth", "elisabet", 3),
        ("text", "j", "john", 4),
        ("text", "smith", "green", 5),
        ("code", "2718281", "2718821", 2),
        ("code", "2718281", "2719283", 3),
        ("code", "2718281", "3141592", 4),
        ("date", "19570806", "19570608", 2),
        ("date", "19570806", "19571231", 3),
        ("date", "19570806", "19710523", 4),
        ("plate", "沪A12345", "沪A1Z345", 2),
        ("plate", "沪A12345", "沪A12346", 3),
        ("person", "王建国", "王健国", 2),
        ("person", "单国强", "山国强", 2),
        ("person", "张建国", "章建国", 2),
        ("person", "王建国", "王建回", 3),
        ("person", "王建国", "王国", 3),
        ("person", "王建国", "王国建", 3),
        ("person", "林志玲", "宁志玲", 3),
        ("person", "王", "王建国", 4),
        ("person", "王建国", "王丽华", 5),
        ("person", "王建国", "李丽", 6),
        ("person", "南京示范物流有限公司", "南京示范物流", 2),
        ("person", "上海远航己新锐物流有限公司", "上海远航已新锐物流有限公司", 3),
    ],
)
def test_how_alike_two_values_are(kind, one, other, level):
    column = read_column("x", [one, other], kind)
    assert levels_between(column, np.array([0]), np.array([1])).tolist() == [level]


def f_measure(linked, truth, others=None):
    right = sum(truth[pair.one] == (others or truth)[pair.other] for pair in linked.same)
    if others:
        possible = sum((Counter(truth) & Counter(others)).values())
    else:
        possible = sum(size * (size - 1) // 2 for size in Counter(truth).values())
    return 2 * right / (len(linked.same) + possible)


@pytest.mark.parametrize("columns", [linkage_sets.COLUMNS, linkage_sets.COLUMNS[:-1]])
def test_a_damaged_copy_of_a_register_is_linked(columns):
    first, second = linkage_sets.two_files(500, seed=21)
    assert f_measure(link(first.rows, second.rows, columns), first.truth, second.truth) >= 0.999


def test_a_register_that_shares_only_half_its_people_is_linked():
    first, second = linkage_sets.two_files(500, seed=22, overlap=0.5)
    assert f_measure(link(first.rows, second.rows, linkage_sets.COLUMNS), first.truth, second.truth) >= 0.995


def test_people_who_stand_there_many_times_become_one_group_each():
    register = linkage_sets.one_file(300, seed=23)
    linked = link(register.rows, None, linkage_sets.COLUMNS)
    assert f_measure(linked, register.truth) >= 0.995
    records = [record for group in linked.groups for record in group]
    assert len(records) == len(set(records))


def test_households_are_not_glued_together():
    register = linkage_sets.one_file(400, seed=24, households=0.4)
    linked = link(register.rows, None, linkage_sets.COLUMNS)
    assert linked.weights.kin_share > 0
    wrong = [pair for pair in linked.same if register.truth[pair.one] != register.truth[pair.other]]
    assert len(wrong) / len(linked.same) < 0.01
    assert f_measure(linked, register.truth) >= 0.99


def test_disguised_customers_are_found_in_a_file_and_new_ones_are_not():
    town = people.town(900, 330, 400, seed=25)
    asked = [*town.back, *town.new]
    linked = link([one.row for one in asked], [one.row for one in town.known], ["姓名", "电话", "车牌", "车架号"])
    found = {pair.one for pair in linked.same if asked[pair.one].entity == town.known[pair.other].entity}
    alarms = {pair.one for pair in linked.same if pair.one >= len(town.back)}
    assert len(found) / len(town.back) >= 0.99
    assert len(alarms) / len(town.new) <= 0.003


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_the_engine_is_never_worse_than_a_clerk_who_sorts_the_sheet(seed):
    register = linkage_sets.one_file(120, seed=seed)
    linked = link(register.rows, None, linkage_sets.COLUMNS)
    hand = by_hand(linked.table)
    right = sum(register.truth[one] == register.truth[other] for one, other in hand)
    possible = sum(size * (size - 1) // 2 for size in Counter(register.truth).values())
    assert hand
    assert f_measure(linked, register.truth) >= 2 * right / (len(hand) + possible)


def rows(*cells):
    return [dict(zip(("姓名", "电话", "车架号", "证件"), one, strict=False)) for one in cells]


def crowd(count=300):
    dice = people.random.Random(7)
    return [one.row | {"证件": ""} for one in people.people(dice, count)]


def test_two_id_numbers_and_the_two_owners_of_a_car_are_never_one():
    file = crowd() + rows(
        ("钱小满", "19904713852", "", "11010519491231002X"),
        ("钱小满", "19904713852", "", "440524188001010014"),
        ("孙大伟", "19908265937", "LSVAA4184N2183294", ""),
        ("周文静", "19908265937", "LSVAA4184N2183294", ""),
    )
    linked = link(file, None, ["姓名", "电话", "车架号", "证件"])
    assert not [pair for pair in linked.same if pair.one >= 300]
    assert {(pair.one, pair.other): pair.veto for pair in linked.apart if pair.one >= 300} == {
        (300, 301): "two_id_numbers",
        (302, 303): "two_owners",
    }


def test_what_a_person_has_held_apart_stays_apart():
    file = crowd() + rows(("钱小满", "19904713852"), ("钱小满", "19904713852"))
    assert [(p.one, p.other) for p in link(file, None, ["姓名", "电话"]).same] == [(300, 301)]
    kept = link(file, None, ["姓名", "电话"], apart=[(301, 300)])
    assert kept.same == ()
    assert [pair.veto for pair in kept.apart] == ["kept_apart"]


def test_a_name_alone_is_a_question_not_an_answer():
    file = crowd() + rows(("钱小满", "19904713852"), ("钱小满", ""))
    linked = link(file, None, ["姓名", "电话"])
    assert linked.same == ()
    assert (300, 301) in {(pair.one, pair.other) for pair in linked.maybe}


def test_a_link_tells_column_by_column_how_alike_its_records_are():
    file = crowd() + rows(("钱小满", "19904713852"), ("千小满", "19904713582"))
    (pair,) = link(file, None, ["姓名", "电话"]).same
    assert pair.alike == (("姓名", "close"), ("电话", "close"))
    assert pair.probability > 0.5


@pytest.mark.parametrize(
    ("records", "against"),
    [
        ([], None),
        ([], []),
        ([{"a": "x"}], None),
        ([{"a": ""}] * 5, None),
        ([{"a": "x"}], [{"b": "y"}]),
        ([{"a": "王"}, {"a": "李"}], None),
        ([{"a": "王伟"}] * 80, None),
    ],
)
def test_a_table_without_evidence_links_nothing(records, against):
    linked = link(records, against, ["a", "b"])
    assert linked.same == ()
    assert linked.groups == ()


def test_a_hundred_copies_of_one_row_end_in_groups():
    file = [{"a": f"name{i % 9}q{i % 9 * 77}", "b": str(i % 9 * 9973 + 10000)} for i in range(900)]
    linked = link(file, None, ["a", "b"])
    assert all(len({record % 9 for record in group}) == 1 for group in linked.groups)
    assert sum(map(len, linked.groups)) == 900


def test_the_answer_is_the_same_in_every_process():
    script = (
        "import sys, random; from tests.simulators import linkage_sets as s, people as p;"
        "from cheyi.customers.engine.bench import run_rows; from cheyi.customers.engine.merging import propose;"
        "from cheyi.customers.engine.marks import Person;"
        "run_rows(s.one_file(150, seed=3).rows).write(sys.stdout, maybe=True);"
        "a, b = s.two_files(150, seed=4, households=0.3); run_rows(a.rows, b.rows).write(sys.stdout, maybe=True);"
        "town = p.town(150, 44, 10, seed=5); rows = enumerate([*town.known, *town.back, *town.new]);"
        "print(propose([Person(n, o.name, (o.phone,), (o.plate,), (o.vin,)) for n, o in rows]))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
    assert max(map(len, answers)) > 20_000
