"""What the screens are given: within their budgets, only what the viewer may see, and the same figures as the verbs write."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import WorkShift
from cheyi.kernel import Rate
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import VehicleStore
from cheyi.workshop import actions, saying
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Advice, WorkOrder
from cheyi.workshop.queries.documents import documents
from cheyi.workshop.queries.facts import facts_of, order_facts
from cheyi.workshop.queries.figures import day_figures
from cheyi.workshop.queries.jobs import find_jobs
from cheyi.workshop.queries.order_page import order_page
from cheyi.workshop.queries.phone import my_day
from cheyi.workshop.queries.quoting import Wish, quote
from cheyi.workshop.queries.reception import reception
from cheyi.workshop.queries.shipped import reasons, rows
from cheyi.workshop.saying import lasting
from tests.foundation.org import NOW
from tests.workshop.shop import after, q, yuan


def seen(shop, order, viewer):
    return order_page(order.pk, viewer=viewer, store=shop.store, now=NOW)


def on_shift(shop, viewer):
    """The technician is here from eight to six."""
    WorkShift.objects.create(
        store=shop.store,
        employee=shop.employee(viewer),
        starts_at=after(hours=-1),
        ends_at=after(hours=9),
        created_at=NOW,
    )


def long_order(shop) -> WorkOrder:
    """Twenty jobs with two parts each: sixty lines."""
    parts = [PartWanted(q("0.5"), shop.oil.pk), PartWanted(q(1), name="自带件")]
    return actions.open_order(
        vehicle=shop.car(), jobs=[JobWanted("MA001", parts=parts)] * 20, mileage=20_400, by=shop.advisor, now=NOW
    )


def test_an_order_of_sixty_lines_is_shown_in_five_queries(shop):
    order = actions.dispatch(long_order(shop), technician=shop.employee(shop.technician()), by=shop.foreman, now=NOW)
    actions.report_finding(order, item="胎纹 2 mm", by=shop.advisor, now=NOW)
    with CaptureQueriesContext(connection) as context:
        view = seen(shop, order, shop.advisor)
    assert (len(view.jobs), sum(len(job.parts) for job in view.jobs)) == (20, 40)
    assert {job.technicians for job in view.jobs} == {("王建国",)}
    assert len(context.captured_queries) == 5


def test_facts_from_lines_at_hand_are_those_that_the_database_counts(shop):
    order = long_order(shop)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.add_fee(order, name="拖车", amount=yuan(100), by=shop.advisor, now=NOW)
    order = shop.fresh(order)
    lines = [*order.labour.all(), *order.parts.all(), *order.sublets.all(), *order.fees.all()]
    assert facts_of(order, lines, clocks_running=0, certified=False) == order_facts(order)


def test_the_advisor_sees_customer_and_money_and_what_is_missing(shop):
    order = shop.opened("MA001", mileage=None)
    view = seen(shop, order, shop.advisor)
    assert (view.owner.name, view.sums.labour, view.sums.parts, view.sums.total) == (
        "方志强",
        yuan(192),
        yuan(448),
        yuan(640),
    )
    assert [(one.code, one.blocks) for one in view.missing] == [
        ("technician", "dispatch"),
        ("job", "finish"),
        ("part_issue", "finish"),
        ("self_check", "settle"),
        ("mileage", "settle"),
        ("keys", "hand_over"),
        ("settlement_list", "hand_over"),
    ]
    assert view.verbs == {"dispatch", "start", "cancel"}


def test_a_technician_sees_the_work_but_neither_name_nor_price(shop):
    wang = shop.technician()
    view = seen(shop, shop.opened("MA001", to=wang), wang)
    assert (view.owner, view.shows_prices, view.sums.total, view.sums.labour) == (None, False, yuan(0), yuan(0))
    lines = [view.jobs[0].line, *view.jobs[0].parts]
    assert {line.net for line in lines} | {line.gross for line in lines} == {yuan(0)}
    assert (view.order.plate, view.order.estimate_total) == ("沪A80001", yuan(0))


def test_a_colleagues_order_is_not_shown_to_a_technician(shop):
    order = shop.opened("MA001", to=shop.technician())
    with pytest.raises(WorkOrder.DoesNotExist):
        seen(shop, order, shop.technician("刘洋", mechanics=3))


def test_the_phone_shows_my_jobs_and_nobody_elses(shop):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3)
    order = shop.opened("MA001", "DT004", to=wang)
    actions.start_job(shop.labour(order, 1), by=wang, now=NOW)
    mine = my_day(wang, store=shop.store, now=after(minutes=15))
    assert [card.line.op_code for card in mine.running] == ["DT004"]
    assert [(card.line.op_code, len(card.missing)) for card in mine.following] == [("MA001", 2)]
    assert (mine.running[0].worked_seconds, mine.running[0].stopwatch) == (900, "15:00")
    assert my_day(liu, store=shop.store, now=NOW).following == ()


def test_a_quote_is_what_the_order_will_cost(shop):
    wang = shop.technician()
    on_shift(shop, wang)
    car = shop.car(level="gold")
    wishes = [Wish("MA001"), Wish("CH001"), Wish("EL003", payer="oem")]
    offer = quote(car, wishes, customer=car.ownerships.get().customer, store=shop.store, now=NOW)
    order = actions.open_order(
        vehicle=car, jobs=[JobWanted(one.op_code, payer=one.payer) for one in wishes], by=shop.advisor, now=NOW
    )
    assert offer.total == order.estimate_total == yuan("1405.40")
    assert [(part.priced.part.part_no, part.is_here) for job in offer.jobs for part in job.parts] == [
        ("OIL-5W30", True),
        ("FLT-001", True),
        ("PAD-F01", True),
    ]
    assert offer.proposal.person.name == "王建国"
    assert NOW < offer.promised_at <= after(hours=9)


def test_a_part_of_a_quote_that_lies_elsewhere_says_so(shop):
    for part in (shop.pads,):
        shop.opened("CH001", car=shop.car("沪A80002", vin="", owner=False))
        from cheyi.parts import actions as parts

        balance = part.balances.get()
        parts.adjust(balance, found=q(1), reason="盘点", by=shop.manager, now=NOW)
    offer = quote(shop.car(), [Wish("CH001")], customer=None, store=shop.store, now=NOW)
    (line,) = offer.jobs[0].parts
    assert (line.is_here, offer.missing_parts) == (False, 1)


def test_a_first_visit_asks_for_the_phone_only_where_it_is_not_on_file(shop):
    today = date(2026, 6, 15)
    for car, words in (
        (shop.car(), "首次到店：带看一下车间"),
        (shop.car("沪A80002", vin="", owner=False), "首次到店：带看一下车间，留个手机号好发进度"),
    ):
        view = reception(car.pk, viewer=shop.advisor, store=shop.store, now=NOW)
        assert [saying.point(one, today) for one in view.points] == [words]


def test_a_car_that_was_here_before_the_system_is_no_first_visit(shop):
    car = shop.car()
    VehicleStore.objects.filter(vehicle=car).update(last_visit_on=date(2025, 5, 20))
    view = reception(car.pk, viewer=shop.advisor, store=shop.store, now=NOW)
    assert (view.is_first_visit, [one.code for one in view.points]) == (False, ["here_before"])
    assert saying.point(view.points[0], date(2026, 6, 15)) == "2025-05-20 来过，当时还没用本系统：问问做过什么"


def test_reception_speaks_of_recorded_facts_only(shop):
    car = shop.car()
    vehicles.edit(car, insurance_until=date(2026, 7, 1), store=shop.store, by=shop.advisor, now=NOW)
    order = shop.opened("DT004", mileage=30_000)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.decline([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    actions.cancel(order, reason="客户放弃", by=shop.advisor, now=NOW)
    view = reception(car.pk, viewer=shop.advisor, store=shop.store, now=after(days=3))
    assert [point.code for point in view.points] == ["advice", "first_visit", "insurance"]
    assert view.points[0].advice_id == Advice.objects.get().pk
    assert [one.why for one in view.suggestions[:1]] == ["due_km"]
    assert "CH001" in [one.op_code for one in view.suggestions]
    assert len(view.suggestions) <= 9
    assert len({one.op_code for one in view.suggestions}) == len(view.suggestions)


def test_advice_that_is_taken_up_waits_no_longer(shop):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.decline([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    actions.cancel(order, reason="客户放弃", by=shop.advisor, now=NOW)
    advice = Advice.objects.get()
    again = actions.open_order(
        vehicle=shop.car(), jobs=[JobWanted("CH001", source="advice", advice_id=advice.pk)], by=shop.advisor, now=NOW
    )
    assert shop.fresh(advice).resolved_by_id == again.pk


@pytest.mark.parametrize(
    ("text", "first"),
    [("qscp", "CH001"), ("前刹", "CH001"), ("MA001", "MA001"), ("xby", "MA001"), ("zdy", "MA007")]
    + [(text, "MA001") for text in ("小保养（机油", "小保养(机油机滤)", "小保养（机油机滤）", "xby(jyjl)")],
)
def test_a_job_is_found_by_initials_words_or_code(shop, text, first):
    hits = find_jobs(text, vehicle=shop.car(), store=shop.store)
    assert first in [hit.code for hit in hits[:3]]


def test_jobs_for_other_energies_are_left_out(shop):
    car = shop.car("沪AD80002", energy="bev", vin="")
    assert [hit.code for hit in find_jobs("小保养", vehicle=car, store=shop.store)] == []


def test_the_manager_sees_how_long_orders_stand_where(shop):
    wang = shop.technician()
    shop.opened("DT004", to=wang, promised_at=after(minutes=30))
    shop.opened("DT004", car=shop.car("沪A80002", vin="", owner=False), now=after(minutes=20))
    figures = day_figures(shop.store, after(hours=1))
    assert [(one.state, one.count, one.longest_minutes) for one in figures.states] == [
        ("open", 1, 40),
        ("dispatched", 1, 60),
    ]
    assert (figures.in_shop, figures.late, figures.opened) == (2, 1, 2)
    assert [(one.code, one.minutes) for one in figures.decisions] == [("late", 30)]


def test_the_manager_s_page_is_made_of_ten_queries_and_each_figure_of_two(shop):
    shop.handed_over(shop.pay(shop.ready("DT004")))
    shop.opened("DT004", car=shop.car("沪A80002", vin="", owner=False))
    with CaptureQueriesContext(connection) as context:
        figures = day_figures(shop.store, after(hours=2))
    assert len(context.captured_queries) <= 12
    per_car, on_time = figures.measure("per_car"), figures.measure("on_time")
    assert (per_car.value, per_car.base, per_car.before) == (16_000, 1, None)
    assert (on_time.value, on_time.change) == (None, None)
    for code, count in {"taken": 1, "opened": 2, "delivered": 1, "per_car": 1, "in_shop": 1, "late": 0}.items():
        with CaptureQueriesContext(connection) as context:
            assert (code, len(documents(code, shop.store, after(hours=2)))) == (code, count)
        assert len(context.captured_queries) <= 2


def test_a_discount_beyond_the_limit_waits_for_the_manager_first(shop):
    order = shop.opened("DT004", promised_at=after(minutes=30))
    line = shop.labour(order)
    actions.discount(line, rate=Rate.percent(30), reason="老客户", by=shop.advisor, now=NOW)
    first, second = day_figures(shop.store, after(hours=1)).decisions
    assert (first.code, first.line, first.rate, first.text, second.code) == (
        "discount",
        ("labour", line.pk),
        Rate.percent(30),
        f"{line.name} · 老客户",
        "late",
    )
    actions.approve_discount(line, by=shop.manager, now=NOW)
    assert [one.code for one in day_figures(shop.store, after(hours=1)).decisions] == ["late"]


def test_lengths_are_said_as_people_say_them():
    assert [lasting(n) for n in (0, 59, 60, 90, 1140, 2880, 4320)] == [
        "0 分",
        "59 分",
        "1 小时",
        "1.5 小时",
        "19 小时",
        "2 天",
        "3 天",
    ]


def test_the_shipped_lists_are_whole():
    assert len(rows("ops")) >= 60
    assert [len(reasons(kind)) for kind in ("extra", "discount", "cancel", "delay")] == [5, 8, 7, 7]
    codes = {row["code"] for row in rows("ops")}
    assert {code for row in rows("packages") for code in row["ops"].split()} <= codes
    assert {row["op"] for row in rows("schedule_nodes")} <= codes
    assert {row["skill"] for row in rows("ops")} - {""} <= {row["code"] for row in rows("skills")}
    named = [row["name"] for table in ("ops", "packages", "skills", "schedules") for row in rows(table)]
    assert [name for name in named if "(" in name or ")" in name] == []


def test_nobody_waits_for_a_car_that_is_gone(shop):
    order = shop.handed_over(shop.pay(shop.ready("DT004")))
    figures = day_figures(shop.store, after(hours=2))
    assert (figures.in_shop, figures.delivered, figures.takings.total) == (0, 1, yuan(160))
    assert order.state_at + timedelta(hours=2) >= NOW
