"""The technician's phone: what it says, what it leaves out, and what it costs the database."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.queries.jobs import OFTEN_FOUND, jobs_said
from cheyi.workshop.queries.phone import found_on, my_day
from cheyi.workshop.queries.phone_news import my_news, unseen_news
from tests.foundation.org import NOW
from tests.workshop.shop import after, q, yuan


def day(shop, who, **later):
    return my_day(who, store=shop.store, now=after(**later))


def news(shop, who, **later):
    return [(one.code, one.text) for one in my_news(who, store=shop.store, now=after(**later))]


def test_my_day_costs_seven_queries_however_many_jobs(shop):
    wang = shop.technician()
    for plate in ("沪A80001", "沪A80002", "沪A80003"):
        shop.opened("MA001", "DT004", car=shop.car(plate, vin="", owner=None), to=wang)
    with CaptureQueriesContext(connection) as context:
        assert len(day(shop, wang).following) == 6
    assert len(context.captured_queries) <= 7


def test_my_day_with_work_sent_back_costs_no_more_than_seven_queries(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("EN001", to=wang, by=shop.foreman), wang)
    actions.send_back(order, lines=[shop.labour(order)], reason="异响", by=shop.inspector, now=NOW)
    with CaptureQueriesContext(connection) as context:
        (card,) = day(shop, wang).following
    assert (card.sent_back.who, card.sent_back.at, card.sent_back.reason) == ("inspector", NOW, "异响")
    assert len(context.captured_queries) <= 7


def test_the_stopwatch_shows_hours_from_the_first_one_on_and_what_is_over_the_standard(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    card = day(shop, wang, minutes=3, seconds=7).running[0]
    assert (card.stopwatch, card.minutes_over) == ("3:07", 0)
    standard = card.line.std_hours.minutes
    late = day(shop, wang, minutes=standard + 61).running[0]
    assert (late.stopwatch.count(":"), late.minutes_over, late.share) == (2, 61, 100)


def test_a_job_names_the_parts_that_it_waits_for_and_says_when_they_only_have_to_be_fetched(shop):
    wang = shop.technician()
    shop.stock(shop.oil, 4)
    order = shop.opened("MA001", to=wang)
    kept = {line.name: line.state for line in shop.parts_of(order)}
    card = day(shop, wang).following[0]
    assert [part.name for part in card.missing] == list(kept)
    assert card.is_kept is all(state == "reserved" for state in kept.values())
    shop.hand_out(order)
    assert day(shop, wang).following[0].missing == ()


def test_what_waits_for_its_owner_stands_on_the_first_page_until_he_has_answered(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    found = actions.report_finding(order, item="", note="蓄电池快没电", op=shop.op("EL001"), by=wang, now=NOW)
    assert [(one.plate, one.name) for one in day(shop, wang).asked] == [(order.plate, found.line.name)]
    assert [(one.finding.item, one.answer) for one in found_on(order, store=shop.store)] == [("蓄电池快没电", "asked")]
    actions.approve([found.line], answered_by="方志强", by=shop.advisor, now=after(minutes=5))
    assert day(shop, wang, minutes=6).asked == ()
    assert [one.answer for one in found_on(order, store=shop.store)] == ["agreed"]


def test_the_messages_tell_of_given_jobs_and_answers_without_the_owners_name(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    found = actions.report_finding(order, item="", op=shop.op("EL001"), by=wang, now=NOW)
    actions.decline([found.line], answered_by="方志强", by=shop.advisor, now=after(minutes=5))
    told = news(shop, wang, minutes=6)
    assert told == [("put_off", found.line.name), ("given", shop.labour(order).name)]
    assert "方志强" not in str(told)
    assert news(shop, shop.technician("刘洋", mechanics=3), minutes=6) == []
    assert news(shop, wang, days=3) == []


def test_the_messages_tell_of_a_part_that_came(shop):
    wang, lamp = shop.technician(), shop.part("LMP-001", "大灯总成", "900")
    wanted = JobWanted("EL002", parts=[PartWanted(q(1), lamp.pk)])
    order = actions.open_order(vehicle=shop.car(), jobs=[wanted], by=shop.advisor, now=NOW)
    actions.dispatch(order, technician=shop.employee(wang), by=shop.foreman, now=NOW)
    assert day(shop, wang).following[0].is_kept is False
    parts.receive_opening(
        incoming=[Incoming(lamp.pk, q(1), yuan(500))], store=shop.store, by=shop.keeper, now=after(hours=1)
    )
    assert news(shop, wang, hours=2) == [("came", "大灯总成"), ("given", shop.labour(order).name)]
    assert day(shop, wang, hours=2).following[0].is_kept is True


def test_the_messages_cost_six_queries(shop):
    wang = shop.technician()
    shop.opened("MA001", "DT004", to=wang)
    with CaptureQueriesContext(connection) as context:
        assert len(news(shop, wang)) == 2
    assert len(context.captured_queries) <= 6


def test_a_findings_words_offer_the_jobs_that_they_name_and_none_that_is_on_the_order(shop):
    car = shop.car()
    battery = shop.op("EL001")
    said = f"{battery.name}只剩六成"
    assert [hit.code for hit in jobs_said(said, vehicle=car, store=shop.store)][:1] == ["EL001"]
    assert jobs_said(said, vehicle=car, store=shop.store, besides={battery.pk}) == []
    assert [hit.code for hit in jobs_said("", vehicle=car, store=shop.store)] == list(OFTEN_FOUND[:4])


def unseen(shop, who, **later):
    return unseen_news(who, after(**later))


def test_what_happened_since_a_technician_last_opened_his_messages_is_counted_until_he_opens_them(shop):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3)
    order = shop.opened("DT004", to=wang)
    assert (unseen(shop, wang, minutes=1), unseen(shop, liu, minutes=1)) == (1, 0)
    actions.see_news(store=shop.store, by=wang, now=after(minutes=2))
    assert unseen(shop, wang, minutes=3) == 0
    found = actions.report_finding(order, item="", op=shop.op("EL001"), by=wang, now=after(minutes=4))
    actions.decline([found.line], answered_by="方志强", by=shop.advisor, now=after(minutes=5))
    assert unseen(shop, wang, minutes=6) == 1
    actions.see_news(store=shop.store, by=liu, now=after(minutes=7))
    assert unseen(shop, wang, minutes=8) == 1
    assert unseen(shop, wang, days=3) == 0


def test_a_part_that_came_and_work_sent_back_are_counted_too(shop):
    wang, lamp = shop.technician(), shop.part("LMP-001", "大灯总成", "900")
    wanted = JobWanted("EL002", parts=[PartWanted(q(1), lamp.pk)])
    order = actions.open_order(vehicle=shop.car(), jobs=[wanted], by=shop.advisor, now=NOW)
    actions.dispatch(order, technician=shop.employee(wang), by=shop.foreman, now=NOW)
    actions.see_news(store=shop.store, by=wang, now=NOW)
    parts.receive_opening(
        incoming=[Incoming(lamp.pk, q(1), yuan(500))], store=shop.store, by=shop.keeper, now=after(hours=1)
    )
    assert unseen(shop, wang, hours=2) == len(news(shop, wang, hours=2)) - 1 == 1
    back = shop.work(shop.opened("EN001", car=shop.car("沪A80002", vin="", owner=None), to=wang, by=shop.foreman), wang)
    actions.see_news(store=shop.store, by=wang, now=after(hours=2))
    actions.send_back(back, lines=[shop.labour(back)], reason="异响", by=shop.inspector, now=after(hours=3))
    assert unseen(shop, wang, hours=4) == 1


def test_the_count_of_what_is_new_costs_one_query_and_nothing_for_who_is_nobody_here(shop):
    wang = shop.technician()
    shop.opened("MA001", "DT004", to=wang)
    with CaptureQueriesContext(connection) as context:
        assert unseen(shop, wang) == 2
    assert len(context.captured_queries) == 1
    with CaptureQueriesContext(connection) as context:
        assert unseen_news(replace(wang, employee_id=None), NOW) == 0
    assert context.captured_queries == []
