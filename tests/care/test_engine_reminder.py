"""Whether somebody is reminded, and every reason to be silent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.due import next_service
from cheyi.care.engine.model import Car, Reading, Service
from cheyi.care.engine.reminder import Circumstances, Decision, Sent, decide
from cheyi.care.engine.schedule import Interval, Schedule
from cheyi.kernel import Rate, Reason, Refused, Unknown

SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 9, 15, 10, 30, tzinfo=SHANGHAI)
TODAY = NOW.date()
YEARLY = Schedule(Interval(10_000, 12))
CAR = Car((Reading(24_800, date(2026, 5, 15)),), last_service=Service(date(2026, 1, 15), 20_000))
DUE = next_service(CAR, YEARLY, today=TODAY)
SOON = Circumstances(NOW, "sms", last_visit_on=date(2026, 5, 15))


def ago(days=0, hours=0):
    return NOW - timedelta(days=days, hours=hours)


def silence(service=DUE, **more):
    decision = decide(service, replace(SOON, **more))
    assert not decision.remind
    return [reason.code for reason in decision.reasons], decision.again_at


def test_a_car_that_is_likely_due_within_thirty_days_is_reminded_with_the_chance():
    chance = Rate(7351)
    assert decide(DUE, SOON) == Decision(
        True, (Reason("likely_due", on=date(2026, 9, 22), chance=chance, days=30),), chance
    )


def test_at_a_chance_of_exactly_sixty_percent_nobody_is_reminded():
    def with_spread(parts):
        return replace(DUE, spread=Rate(parts))

    at = next(parts for parts in range(5000, 9000) if with_spread(parts).chance(today=TODAY, within=30) == Rate(6000))
    above = next(parts for parts in range(at, 0, -1) if with_spread(parts).chance(today=TODAY, within=30) > Rate(6000))
    told = decide(with_spread(at), SOON)
    assert told == Decision(
        False, (Reason("not_due_yet", chance=Rate(6000), needed=Rate(6000), days=30),), Rate(6000), None
    )
    assert decide(with_spread(above), SOON).remind


def test_an_appointment_or_a_visit_of_the_last_sixty_days_silences():
    assert silence(appointment_open=True) == (["appointment_open"], None)
    until = datetime(2026, 9, 16, 9, tzinfo=SHANGHAI)
    assert silence(last_visit_on=TODAY - timedelta(days=59)) == (["visited_lately"], until)
    assert decide(DUE, replace(SOON, last_visit_on=TODAY - timedelta(days=60))).remind
    assert decide(DUE, replace(SOON, last_visit_on=None)).remind


def test_one_reminder_in_ninety_days_on_each_channel():
    assert silence(reminded=(Sent("sms", ago(89)),)) == (["reminded_lately"], datetime(2026, 9, 16, 9, tzinfo=SHANGHAI))
    assert decide(DUE, replace(SOON, reminded=(Sent("sms", ago(90)),))).remind
    assert decide(DUE, replace(SOON, reminded=(Sent("wechat", ago(1)),))).remind


def test_two_contacts_a_week_are_enough():
    touches = (ago(6, 23), ago(3))
    assert silence(touches=touches) == (["touched_enough"], ago(6, 23) + timedelta(days=7))
    assert decide(DUE, replace(SOON, touches=(ago(7), ago(3)))).remind
    assert decide(DUE, replace(SOON, touches=(ago(2),))).remind


def test_the_night_is_quiet_from_nine_to_nine_in_the_stores_time():
    def at(hour, minute=0, zone=SHANGHAI):
        return decide(DUE, replace(SOON, now=datetime(2026, 9, 15, hour, minute, tzinfo=zone)))

    assert [at(8, 59).remind, at(9).remind, at(20, 59).remind, at(21).remind] == [False, True, True, False]
    assert at(21).again_at == datetime(2026, 9, 16, 9, tzinfo=SHANGHAI)
    assert at(3).again_at == datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)
    assert at(2, zone=UTC).reasons[0].code == "quiet_hours"


def test_complaint_wish_and_a_car_that_is_gone_silence_for_good():
    assert silence(complaint_open=True) == (["complaint_open"], None)
    assert silence(opted_out=frozenset({"sms"})) == (["opted_out"], None)
    assert silence(opted_out=frozenset({"all"})) == (["opted_out"], None)
    assert decide(DUE, replace(SOON, opted_out=frozenset({"phone"}))).remind
    for status in ("resold", "scrapped", "stolen", "left_area"):
        assert silence(status=status) == (["car_gone"], None)


def test_every_reason_is_told_and_the_last_of_them_to_end_says_when_to_look_again():
    codes, again = silence(
        now=datetime(2026, 9, 15, 22, tzinfo=SHANGHAI),
        last_visit_on=TODAY - timedelta(days=50),
        reminded=(Sent("sms", ago(10)),),
    )
    assert codes == ["visited_lately", "reminded_lately", "quiet_hours"]
    assert again == datetime(2026, 12, 4, 9, tzinfo=SHANGHAI)
    assert silence(complaint_open=True, reminded=(Sent("sms", ago(10)),)) == (
        ["complaint_open", "reminded_lately"],
        None,
    )


def test_a_car_of_under_5000_km_a_year_has_the_yearly_rule_only():
    half = Schedule(Interval(2_000, 12))
    slow = Car((Reading(21_600, date(2026, 5, 15)),), last_service=Service(date(2026, 1, 15), 20_000))
    slow_due = next_service(slow, half, today=TODAY)
    assert slow_due.chance(today=TODAY, within=30) > Rate(6000)
    assert slow_due.daily.yearly_km == 4_866
    told = decide(slow_due, SOON)
    assert told.reasons == (Reason("yearly_rule", km=4_866, on=date(2027, 1, 15)),)
    later = replace(SOON, now=datetime(2026, 12, 16, 10, tzinfo=SHANGHAI))
    assert decide(slow_due, later).remind
    assert not decide(slow_due, replace(SOON, now=datetime(2026, 12, 15, 10, tzinfo=SHANGHAI))).remind
    without = next_service(slow, Schedule(Interval(2_000)), today=TODAY)
    assert decide(without, later).remind


def test_what_nobody_knows_is_not_reminded_and_says_why():
    codes, again = silence(Unknown((Reason("never_serviced_here"),)))
    assert (codes, again) == (["due_unknown", "never_serviced_here"], None)
    assert silence(last_visit_on=TODAY + timedelta(days=3)) == (["visit_in_the_future"], None)


@pytest.mark.parametrize(
    "bad",
    [
        {"now": datetime(2026, 9, 15, 10)},
        {"touches": (datetime(2026, 9, 1),)},
        {"reminded": (Sent("sms", datetime(2026, 9, 1)),)},
    ],
)
def test_moments_without_a_zone_are_refused(bad):
    with pytest.raises(Refused) as refused:
        decide(DUE, replace(SOON, **bad))
    assert refused.value.code == "care.reminder.moment_without_zone"


def test_all_ways_to_be_silent_together_leave_one_way_to_speak():
    ways = {
        "appointment_open": [False, True],
        "complaint_open": [False, True],
        "opted_out": [frozenset(), frozenset({"sms"})],
        "status": ["in_use", "resold"],
        "last_visit_on": [None, TODAY],
        "reminded": [(), (Sent("sms", ago(1)),)],
        "touches": [(), (ago(1), ago(2))],
        "now": [NOW, NOW.replace(hour=23)],
    }
    told = [decide(DUE, replace(SOON, **dict(zip(ways, row, strict=True)))) for row in product(*ways.values())]
    assert [one.remind for one in told] == [True] + [False] * 255
    assert [len(one.reasons) for one in told] == [max(1, number.bit_count()) for number in range(256)]


@given(
    st.datetimes(datetime(2026, 1, 16), datetime(2028, 1, 1)),
    st.lists(st.integers(0, 700), max_size=4),
    st.lists(st.integers(0, 300), max_size=4),
)
def test_whatever_happens_the_limits_hold(moment, reminded, touches):
    now = moment.replace(tzinfo=SHANGHAI)
    sent = tuple(Sent("sms", now - timedelta(days=days)) for days in reminded)
    told = tuple(now - timedelta(hours=hours) for hours in touches)
    decision = decide(DUE, Circumstances(now, "sms", reminded=sent, touches=told))
    if decision.remind:
        assert 9 <= now.hour < 21
        assert all(days >= 90 for days in reminded)
        assert sum(hours < 168 for hours in touches) < 2
        assert DUE.chance(today=now.date(), within=30) > Rate(6000)
    else:
        assert decision.reasons
        assert decision.again_at is None or decision.again_at > now
