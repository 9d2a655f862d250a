"""The planner knows what the tables hold, whatever the server does by itself."""

from __future__ import annotations

import pytest
from django.db import connection

from cheyi.foundation.jobs import upkeep
from cheyi.foundation.models import SearchKey, Team
from cheyi.foundation.scope import within
from cheyi.foundation.search import write_keys
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db


def known_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'foundation_searchkey'::regclass")
        return int(cursor.fetchone()[0])


def test_the_planner_is_told_every_night_what_the_tables_hold():
    town = found_town()
    with within(town.store):
        write_keys(thing="vehicle", target_id=1, store=town.store, keys=["a", "b", "c"])
        upkeep.learn_sizes(now=NOW)
        assert SearchKey.objects.count() == 3
    if connection.vendor == "postgresql":
        assert known_rows() >= 3


def test_a_connection_compiles_no_plans_and_keeps_its_time_limits():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            shown = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in ("jit", "statement_timeout")]
        assert shown == ["off", "15s"]
    connection.learn_sizes()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            assert cursor.execute("SHOW statement_timeout").fetchone()[0] == "15s"
            assert cursor.execute("SELECT current_user").fetchone()[0] == "cheyi_app"


def test_more_values_than_the_server_takes_beside_a_statement_are_written_and_asked_for():
    town = found_town()
    rows = 20_000
    with within(town.store):
        made = Team.objects.bulk_create(
            Team(store=town.store, name=f"{number} %s 组", created_at=NOW) for number in range(rows)
        )
        assert len(made) == rows
        assert Team.objects.filter(name=f"{rows - 1} %s 组").count() == 1
        names = [f"{number} %s 组" for number in range(2**16)]
        assert Team.objects.filter(name__in=names).count() == rows
