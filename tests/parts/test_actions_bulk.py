"""Many rows at once give what single acts give, and the same list twice doubles nothing."""

import random
from datetime import date, timedelta

from cheyi.foundation.scope import everywhere
from cheyi.foundation.search import look_up
from cheyi.foundation.sources import Source
from cheyi.parts import actions
from cheyi.parts.actions import BulkPart, BulkStock, Past
from cheyi.parts.models import (
    Balance,
    Cost,
    DemandEntry,
    LookAlike,
    Lot,
    Move,
    Part,
    PartsRequest,
    RequestLine,
    StorePart,
)
from tests.foundation.org import NOW
from tests.parts.stockroom import all_wrong, later, q, yuan


def add(stockroom, *rows):
    return actions.bulk_add_parts(rows, group_id=stockroom.town.group.pk, by=stockroom.keeper, now=NOW)


def test_parts_of_a_list_are_as_if_added_one_by_one(stockroom):
    single = stockroom.part("BYD-BMS-2023A", "电池管理模块", brand="比亚迪", retail_price=yuan("9800"))
    row = BulkPart(
        ref="2",
        part_no="BYD-BMS-2023B",
        name_zh="电池管理模块",
        brand="比亚迪",
        details={"retail_price": yuan("9800")},
    )
    (outcome,) = add(stockroom, row)
    many = Part.objects.get(pk=outcome.id)
    for column in ("brand", "name_zh", "grade", "qty_step", "retail_price", "active"):
        assert getattr(many, column) == getattr(single, column)
    assert LookAlike.objects.filter(part=many).count() == LookAlike.objects.filter(part=single).count()
    assert {hit.target_id for hit in look_up("dcglmk", stockroom.store, things=["part"])} == {single.pk, many.pk}


def test_the_same_list_twice_adds_nothing_and_bad_rows_are_named(stockroom):
    rows = [
        BulkPart(ref="2", part_no="AA-11", name_zh="甲"),
        BulkPart(ref="3", part_no="aa 11", name_zh="甲又一次"),
        BulkPart(ref="4", part_no="--", name_zh="没号"),
        BulkPart(ref="5", part_no="BB-22", name_zh=" "),
        BulkPart(ref="6", part_no="CC-33", name_zh="丙", details={"retail_price": yuan("-1")}),
    ]
    first = add(stockroom, *rows)
    assert [one.kind for one in first] == ["new", "here", "refused", "refused", "refused"]
    assert first[0].id == first[1].id
    assert [one.problem.code for one in first[2:]] == [
        "parts.part.number_missing",
        "parts.part.name_missing",
        "parts.part.bad_value",
    ]
    assert [one.kind for one in add(stockroom, *rows)] == ["here", "here", "refused", "refused", "refused"]
    assert Part.objects.get().name_zh == "甲"


def test_opening_stock_comes_in_once_with_its_bins_and_batches(stockroom):
    part = stockroom.part("BF-DOT4", "制动液")
    tracked = stockroom.part("BAT-60", "蓄电池", lot_tracked=True)
    waiting = stockroom.line(stockroom.ask((part, 2)))
    rows = [
        BulkStock(ref="2", part_id=part.pk, quantity=q(5), value=yuan("100.00"), bin_code="a-01-1-01"),
        BulkStock(ref="3", part_id=part.pk, quantity=q(3), value=yuan("66.00")),
        BulkStock(
            ref="4", part_id=tracked.pk, quantity=q(2), value=yuan("900"), batch="B1", expires_on=date(2027, 1, 1)
        ),
        BulkStock(ref="5", part_id=tracked.pk, quantity=q(2), value=yuan("900")),
        BulkStock(ref="6", part_id=part.pk, quantity=q(0), value=yuan("1")),
        BulkStock(ref="7", part_id=part.pk, quantity=q(1), value=yuan("1"), bin_code="左边架子"),
        BulkStock(ref="8", part_id=part.pk, quantity=q(1), value=yuan("1"), bin_code="A-01-1-01"),
    ]

    def load():
        return actions.bulk_open_stock(rows, store=stockroom.store, by=stockroom.keeper, now=NOW, label="库存.xlsx")

    outcomes = load()
    assert [one.kind for one in outcomes] == ["new", "new", "new", "refused", "refused", "refused", "refused"]
    assert [one.problem.code for one in outcomes[3:]] == [
        "parts.lot.batch_missing",
        "parts.quantity.not_positive",
        "parts.place.bad_code",
        "parts.opening.other_quantity",
    ]
    assert stockroom.balance(part) == ("8", "2")
    assert stockroom.cost(part) == ("8", "166.00")
    waiting.refresh_from_db()
    assert waiting.state == "reserved"
    assert [one.kind for one in load()][:3] == ["here", "here", "here"]
    assert (Move.objects.count(), Lot.objects.count(), stockroom.cost(part)) == (3, 1, ("8", "166.00"))
    assert all_wrong() == []


