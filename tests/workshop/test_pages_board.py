"""The foreman's board: followed cheaply, moved with what it breaks said, seen by technician, bay and column."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.acts import undo
from cheyi.foundation.invariants import check
from cheyi.foundation.models import AuditEntry, WorkShift
from cheyi.kernel import Refused
from cheyi.project.demo.clock import zone
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.models import Assignment, Bay, WorkOrder
from cheyi.workshop.queries.board import board, stamp
from tests.foundation.org import NOW
from tests.workshop.shop import after
from tests.workshop.test_pages_reception import at_desk, on_duty

KEY = {"HTTP_IDEMPOTENCY_KEY": "move-1", "HTTP_HX_REQUEST": "true"}


@pytest.fixture
def foreman(shop):
    return at_desk(shop.foreman)


def toast(answer) -> str:
    return unquote(answer.headers.get("X-Toast", ""))


def test_a_board_on_which_nothing_happened_costs_three_queries_and_no_body(shop, foreman):
    shop.opened("MA001", to=shop.technician())
    for _ in range(2):  # a minute may end between the two looks, not twice
        tag = foreman.get("/workshop/board/rows").headers["ETag"]
        with CaptureQueriesContext(connection) as context:
            again = foreman.get("/workshop/board/rows", HTTP_IF_NONE_MATCH=tag)
        if again.status_code == 304:
            break
    assert (again.status_code, again.content) == (304, b"")
    assert len(context.captured_queries) <= 3, [one["sql"] for one in context.captured_queries]


def test_every_act_and_every_minute_makes_another_board(shop):
    order = shop.opened("MA001", to=shop.technician())
    before = stamp(shop.store, NOW)
    assert stamp(shop.store, NOW) == before
    assert stamp(shop.store, after(minutes=1)) != before
    actions.take_off(order, by=shop.foreman, now=NOW)
    assert stamp(shop.store, NOW) != before


def test_each_view_has_its_own_mark(shop, foreman):
    marks = {foreman.get(f"/workshop/board/rows?view={view}").headers["ETag"] for view in ("people", "bays", "columns")}
    assert len(marks) == 3


@pytest.mark.parametrize("query", ["", "?view=bays", "?view=columns", "?wall=1", "?view=nonsense"])
def test_every_view_names_the_car_and_leads_to_its_order(shop, foreman, query):
    wang = shop.technician()
    on_duty(shop, wang)
    order = shop.opened("MA001", to=wang)
    text = foreman.get(f"/workshop/board{query}").content.decode()
    assert "80001" in text
    assert f"/workshop/orders/{order.pk}" in text


def test_a_block_of_an_order_without_a_check_says_done(shop):
    wang = shop.technician()
    on_duty(shop, wang, now=NOW)
    shop.ready("DT004", technician=wang)
    (lane,) = [one for one in board(shop.store, after(hours=1)).lanes if one.blocks]
    assert [(one.key, one.words) for one in lane.blocks] == [("ok", ("完工",))]


@pytest.mark.parametrize(("by_bay", "queries"), [(False, 10), (True, 11)])
def test_the_board_is_made_of_ten_queries_by_technician_and_eleven_by_bay_however_many_orders(shop, by_bay, queries):
    wang = shop.technician()
    on_duty(shop, wang)
    for n in range(6):
        shop.opened("MA001", "DT004", car=shop.car(f"沪A8100{n}", vin="", owner=False), to=wang)
    with CaptureQueriesContext(connection) as context:
        seen = board(shop.store, NOW, by_bay=by_bay)
    assert len(seen.orders) == 6
    assert len(context.captured_queries) == queries, [one["sql"] for one in context.captured_queries]


@pytest.mark.parametrize("view", ["people", "bays", "columns"])
def test_the_first_proposal_is_the_one_thing_to_do(shop, foreman, view):
    on_duty(shop, shop.technician())
    for plate in ("沪A81001", "沪A81002"):
        shop.opened("MA001", car=shop.car(plate, vin="", owner=False))
    page = foreman.get(f"/workshop/board?view={view}").content.decode()
    assert page.count("btn-primary") == 1
    assert page.index('id="waiting-') < page.index("data-primary") < page.rindex('id="waiting-')


def test_a_promise_at_risk_names_only_the_work_that_is_still_done(shop):
    wang = shop.technician()
    order = shop.opened("MA001", "CH001", to=wang, promised_at=after(minutes=10))
    actions.add_extra(order, jobs=[JobWanted("DT004")], by=shop.advisor, now=NOW)
    actions.decline([shop.labour(order, 2)], via="phone", answered_by="方太太", by=shop.advisor, now=NOW)
    actions.remove_line(shop.labour(order, 1), reason="客户不做", by=shop.advisor, now=NOW)
    (threat,) = board(shop.store, NOW).threats
    assert threat.works == shop.labour(order).name


def test_a_move_below_the_level_is_made_and_named(shop, foreman):
    li = shop.technician("李小", mechanics=1)
    order = shop.opened("CH001", to=shop.technician())
    line = shop.labour(order)
    answer = foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": li.employee_id}, **KEY)
    assert answer.status_code == 200
    row = Assignment.objects.get(line=line, ended_at=None)
    assert (row.technician_id, row.overruled) == (li.employee_id, "level_too_low")
    assert "级别不够" in toast(answer)


def test_a_suggested_job_put_elsewhere_dispatches_its_order_with_all_its_jobs(shop, foreman):
    li = shop.technician("李小", mechanics=3, diagnosis=3)
    order = shop.opened("CH001", "DT004")
    line = shop.labour(order)
    answer = foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": li.employee_id, "at": "15:00"}, **KEY)
    assert (answer.status_code, WorkOrder.objects.get(pk=order.pk).state) == (200, "dispatched")
    rows = Assignment.objects.filter(line__order=order, ended_at=None).order_by("line__seq")
    assert [(row.technician_id, row.dragged) for row in rows] == [(li.employee_id, True), (li.employee_id, False)]


def test_a_high_voltage_job_is_never_moved_to_who_has_no_certificate(shop, foreman):
    able = shop.technician("赵高", hv=date(2030, 1, 1), mechanics=5, diagnosis=5)
    wang = shop.technician()
    order = shop.opened("DT004", to=able)
    line = shop.labour(order)
    type(line).objects.filter(pk=line.pk).update(high_voltage=True)
    answer = foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": wang.employee_id}, **KEY)
    assert answer.status_code in (409, 422)
    assert Assignment.objects.get(line=line, ended_at=None).technician_id == able.employee_id


def test_a_move_to_another_bay_keeps_the_technician(shop, foreman):
    wang = shop.technician()
    line = shop.labour(shop.opened("CH001", to=wang))
    bay = Bay.objects.filter(kind="general").first()
    foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": wang.employee_id, "bay": bay.pk, "at": "17:00"}, **KEY)
    row = Assignment.objects.get(line=line, ended_at=None)
    assert (row.technician_id, row.bay_id, row.dragged) == (wang.employee_id, bay.pk, True)


@pytest.mark.parametrize(
    "address",
    [
        "/workshop/board/orders/{}/accept",
        "/workshop/board/accept-all",
        "/api/v1/orders/{}/accept-proposal",
        "/api/v1/board/accept-proposals",
    ],
)
def test_a_job_agreed_to_while_the_car_is_in_work_is_accepted_like_a_new_order(shop, foreman, address):
    wang = shop.technician()
    on_duty(shop, wang)
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    extra = shop.labour(order, 1)
    actions.approve([extra], via="phone", answered_by="方太太", by=shop.advisor, now=NOW)
    waiting = board(shop.store, datetime.now(UTC)).waiting
    assert [(one.order.pk, one.works, one.person is not None) for one in waiting] == [(order.pk, (extra.name,), True)]
    answer = foreman.post(address.format(order.pk), "{}", content_type="application/json", **KEY)
    assert answer.status_code == 200, answer.content.decode()
    assert board(shop.store, datetime.now(UTC)).waiting == ()
    assert Assignment.objects.get(line=extra, ended_at=None).technician_id == wang.employee_id
    order.refresh_from_db()
    assert order.state == "working"


def test_an_extra_that_nobody_had_is_nobody_s_again_after_undo_until_somebody_begins_it(shop, foreman):
    wang = shop.technician()
    on_duty(shop, wang)
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.add_extra(order, jobs=[JobWanted("CH001"), JobWanted("DT004")], by=shop.advisor, now=NOW)
    first, second = extras = [shop.labour(order, place) for place in (1, 2)]
    actions.approve(extras, via="phone", answered_by="方太太", by=shop.advisor, now=NOW)
    for line in extras:
        key = {**KEY, "HTTP_IDEMPOTENCY_KEY": f"give-{line.pk}"}
        foreman.post(f"/workshop/board/lines/{line.pk}/move", {"to": wang.employee_id, "at": "17:00"}, **key)
    given = list(AuditEntry.objects.filter(code="workshop.order.assigned").order_by("pk"))
    undo(given[0].uid, by=shop.foreman, now=NOW)
    assert holders(first) == []
    first.refresh_from_db()
    assert (first.state, board(shop.store, datetime.now(UTC)).waiting[0].works) == ("approved", (first.name,))
    taken = AuditEntry.objects.filter(code="workshop.order.assigned").latest("pk")
    undo(taken.uid, by=shop.foreman, now=NOW)
    assert [who for who, *_ in holders(first)] == [who for who, *_ in holders(second)] != []
    actions.finish_job(shop.labour(order), by=wang, now=NOW)
    actions.start_job(second, by=wang, now=NOW)
    with pytest.raises(Refused, match=r"workshop\.line\.clock_runs"):
        undo(given[1].uid, by=shop.foreman, now=NOW)
    actions.finish_job(second, by=wang, now=NOW)
    with pytest.raises(Refused, match=r"workshop\.order\.clock_exists"):
        undo(given[1].uid, by=shop.foreman, now=NOW)
    assert [found for found in check() if found.count] == []


BOTH = ("DT004", "CH001")


def block_of_two(shop, *, to=None):
    """An order with two jobs that stand as one block; the lines and the address of its jobs."""
    order = shop.opened(*BOTH, to=to)
    first, second = (shop.labour(order, place) for place in (0, 1))
    return order, [first, second], f"/workshop/board/lines/{first.pk}/{{}}?with={second.pk}"


def holders(*lines):
    """Who has each of the lines, from when to when, by the store's clock, and whether a person dragged it there."""
    rows = Assignment.objects.filter(line__in=lines, ended_at=None).order_by("line__seq").select_related("line__order")
    return [
        (
            row.technician_id,
            *(
                row.line.order.store.local(at).strftime("%H:%M") if at else ""
                for at in (row.planned_start_at, row.planned_end_at)
            ),
            row.dragged,
        )
        for row in rows
    ]


