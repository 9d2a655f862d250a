"""What the program says of a car and of a plan, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cheyi.kernel import Money, Reason
from cheyi.workshop import saying
from cheyi.workshop.queries.reception import Point

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        (datetime(2026, 4, 2, 8, tzinfo=UTC), "04-02"),
        (datetime(2025, 12, 30, 8, tzinfo=UTC), "2025-12-30"),
    ],
)
def test_what_was_advised_in_another_year_bears_its_year(on, shown):
    one = Point("advice", {"text": "前刹车片", "on": on, "price": Money.yuan(576)})
    assert saying.point(one, TODAY) == f"{shown} 建议过还没做：前刹车片，¥576.00"


def test_a_day_ahead_in_the_next_year_bears_its_year():
    assert saying.point(Point("insurance", {"on": date(2026, 12, 27)}), TODAY) == "12-27 保险到期"
    assert saying.point(Point("insurance", {"on": date(2027, 1, 5)}), TODAY) == "2027-01-05 保险到期"


def test_a_moment_in_a_reason_is_said_like_everywhere():
    now = datetime(2026, 11, 28, 17, tzinfo=UTC)
    told = [saying.reason(Reason("part_comes_later", until=now + timedelta(hours=n)), now) for n in (1, 16, 24 * 40)]
    assert told == ["配件 18:00 到", "配件 11-29 09:00 到", "配件 2027-01-07 17:00 到"]