def test_two_years_of_history_leave_what_single_acts_would_have_left(stockroom):
    rng = random.Random(20260615)
    twins = [(stockroom.part(f"S{n}AA", "单笔"), stockroom.part(f"M{n}BB", "批量")) for n in range(4)]
    events, at = [], later(0) - timedelta(days=700)
    for number in range(120):
        at += timedelta(hours=rng.randint(1, 100))
        pair = rng.choice(twins)
        if rng.random() < 0.4:
            events.append(("purchase_in", pair, q(rng.randint(1, 6)), yuan(f"{rng.randint(1, 90000) / 100:.2f}"), at))
        else:
            events.append(("issue", pair, q(rng.randint(1, 5)), None, at + timedelta(minutes=number)))
    past = [
        Past(
            kind=kind,
            part_id=many.pk,
            quantity=quantity,
            value=value,
            at=when,
            source=Source("trial.paper", 1000 + number),
            line_id=1 if kind == "issue" else None,
        )
        for number, (kind, (_, many), quantity, value, when) in enumerate(events)
    ]
    rng.shuffle(past)
    answers = actions.bulk_history(past, store=stockroom.store, by=stockroom.keeper, now=NOW)
    values = {answer.past.source.id: answer.value for answer in answers}
    for number, (kind, (single, _), quantity, value, when) in enumerate(events):
        if kind == "purchase_in":
            stockroom.stock(single, str(quantity), str(value), now=when)
            continue
        source = Source("trial.single", 1000 + number)
        line = stockroom.line(stockroom.ask((single, str(quantity)), source=source, now=when))
        if line.state == "reserved":
            assert stockroom.issue(line, str(quantity), now=when)[0].value == values[1000 + number]
        else:
            assert values[1000 + number] is None
            actions.release(source=source, store=stockroom.store, by=stockroom.keeper, now=when)
    for single, many in twins:
        assert stockroom.balance(single) == stockroom.balance(many)
        assert stockroom.cost(single) == stockroom.cost(many)
        missed = [
            list(DemandEntry.objects.filter(part=one).order_by("pk").values_list("missing", "asked_on"))
            for one in (single, many)
        ]
        assert sorted(missed[0], key=str) == sorted(missed[1], key=str)
    assert all_wrong() == []
    assert {r.state for r in PartsRequest.objects.all()} == {"closed", "cancelled"}
    assert RequestLine.objects.filter(request__source_kind="trial.paper", state="issued").count() == sum(
        answer.value is not None and answer.past.kind == "issue" for answer in answers
    )


def test_settings_of_many_parts_are_made_once(stockroom):
    one, two = stockroom.part("AA11", "件"), stockroom.part("BB22", "件")
    settings = {one.pk: {"abc": "A", "reorder_point": q(3)}, two.pk: {"abc": "C"}}
    counts = [
        actions.bulk_set_in_store(settings, store=stockroom.store, by=stockroom.keeper, now=NOW) for _ in range(2)
    ]
    assert counts == [2, 0]
    assert StorePart.objects.get(part=one).reorder_point == q(3)


def test_lists_longer_than_one_batch_are_taken_whole(stockroom):
    rows = [
        BulkPart(ref=str(n), part_no=f"BP-{n * 7919 % 100000:05d}-{n:04d}X", name_zh=f"前刹车片{n % 40}型")
        for n in range(1100)
    ]
    outcomes = add(stockroom, *rows, rows[0])
    assert {one.kind for one in outcomes} == {"here", "new"}
    stock = [
        BulkStock(ref=str(n), part_id=one.id, quantity=q(3), value=yuan("90"), bin_code=f"A-{n % 9:02d}-1-{n % 60:02d}")
        for n, one in enumerate(outcomes[:1100])
    ]
    actions.bulk_open_stock(stock, store=stockroom.store, by=stockroom.keeper, now=NOW)
    with everywhere("counting"):
        assert (Part.objects.count(), Balance.objects.count(), Cost.objects.count()) == (1100, 1100, 1100)
    assert all_wrong() == []