def rostered(shop, *viewers):
    """A day from eight to eleven at night with a break at eight, in a store where it is one o'clock."""
    now = datetime.now(UTC)
    shop.store.zone = zone(now, midday=True)
    shop.store.save(update_fields=["zone"])
    midnight = shop.store.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for viewer in viewers:
        WorkShift.objects.create(
            store=shop.store,
            employee=shop.employee(viewer),
            starts_at=midnight + timedelta(hours=8),
            ends_at=midnight + timedelta(hours=23),
            break_starts_at=midnight + timedelta(hours=20),
            break_ends_at=midnight + timedelta(hours=21),
            created_at=now,
        )


def test_a_block_of_two_jobs_moves_with_both_one_after_another_in_one_act(shop, foreman):
    wang, liu = shop.technician(), shop.technician("刘洋")
    rostered(shop, wang, liu)
    order, lines, address = block_of_two(shop, to=wang)
    before = AuditEntry.objects.count()
    answer = foreman.post(address.format("move"), {"to": liu.employee_id, "at": "17:00"}, **KEY)
    assert answer.status_code == 200, answer.content.decode()
    first, second = (line.std_hours.minutes for line in lines)
    assert holders(*lines) == [
        (liu.employee_id, "17:00", clock(17 * 60 + first), True),
        (liu.employee_id, clock(17 * 60 + first), clock(17 * 60 + first + second), True),
    ]
    (entry,) = AuditEntry.objects.order_by("pk")[before:]
    assert (entry.code, entry.thing_id, entry.facts["lines"]) == (
        "workshop.order.assigned",
        order.pk,
        [line.pk for line in lines],
    )
    assert f"{lines[0].name}、{lines[1].name} 派给刘洋" in toast(answer)


