"""A job whose part is short is planned for when the part is expected, and for no time while nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.scope import within
from cheyi.kernel import Quantity, Reason
from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.parts.models import RequestLine
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted, Placement
from cheyi.workshop.actions.cataloguing import set_kit
from cheyi.workshop.engine.model import PartOption
from cheyi.workshop.models import Assignment, LabourLine, WorkOrder
from cheyi.workshop.planning import standing
from cheyi.workshop.queries.board import board, stamp
from cheyi.workshop.queries.quoting import Wish, quote
from cheyi.workshop.queries.short_parts import (
    ShortPart,
    by_job,
    jobs_held_back,
    plannable,
    transferred,
    wait_for,
)
from tests.workshop.shop import NOW, after, q, yuan
from tests.workshop.test_pages_board import KEY
from tests.workshop.test_pages_reception import at_desk, on_duty

TOMORROW = after(hours=25)  # 10:00 by the store's clock
LATER = after(minutes=10)


@pytest.fixture
def rare(shop):
    return shop.part("RARE-1", "稀有件", "99")


@pytest.fixture
def order(shop, rare):
    """A diagnosis that needs the rare part, and nobody has it yet."""
    shop.technician()
    return opened(shop, rare)


def opened(shop, part, *codes, **words):
    jobs = [JobWanted("DT004", parts=[PartWanted(q(1), part.pk)]), *(JobWanted(code) for code in codes)]
    usual = {"vehicle": words.pop("vehicle", None) or shop.car(), "mileage": 20_400, "by": shop.advisor, "now": NOW}
    return actions.open_order(jobs=jobs, **usual | words)


def expect(shop, order, at, *, now=NOW, choice="urgent_po"):
    line = RequestLine.objects.get(request__source_id=order.pk, state="backordered")
    return parts.choose_shortage_action(line, choice=choice, expected_at=at, by=shop.keeper, now=now)


def come(shop, part, pieces=1, *, now=NOW):
    piece = Incoming(part.pk, q(pieces), yuan(40))
    parts.receive(incoming=[piece], store=shop.store, by=shop.keeper, now=now)


def start_of(shop, order, place=0, *, now=NOW):
    found = standing(shop.store, now).plan().of(shop.labour(order, place).pk)
    return found.start if found else None


def reasons_of(shop, order, *, now=NOW):
    return [one.reason for one in standing(shop.store, now).plan().unplanned if one.order == order.pk]


def held(seen):
    return [(one.line.order.plate, [part.part_no for part in one.parts], one.expected_at, one.overdue) for one in seen]


# --- what is short for which job ---------------------------------------------------------------------------------------


def short(line_id, *, order_id=1, expected_at=None, part_id=7, quantity=1):
    return ShortPart(order_id, line_id, part_id, f"P{part_id}", "件", Quantity.of(quantity), expected_at)


def test_a_part_of_no_job_is_needed_by_the_last_job_of_its_order():
    own, loose, other, done = short(11), short(None), short(None, order_id=2), short(99)
    found = by_job([(1, 11), (1, 12), (2, 21)], [own, loose, other, done])
    assert found == {11: (own,), 12: (loose,), 21: (other,)}


def test_a_job_waits_for_the_last_of_its_parts_and_without_a_date_for_one_there_is_none(shop):
    soon, late, unknown = short(1, expected_at=after(hours=1)), short(1, expected_at=after(hours=5)), short(1)
    assert wait_for((soon, late), {}, store=shop.store, now=NOW).earliest == after(hours=5)
    lacking = wait_for((soon, late, unknown), {}, store=shop.store, now=NOW)
    assert (lacking.earliest, lacking.missing) == (None, True)
    overdue = wait_for((soon, late), {}, store=shop.store, now=after(hours=2))
    assert (overdue.earliest, overdue.missing) == (after(hours=1), True)


@pytest.mark.parametrize(
    ("ahead", "may"),
    [(timedelta(0), False), (timedelta(minutes=1), True), (timedelta(days=7), False), (None, False)],
)
def test_a_plan_waits_for_parts_of_the_coming_week_only(ahead, may):
    told = short(1, expected_at=None if ahead is None else NOW + ahead)
    assert plannable([told], NOW) is may
    assert plannable([], NOW)


@pytest.mark.parametrize(
    ("minutes", "settings", "hours"), [(0, {}, 24), (20, {}, 25), (20, {"parts_transfer_hours": 3}, 4)]
)
def test_what_a_sister_store_sends_is_here_at_a_full_hour_after_a_day_or_what_the_store_has_set(
    shop, minutes, settings, hours
):
    shop.store.settings = settings
    assert transferred(shop.store, after(minutes=minutes)) == after(hours=hours)


# --- the plan and the board --------------------------------------------------------------------------------------------


def test_without_a_date_the_job_is_not_planned_and_the_board_says_so(shop, order):
    assert start_of(shop, order) is None
    assert reasons_of(shop, order) == [Reason("part_without_date")]
    seen = board(shop.store, NOW)
    assert held(seen.held_back) == [("沪A80001", ["RARE-1"], None, False)]
    assert seen.waiting == ()
    assert [block for lane in seen.lanes for block in lane.blocks] == []


def test_a_keeper_orders_a_part_for_tomorrow_and_receives_it_and_the_plan_follows(shop, order, rare):
    mark = stamp(shop.store, LATER)
    expect(shop, order, TOMORROW)
    assert stamp(shop.store, LATER) != mark
    planned = standing(shop.store, NOW).plan().of(shop.labour(order).pk)
    assert (planned.start, planned.reasons[-1]) == (TOMORROW, Reason("waits_for_part", until=TOMORROW))
    seen = board(shop.store, NOW)
    assert held(seen.held_back) == [("沪A80001", ["RARE-1"], TOMORROW, False)]
    assert [(one.person.name, one.start) for one in seen.waiting] == [("王建国", TOMORROW)]
    mark = stamp(shop.store, LATER)
    come(shop, rare)
    assert stamp(shop.store, LATER) != mark
    assert start_of(shop, order) == NOW
    seen = board(shop.store, NOW)
    assert (seen.held_back, [one.start for one in seen.waiting]) == ((), [NOW])


def test_another_date_moves_the_plan_and_one_gone_by_is_no_date_any_more(shop, order):
    for told, begins in ((TOMORROW, TOMORROW), (after(hours=2), after(hours=2)), (TOMORROW, TOMORROW), (None, None)):
        expect(shop, order, told)
        assert start_of(shop, order) == begins
    expect(shop, order, after(hours=2))
    assert held(board(shop.store, NOW).held_back) == []
    gone = after(hours=3)
    assert reasons_of(shop, order, now=gone) == [Reason("part_overdue", expected=after(hours=2))]
    assert held(board(shop.store, gone).held_back) == [("沪A80001", ["RARE-1"], after(hours=2), True)]


def test_a_part_of_next_month_is_named_with_its_day(shop, order):
    told = after(days=30)
    expect(shop, order, told)
    assert reasons_of(shop, order) == [Reason("part_comes_later", until=told)]
    seen = board(shop.store, NOW)
    assert (held(seen.held_back), seen.waiting) == ([("沪A80001", ["RARE-1"], told, False)], ())


def test_pieces_that_another_order_gives_up_fill_the_line_and_the_plan_moves_forward(shop, rare):
    shop.technician()
    shop.stock(rare, 1)
    first = opened(shop, rare)
    second = opened(shop, rare, second_order_reason="第二单")
    assert start_of(shop, second) is None
    actions.remove_line(shop.parts_of(first)[0], reason="客户不做", by=shop.advisor, now=NOW)
    assert start_of(shop, second) is not None
    assert held(board(shop.store, NOW).held_back) == []


def test_work_that_has_begun_stays_where_it_is(shop, rare):
    wang = shop.technician()
    order = opened(shop, rare, dispatch_to=shop.employee(wang))
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert start_of(shop, order, now=LATER) == NOW
    assert board(shop.store, LATER).held_back == ()
    actions.pause_job(shop.labour(order), reason="wait_parts", by=wang, now=LATER)
    assert start_of(shop, order, now=LATER) is None
    assert held(board(shop.store, LATER).held_back) == [("沪A80001", ["RARE-1"], None, False)]


def test_a_drag_to_a_time_before_the_part_begins_when_the_part_is_here(shop, rare):
    wang = shop.technician()
    order = opened(shop, rare, dispatch_to=shop.employee(wang))
    expect(shop, order, after(hours=3))
    place = Placement(
        shop.labour(order).pk, wang.employee_id, start_at=after(hours=1), end_at=after(hours=2), dragged=True
    )
    actions.assign(order, placements=[place], by=shop.foreman, now=NOW)
    assert start_of(shop, order) == after(hours=3)


def test_a_board_with_short_parts_is_made_of_eleven_queries_however_many(shop, rare):
    wang = shop.technician()
    on_duty(shop, wang)
    with within(shop.town.sister):
        parts.receive_opening(
            incoming=[Incoming(rare.pk, q(3), yuan(40))], store=shop.town.sister, by=shop.keeper, now=NOW
        )
    for n in range(4):
        car = shop.car(f"沪A8100{n}", vin="", owner=False)
        opened(shop, rare, vehicle=car)
    with CaptureQueriesContext(connection) as context:
        seen = board(shop.store, NOW)
    assert len(seen.held_back) == 4
    assert len(context.captured_queries) == 11, [one["sql"] for one in context.captured_queries]


# --- giving it to somebody ---------------------------------------------------------------------------------------------


def test_what_waits_for_a_part_is_given_to_nobody_before_its_day_is_known(shop, rare):
    wang, foreman = shop.technician(), at_desk(shop.foreman)
    on_duty(shop, wang)
    order = opened(shop, rare, "MA001", now=datetime.now(UTC))
    waits, other = shop.labour(order, 0), shop.labour(order, 1)
    answer = foreman.post("/workshop/board/accept-all", {}, **KEY)
    assert answer.status_code == 200
    assert (shop.fresh(order).state, [row.line_id for row in open_ones(order)]) == ("dispatched", [other.pk])
    expect(shop, order, datetime.now(UTC) + timedelta(hours=2), now=datetime.now(UTC))
    again = {**KEY, "HTTP_IDEMPOTENCY_KEY": "move-2"}
    assert foreman.post(f"/workshop/board/orders/{order.pk}/accept", {}, **again).status_code == 200
    assert sorted(row.line_id for row in open_ones(order)) == sorted([waits.pk, other.pk])


def open_ones(order):
    return list(Assignment.objects.filter(line__order=order, ended_at=None).order_by("pk"))


def test_a_drag_of_one_job_leaves_the_one_that_waits_for_a_part_alone(shop, rare):
    wang, foreman = shop.technician(), at_desk(shop.foreman)
    on_duty(shop, wang)
    order = opened(shop, rare, "MA001", "CH001", now=datetime.now(UTC))
    line = shop.labour(order, 1)
    answer = foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": wang.employee_id}, **KEY)
    assert (answer.status_code, WorkOrder.objects.get(pk=order.pk).state) == (200, "dispatched")
    assert {row.line_id for row in open_ones(order)} == {line.pk, shop.labour(order, 2).pk}


def test_the_order_page_proposes_nobody_for_what_cannot_begin_and_a_named_technician_takes_it(shop, rare):
    wang, foreman = shop.technician(), at_desk(shop.foreman)
    on_duty(shop, wang)
    order = opened(shop, rare, now=datetime.now(UTC))
    address = f"/workshop/orders/{order.pk}/dispatch"
    refused = foreman.post(address, {}, **KEY)
    assert (refused.status_code, open_ones(order)) == (422, [])
    named = foreman.post(address, {"technician": wang.employee_id}, **{**KEY, "HTTP_IDEMPOTENCY_KEY": "move-2"})
    assert (named.status_code, [row.technician_id for row in open_ones(order)]) == (200, [wang.employee_id])


def test_a_part_of_no_job_holds_back_the_last_job_also_where_that_is_given_already(shop, rare):
    wang, foreman = shop.technician(), at_desk(shop.foreman)
    on_duty(shop, wang)
    order = shop.opened("MA001", "CH001", to=wang, now=datetime.now(UTC))
    actions.add_part(order, part=PartWanted(q(1), rare.pk), by=shop.advisor, now=datetime.now(UTC))
    first, last = shop.labour(order, 0), shop.labour(order, 1)
    assert jobs_held_back(order.pk, store=shop.store, now=datetime.now(UTC)) == {last.pk}
    Assignment.objects.filter(line=first).update(ended_at=datetime.now(UTC))
    LabourLine.objects.filter(pk=first.pk).update(state="approved")
    answer = foreman.post(f"/workshop/orders/{order.pk}/dispatch", {}, **KEY)
    assert (answer.status_code, {row.line_id for row in open_ones(order)}) == (200, {first.pk, last.pk})


def test_the_board_page_names_part_job_plate_and_day(shop, rare):
    wang, foreman = shop.technician(), at_desk(shop.foreman)
    on_duty(shop, wang)
    now = datetime.now(UTC)
    order = opened(shop, rare, now=now)
    text = foreman.get("/workshop/board").content.decode()
    section = text[text.index("今天开不了工") :]
    line = shop.labour(order)
    assert f'id="held-{line.pk}"' in section
    assert all(word in section for word in ("80001", line.name, "稀有件", "到货时间未定"))
    told = shop.store.local(now).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    expect(shop, order, told, now=now)
    assert f"预计 {told:%m-%d} 10:00 到" in foreman.get("/workshop/board").content.decode()


# --- the promise -------------------------------------------------------------------------------------------------------


def remedies(threat):
    return [one.what for one in threat.risk.remedies]


def test_a_promise_that_the_arrival_breaks_is_named_with_what_would_keep_it(shop, rare):
    shop.technician()
    order = opened(shop, rare, promised_at=after(hours=5))
    (threat,) = board(shop.store, NOW).threats
    assert (threat.risk.ready_at, threat.risk.reasons) == (None, (Reason("part_without_date"),))
    assert [one.code for one in remedies(threat)] == ["part_by"]
    expect(shop, order, TOMORROW)
    (threat,) = board(shop.store, NOW).threats
    assert threat.risk.reasons == (Reason("waits_for_part", until=TOMORROW),)
    assert [one.code for one in remedies(threat)] == ["part_by", "new_promise"]
    assert threat.risk.ready_at > TOMORROW
    expect(shop, order, after(hours=1))
    assert board(shop.store, NOW).threats == ()


@pytest.mark.parametrize(("hours", "offered"), [(2, ["part_from_store"]), (24, ["part_by", "part_and_new_promise"])])
def test_a_sister_store_that_can_send_the_part_in_time_is_offered(shop, rare, hours, offered):
    shop.technician()
    shop.store.settings = {"parts_transfer_hours": hours}
    order = opened(shop, rare, promised_at=after(hours=6))
    with within(shop.town.sister):
        parts.receive_opening(
            incoming=[Incoming(rare.pk, q(1), yuan(40))], store=shop.town.sister, by=shop.keeper, now=NOW
        )
    (task,) = standing(shop.store, NOW).shop.tasks
    assert (task.order, task.part_options) == (order.pk, (PartOption(shop.town.sister.pk, after(hours=hours)),))
    (threat,) = board(shop.store, NOW).threats
    assert [one.code for one in remedies(threat)] == offered


# --- a new order -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kit(shop, rare):
    """The diagnosis always takes the rare part, of which the store has none."""
    shop.technician()
    set_kit(shop.op("DT004"), part=rare, quantity=q(1), by=shop.manager, now=NOW)
    return rare


def quoted(shop):
    return quote(shop.car("沪A90001", vin="", owner=False), [Wish("DT004")], customer=None, store=shop.store, now=NOW)


def test_a_new_order_is_promised_for_after_its_part_comes_from_a_sister_store(shop, kit):
    with within(shop.town.sister):
        parts.receive_opening(
            incoming=[Incoming(kit.pk, q(1), yuan(40))], store=shop.town.sister, by=shop.keeper, now=NOW
        )
    made = quoted(shop)
    assert made.promised_at > after(hours=24)
    assert made.reasons[0] == Reason("waits_for_part", until=after(hours=24))


def test_a_new_order_is_promised_for_after_the_part_that_is_under_way_for_another(shop, kit):
    order = opened(shop, kit)
    expect(shop, order, TOMORROW)
    made = quoted(shop)
    assert made.promised_at > TOMORROW
    assert Reason("part_without_date") not in made.reasons


def test_a_new_order_whose_part_nobody_has_says_so_beside_the_promise(shop, kit):
    made = quoted(shop)
    assert made.promised_at is not None
    assert made.reasons[0] == Reason("part_without_date")
    shop.stock(kit, 1)
    assert Reason("part_without_date") not in quoted(shop).reasons
