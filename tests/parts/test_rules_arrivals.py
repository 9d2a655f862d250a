"""An arrival lies ahead and within a year; what is not coming has none."""

from datetime import UTC, datetime, timedelta

import pytest

from cheyi.kernel import Refused
from cheyi.parts.rules import MOST_DAYS, NOT_COMING, arrival

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("choice", ["wait", "urgent_po", "transfer"])
@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=3), timedelta(days=MOST_DAYS), None])
def test_what_comes_has_the_moment_that_was_told_or_none(choice, ahead):
    told = NOW + ahead if ahead else None
    assert arrival(choice, told, now=NOW) == told


@pytest.mark.parametrize("choice", NOT_COMING)
def test_what_is_not_coming_has_no_arrival(choice):
    assert arrival(choice, NOW + timedelta(days=1), now=NOW) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (NOW, "parts.line.expected_in_the_past"),
        (datetime(1, 1, 1, tzinfo=UTC), "parts.line.expected_in_the_past"),
        (NOW + timedelta(days=MOST_DAYS, minutes=1), "parts.line.expected_too_late"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "parts.line.expected_too_late"),
    ],
)
def test_a_moment_gone_by_or_beyond_a_year_is_refused_beside_its_field(told, code):
    with pytest.raises(Refused) as refusal:
        arrival("wait", told, now=NOW)
    assert (refusal.value.code, refusal.value.field) == (code, "expected_at")