def clock(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_one_undo_takes_all_jobs_of_a_block_back_to_whom_and_when_they_were(shop, foreman):
    wang, liu = shop.technician(), shop.technician("刘洋")
    rostered(shop, wang, liu)
    _order, lines, address = block_of_two(shop, to=wang)
    foreman.post(address.format("move"), {"to": wang.employee_id, "at": "16:00"}, **KEY)
    before = holders(*lines)
    foreman.post(address.format("move"), {"to": liu.employee_id, "at": "17:00"}, **KEY | {"HTTP_IDEMPOTENCY_KEY": "2"})
    assert [row[0] for row in holders(*lines)] == [liu.employee_id, liu.employee_id]
    entry = AuditEntry.objects.filter(code="workshop.order.assigned").latest("pk")
    undo(entry.uid, by=shop.foreman, now=datetime.now(UTC))
    assert holders(*lines) == before
    assert [row[3] for row in before] == [True, True]


def test_a_job_that_follows_goes_on_after_the_break_of_its_technician(shop, foreman):
    wang = shop.technician()
    rostered(shop, wang)
    _order, lines, address = block_of_two(shop, to=wang)
    first, second = (line.std_hours.minutes for line in lines)
    begins = 20 * 60 - first
    foreman.post(address.format("move"), {"to": wang.employee_id, "at": clock(begins)}, **KEY)
    assert [row[1:3] for row in holders(*lines)] == [
        (clock(begins), "20:00"),
        ("21:00", clock(21 * 60 + second)),
    ]


def test_a_suggested_block_put_elsewhere_dispatches_its_order_with_both_at_their_times(shop, foreman):
    liu = shop.technician("刘洋")
    rostered(shop, liu)
    order, lines, address = block_of_two(shop)
    answer = foreman.post(address.format("move"), {"to": liu.employee_id, "at": "17:00"}, **KEY)
    assert (answer.status_code, shop.fresh(order).state) == (200, "dispatched")
    assert [row[0::3] for row in holders(*lines)] == [(liu.employee_id, True), (liu.employee_id, True)]
    assert holders(*lines)[1][1] == holders(*lines)[0][2]


def test_a_block_of_which_one_job_runs_meanwhile_is_not_moved_at_all(shop, foreman):
    wang, liu = shop.technician(), shop.technician("刘洋")
    rostered(shop, wang, liu)
    _order, lines, address = block_of_two(shop, to=wang)
    actions.start_job(lines[1], by=wang, now=NOW)
    before = holders(*lines)
    answer = foreman.post(address.format("move"), {"to": liu.employee_id, "at": "17:00"}, **KEY)
    assert (answer.status_code, holders(*lines)) == (422, before)


def test_a_job_of_another_car_does_not_move_with_a_block(shop, foreman):
    wang, liu = shop.technician(), shop.technician("刘洋")
    _order, lines, _address = block_of_two(shop, to=wang)
    other = shop.labour(shop.opened("DT004", car=shop.car("沪A81001", vin="", owner=False), to=wang))
    address = f"/workshop/board/lines/{lines[0].pk}/move?with={other.pk}"
    assert foreman.post(address, {"to": liu.employee_id}, **KEY).status_code in (409, 422)
    assert [row[0] for row in holders(lines[0], other)] == [wang.employee_id, wang.employee_id]


def test_the_places_of_a_block_are_those_of_all_its_jobs(shop, foreman):
    wang, poor = shop.technician(), shop.technician("李小", diagnosis=3)
    rostered(shop, wang, poor)
    _order, lines, address = block_of_two(shop, to=wang)
    text = foreman.get(address.format("places")).content.decode()
    assert f"{lines[0].name}、{lines[1].name}" in text
    assert text.count(f'action="{address.format("move")}"') == 2
    assert text.index("王建国") < text.index("李小")
    assert text.count("aria-describedby") == 1


def test_a_block_names_all_its_jobs_and_moves_with_them(shop, foreman):
    wang = shop.technician()
    rostered(shop, wang)
    _order, lines, address = block_of_two(shop, to=wang)
    page = foreman.get("/workshop/board").content.decode()
    assert page.count('class="block ') == 1
    swapped = f"/workshop/board/lines/{lines[1].pk}/{{}}?with={lines[0].pk}"
    ways = [way for way in (address, swapped) if f'data-move="{way.format("move")}"' in page]
    assert len(ways) == 1
    assert f'data-places="{ways[0].format("places")}"' in page
    named = re.search(r'aria-label="([^"]*80001[^"]*)"', page)[1]
    assert all(line.name in named for line in lines)


def test_what_comes_after_the_job_that_runs_is_given_away_from_its_block(shop, foreman):
    wang = shop.technician()
    rostered(shop, wang)
    _order, lines, _address = block_of_two(shop, to=wang)
    actions.start_job(lines[0], by=wang, now=datetime.now(UTC))
    page = foreman.get("/workshop/board").content.decode()
    assert (page.count('class="block '), page.count("data-move=")) == (1, 0)
    assert f'data-places="/workshop/board/lines/{lines[1].pk}/places"' in page
