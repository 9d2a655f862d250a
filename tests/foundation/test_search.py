"""The search finds a thing by the beginning of any of its keys, in the stores that know it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cheyi.foundation import search
from cheyi.foundation.models import SearchKey
from cheyi.foundation.scope import NoScope, OutOfScope, within
from cheyi.foundation.search import (
    Key,
    KeySet,
    code_keys,
    document_keys,
    drop_keys,
    look_up,
    name_keys,
    phone_keys,
    segment_keys,
    write_keys,
    write_keys_many,
)
from cheyi.foundation.searchkeys import folded, stretch
from tests.foundation.org import Town

PLATE_TAILS = (6, 5, 4, 3)


@pytest.fixture
def cars(town) -> Town:
    """Two cars and two owners that the home store knows, one car that only the sister store knows."""
    with within(town.store):
        write_keys(thing="vehicle", target_id=1, store=town.store, keys=code_keys("沪A80001", *PLATE_TAILS))
        write_keys(thing="vehicle", target_id=2, store=town.store, keys=code_keys("沪AD80012", *PLATE_TAILS))
        write_keys(
            thing="customer", target_id=1, store=town.store, keys=[*name_keys("王建国"), *phone_keys("19900001234")]
        )
        write_keys(
            thing="customer", target_id=2, store=town.store, keys=[*name_keys("单雪"), *phone_keys("19900008000")]
        )
    with within(town.sister):
        write_keys(thing="vehicle", target_id=3, store=town.sister, keys=code_keys("浙B80001", *PLATE_TAILS))
    return town


def found(town: Town, text: str, **kwargs: object) -> list[tuple[str, int]]:
    with within(town.store):
        return [(hit.thing, hit.target_id) for hit in look_up(text, town.store, **kwargs)]


@pytest.mark.parametrize(
    "text", ["沪A80001", "沪a·80001", " 沪A-80001 ", "A80001", "80001", "001", "沪A 80001", "８０００１"]
)
def test_a_plate_is_found_whole_by_its_tails_and_however_written(cars, text):
    assert found(cars, text, things=["vehicle"])[0] == ("vehicle", 1)


@pytest.mark.parametrize("text", ["王建国", "王建", "王", "建国", "国", "wjg", "wj", "WangJian", "wangjianguo"])
def test_a_name_is_found_by_characters_initials_and_pinyin(cars, text):
    assert found(cars, text) == [("customer", 1)]


@pytest.mark.parametrize("text", ["sx", "dx", "cx", "shanxue", "danxue", "单"])
def test_a_surname_of_several_readings_is_found_by_each(cars, text):
    assert found(cars, text) == [("customer", 2)]


@pytest.mark.parametrize("text", ["19900001234", "+86 199 0000 1234", "199-0000-1234", "1234"])
def test_a_phone_is_found_whole_or_by_its_last_four(cars, text):
    with within(cars.store):
        (hit,) = look_up(text, cars.store)
    assert (hit.thing, hit.target_id, hit.by_phone) == ("customer", 1, True)


def test_a_phone_never_stands_in_the_table_and_no_beginning_of_it_finds_it(cars):
    with within(cars.store):
        assert not [key for key in SearchKey.objects.values_list("key", flat=True) if "1990000" in key]
    assert found(cars, "1990000") == []
    assert found(cars, "234") == []


def test_four_digits_find_plates_and_phones_together(cars):
    assert set(found(cars, "8000")) == {("vehicle", 1), ("customer", 2)}


def test_what_only_a_sister_store_knows_is_not_found(cars):
    assert found(cars, "浙B") == []
    assert ("vehicle", 3) not in found(cars, "80001")
    with within(cars.sister):
        assert [hit.target_id for hit in look_up("80001", cars.sister)] == [3]


def test_what_belongs_to_the_group_is_found_in_every_store(cars):
    with within(cars.store):
        write_keys(thing="part", target_id=9, group_id=cars.group.pk, keys=segment_keys("BYD-BMS-2023A"))
    for store in (cars.store, cars.sister):
        with within(store):
            for text in ("byd-bms", "BMS 2023a", "2023a"):
                assert [hit.target_id for hit in look_up(text, store)] == [9]


def test_several_words_must_all_fit(cars):
    with within(cars.store):
        write_keys(
            thing="vehicle",
            target_id=2,
            store=cars.store,
            keys=[*code_keys("沪AD80012", *PLATE_TAILS), *name_keys("王芳")],
        )
    assert found(cars, "王 800") == [("vehicle", 2)]
    assert found(cars, "王 80001") == []


def test_things_and_limit_narrow_the_answer(cars):
    assert found(cars, "8000", things=["customer"]) == [("customer", 2)]
    assert len(found(cars, "8", limit=1)) == 1


def test_a_whole_key_stands_before_a_longer_one(cars):
    with within(cars.store):
        write_keys(thing="order", target_id=5, store=cars.store, keys=[Key("wj", 9)])
    assert found(cars, "wj") == [("order", 5), ("customer", 1)]


def test_a_ranking_puts_what_matters_now_first(cars, monkeypatch):
    monkeypatch.setattr(search, "_rankings", {})
    assert found(cars, "800", things=["vehicle"]) == [("vehicle", 1), ("vehicle", 2)]

    @search.ranking("vehicle")
    def today_first(targets, store):
        assert (sorted(targets), store) == ([1, 2], cars.store)
        return {2: 0}

    assert found(cars, "800", things=["vehicle"]) == [("vehicle", 2), ("vehicle", 1)]


def test_writing_keys_replaces_them_in_two_statements(cars):
    with within(cars.store):
        with CaptureQueriesContext(connection) as queries:
            write_keys(thing="vehicle", target_id=1, store=cars.store, keys=code_keys("苏E80077", *PLATE_TAILS))
        assert sum("foundation_searchkey" in query["sql"] for query in queries) == 2
    assert found(cars, "沪A80001") == []
    assert found(cars, "苏E80077") == [("vehicle", 1)]


def test_one_look_up_is_one_statement(cars):
    with within(cars.store), CaptureQueriesContext(connection) as queries:
        look_up("1234", cars.store)
    assert sum("foundation_searchkey" in query["sql"] for query in queries) == 1


def test_a_rare_thing_is_read_from_its_own_stretch_of_the_index(cars):
    with within(cars.store), CaptureQueriesContext(connection) as queries:
        look_up("800", cars.store, things=["vehicle", "customer"])
    (asked,) = [query["sql"] for query in queries if "foundation_searchkey" in query["sql"]]
    assert asked.count("k.thing = ") == 4
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
            plan = [row[3] for row in cursor.fetchall() if "foundation_search" in row[3]]
        stretch_of_a_thing = "(group_id=? AND store_id=? AND thing=? AND key>? AND key<?)"
        assert [stretch_of_a_thing in step for step in plan] == [True] * 4


def test_many_things_are_written_at_once(town):
    sets = [
        KeySet(town.group.pk, town.store.pk, "vehicle", number, tuple(code_keys(f"沪A{number}", 5)))
        for number in range(80_000, 81_200)
    ]
    with within(town.store):
        assert write_keys_many(sets, fresh=True) == 2400
        assert write_keys_many(sets) == 2400
        assert SearchKey.objects.count() == 2400
        assert [hit.target_id for hit in look_up("81199", town.store)] == [81_199]


def test_a_dropped_thing_is_gone_in_every_store(cars):
    with within(cars.store):
        write_keys(thing="vehicle", target_id=3, store=cars.store, keys=["浙B80001"])
        drop_keys(group_id=cars.group.pk, thing="vehicle", target_id=3)
        assert not SearchKey.objects.filter(thing="vehicle", target_id=3).exists()


@pytest.mark.parametrize("text", ["", "   ", "·-", "%", "_", "'", "\0", "☃"])
def test_nothing_to_look_for_finds_nothing(cars, text):
    assert found(cars, text) == []


@pytest.mark.parametrize("text", ["8%", "8_", "' OR 1=1 --", "\ud7ff", "\U0010ffff", "8" * 500, "王" * 500])
def test_odd_texts_do_no_harm(cars, text):
    assert found(cars, text) in ([], found(cars, "8"))


def test_nothing_is_read_or_written_outside_the_scope(cars):
    with pytest.raises(NoScope):
        look_up("80001", cars.store)
    with within(cars.store):
        with pytest.raises(OutOfScope):
            look_up("80001", cars.sister)
        with pytest.raises(ValueError, match="store or a group"):
            write_keys(thing="vehicle", target_id=1, keys=["x"])
    other = found_other_group()
    with within(cars.store), pytest.raises(OutOfScope):
        write_keys(thing="part", target_id=1, group_id=other, keys=["x"])


def found_other_group() -> int:
    from cheyi.foundation.models import Group
    from tests.foundation.org import NOW

    return Group.objects.create(name="别家", created_at=NOW).pk


def texts(keys: list[Key]) -> list[str]:
    return [key.text for key in keys]


def test_the_keys_of_a_name_a_number_and_a_code():
    assert texts(name_keys("王建国")) == ["王建国", "建国", "国", "wjg", "yjg", "wangjianguo", "yujianguo"]
    assert texts(name_keys("Anna Smith")) == ["annasmith", "anna", "smith", "as"]
    assert texts(name_keys("买买提·艾力"))[:5] == ["买买提艾力", "买提艾力", "提艾力", "艾力", "力"]
    assert name_keys(" ") == []
    assert texts(document_keys("ROSH012606150001")) == ["rosh012606150001", "06150001", "150001", "0001"]
    assert texts(segment_keys("BYD-BMS-2023A")) == ["bydbms2023a", "bms2023a", "2023a"]
    assert code_keys("沪A80001", 5) == [Key("沪a80001", 0), Key("80001", 1)]
    assert max(len(key.text) for key in name_keys("很长的名字" * 20)) == 40


@settings(deadline=None)
@given(
    beginning=st.text(min_size=1).map(folded).filter(bool), following=st.text().map(folded), other=st.text().map(folded)
)
def test_a_stretch_holds_exactly_what_begins_with_the_text(beginning, following, other):
    low, high = stretch(beginning)
    assert low <= beginning + following < high
    assert (low <= other < high) == other.startswith(beginning)


@pytest.mark.parametrize("length", [40, 41, 80])
def test_a_name_longer_than_a_key_is_kept_and_found_by_its_beginning(town, length):
    name = "汉" * length
    with within(town.store):
        write_keys(thing="operation", target_id=7, group_id=town.group.pk, keys=[name, name_keys(name)[0]])
        assert {len(key) for key in SearchKey.objects.values_list("key", flat=True)} == {40}
        for typed in (name, name[:40], name[:3]):
            assert [hit.target_id for hit in look_up(typed, town.store)] == [7]
