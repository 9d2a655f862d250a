"""INSERTs whose text is kept write what Django's own would write."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.db.models.functions import Now
from django.db.models.sql import InsertQuery

from cheyi.foundation.db.inserting import KeptInserts
from cheyi.foundation.models import NumberSeries, Team
from cheyi.foundation.scope import OutOfScope, within
from tests.foundation.org import NOW, Town

pytestmark = pytest.mark.django_db
TEAMS = ("机电一组", "机电二组", "钣喷组")


@pytest.fixture(autouse=True)
def nothing_kept(town: Town) -> Iterator[dict[Any, Any]]:
    kept: dict[Any, Any] = _compiler([]).__class__._kept
    before = dict(kept)
    kept.clear()
    yield kept
    kept.update(before)


def _compiler(rows: list[models.Model], returning: Any = None) -> Any:
    query = InsertQuery(type(rows[0]) if rows else Team)
    query.insert_values([one for one in query.get_meta().concrete_fields if not one.primary_key], rows)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    return compiler


def _team(town: Town, name: str, **more: Any) -> Team:
    return Team(store=town.store, name=name, **{"created_at": NOW, **more})


def test_a_kept_text_is_djangos_own_with_the_values_of_each_row(town: Town, nothing_kept: dict[Any, Any]):
    with within(town.store):
        for rows in ([_team(town, TEAMS[0])], [_team(town, name, created_by_id=7) for name in TEAMS]):
            first, second = _compiler(rows).as_sql(), _compiler(rows).as_sql()
            assert second == first == KeptInserts._anew(_compiler(rows))
        assert len(nothing_kept) == 2


def test_rows_saved_one_by_one_and_together_are_read_back_as_they_were(town: Town):
    with within(town.store):
        for turn in range(3):
            moment = NOW + timedelta(days=turn, microseconds=turn)
            Team.objects.bulk_create([_team(town, f"{name} {turn}", created_at=moment) for name in TEAMS])
            _team(town, f"单独 {turn}", created_at=moment, created_by_id=2**40).save()
        rows = Team.objects.order_by("pk").values_list("name", "created_at", "created_by_id")
        assert list(rows[4:8]) == [
            *((f"{name} 1", NOW + timedelta(days=1, microseconds=1), None) for name in TEAMS),
            ("单独 1", NOW + timedelta(days=1, microseconds=1), 2**40),
        ]


def test_a_moment_that_the_database_works_out_is_no_value_of_a_kept_text(town: Town):
    with within(town.store):
        _team(town, TEAMS[0]).save()
        _team(town, TEAMS[1], created_at=Now()).save()
        _team(town, TEAMS[2]).save()
        assert list(Team.objects.filter(created_at=NOW).order_by("pk").values_list("name", flat=True)) == [
            TEAMS[0],
            TEAMS[2],
        ]


def test_what_is_done_at_a_conflict_is_part_of_the_text(town: Town):
    series = {"store": town.store, "prefix": "RO", "business_on": NOW.date(), "created_at": NOW}
    keys = ["store", "prefix", "business_on"]
    with within(town.store):
        for last, options in (
            (3, {}),
            (5, {"ignore_conflicts": True}),
            (8, {"update_conflicts": True, "unique_fields": keys, "update_fields": ["last"]}),
            (9, {"ignore_conflicts": True}),
        ):
            NumberSeries.objects.bulk_create([NumberSeries(last=last, **series)], **options)
        assert NumberSeries.objects.get(prefix="RO").last == 8


def test_a_row_of_a_sister_store_is_refused_by_a_kept_text_too(town: Town):
    with within(town.store):
        _team(town, TEAMS[0]).save()
        with pytest.raises(OutOfScope):
            Team(store=town.sister, name=TEAMS[1], created_at=NOW).save()


def test_a_value_of_another_kind_is_made_what_the_column_takes(town: Town):
    with within(town.store):
        _team(town, TEAMS[0], created_by_id=1).save()
        _team(town, 12, created_by_id="34").save()
        assert Team.objects.filter(name="12", created_by_id=34).count() == 1


def test_a_row_with_a_missing_or_foreign_value_names_its_column(town: Town):
    with within(town.store):
        _team(town, TEAMS[0], created_by_id=1).save()
        with pytest.raises(ValueError, match="created_by_id"):
            _team(town, TEAMS[1], created_by_id="nobody").save()


def test_texts_are_made_anew_when_there_are_too_many(
    town: Town, nothing_kept: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cheyi.foundation.db.inserting.MOST_KEPT", 2)
    with within(town.store):
        for many in range(1, 5):
            Team.objects.bulk_create([_team(town, f"{many}-{each}") for each in range(many)])
        assert len(nothing_kept) == 2
        assert Team.objects.count() == 10
