"""How figures, moments, plates and phone numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from cheyi.foundation.ui.environment import environment
from cheyi.foundation.ui.filters import (
    ago,
    clock,
    day,
    hrs,
    initial,
    km,
    marked,
    masked_phone,
    percent,
    plate,
    plate_kind,
    qty,
    stamp,
    when,
    yuan,
)
from cheyi.kernel import Hours, Money, Quantity, Rate

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(autouse=True)
def in_shanghai():
    with timezone.override("Asia/Shanghai"), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (182_600, "¥1,826.00"),
        (-5_400, "-¥54.00"),
        (0, "¥0.00"),
        (5, "¥0.05"),
        (-5, "-¥0.05"),
        (123_456_789_012, "¥1,234,567,890.12"),
    ],
)
def test_money_has_its_sign_two_decimals_and_commas_with_the_minus_in_front(fen, text):
    assert yuan(Money(fen)) == text


@pytest.mark.parametrize("amount", [12.5, 1250, Decimal("12.5"), Quantity(1000)])
def test_only_money_is_shown_as_money(amount):
    with pytest.raises(TypeError, match="yuan takes Money"):
        yuan(amount)


@pytest.mark.parametrize(("text", "shown"), [("1", "1"), ("4.5", "4.5"), ("1200", "1,200"), ("0.125", "0.125")])
def test_a_quantity_has_no_empty_decimals(text, shown):
    assert qty(Quantity.of(text)) == shown


def test_a_quantity_may_carry_its_unit():
    assert qty(Quantity.of("4.5"), "L") == "4.5 L"


@pytest.mark.parametrize(("text", "shown"), [("0.8", "0.8"), ("1", "1.0"), ("1.25", "1.25"), ("12", "12.0")])
def test_hours_have_one_decimal_and_two_where_they_need_them(text, shown):
    assert hrs(Hours.of(text)) == shown


@pytest.mark.parametrize(
    ("parts", "places", "text"),
    [(470, 1, "4.7%"), (1300, 0, "13%"), (-85, 1, "-0.9%"), (-4, 1, "0.0%"), (3456, 2, "34.56%"), (9995, 0, "100%")],
)
def test_a_rate_is_rounded_half_up_on_its_absolute_value(parts, places, text):
    assert percent(Rate(parts), places) == text


def test_kilometres_have_commas():
    assert km(48_210) == "48,210 km"


@pytest.mark.parametrize("written", [yuan, qty, hrs, km, day, clock, percent, masked_phone])
def test_nothing_is_a_dash(written):
    assert written(None) == "–"


def test_a_day_is_month_and_day_and_has_its_year_when_asked():
    assert day(date(2026, 11, 22)) == "11-22"
    assert day(date(2026, 11, 22), year=True) == "2026-11-22"


def test_moments_are_told_in_the_zone_of_the_store():
    late = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    assert (clock(late), day(late)) == ("01:05", "11-23")


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "11:00"),
        (timedelta(days=1), "11-21 12:00"),
        (timedelta(days=400), "2025-10-18 12:00"),
        (timedelta(hours=-2), "14:00"),
    ],
)
def test_only_the_last_hour_is_told_as_how_long_ago(before, text):
    assert ago(NOON - before, NOON) == text


@pytest.mark.parametrize(
    ("typed", "painted", "kind"),
    [
        ("浙A8K62F", "浙A·8K62F", ""),
        ("浙ad83721", "浙A·D83721", "nev"),
        ("浙A·D83721", "浙A·D83721", "nev"),
        ("浙A 8888学", "浙A·8888学", ""),
        ("使224001", "使224001", ""),
        ("待上牌", "待上牌", ""),
    ],
)
def test_a_plate_is_written_as_it_is_painted(typed, painted, kind):
    assert (plate(typed), plate_kind(typed)) == (painted, kind)


def test_a_large_vehicle_has_a_yellow_plate():
    assert plate_kind("浙A8K62F", large=True) == "large"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("19900001234", "199****1234"),
        ("+8619900001234", "+86199****1234"),
        ("0571-88881234", "0571****1234"),
        ("88123", "***23"),
    ],
)
def test_the_middle_of_a_phone_number_is_hidden(number, shown):
    assert masked_phone(number) == shown


def test_what_was_searched_for_is_marked_and_the_rest_escaped():
    assert marked("WO261122-07 <b>", "wo26") == "<mark>WO26</mark>1122-07 &lt;b&gt;"
    assert marked("<i>", "x") == "&lt;i&gt;"
    assert marked("abc", "") == "abc"


def test_the_round_mark_has_the_first_character():
    assert (initial("李明浩"), initial(" anna")) == ("李", "A")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "12:00"),
        (NOON + timedelta(hours=11), "23:00"),
        (NOON + timedelta(hours=13), "11-23 01:00"),
        (NOON - timedelta(days=365), "2025-11-22 12:00"),
        (None, "–"),
    ],
)
def test_a_moment_has_its_date_unless_it_is_today(moment, text):
    assert when(moment, NOON) == text


def test_on_a_page_a_day_of_another_year_bears_its_year():
    page = environment().from_string("{{ on|day }}")
    now = datetime(2026, 11, 29, 4, tzinfo=UTC)
    assert page.render(on=date(2026, 11, 26), now=now) == "11-26"
    assert page.render(on=date(2025, 11, 26), now=now) == "2025-11-26"
    assert page.render(on=datetime(2027, 1, 2, 3, tzinfo=UTC), now=now) == "2027-01-02"
    assert page.render(on=None, now=now) == "–"
    assert page.render(on=date(2025, 11, 26), now=None) == "11-26"


def test_on_paper_a_moment_has_its_full_date():
    assert (stamp(NOON), stamp(None)) == ("2026-11-22 12:00", "–")
