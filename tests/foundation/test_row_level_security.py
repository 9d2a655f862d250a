"""The second wall, engine by engine: what the program forgets to filter, the database does not give.

On PostgreSQL the rows are not there (row-level security, tripwire off); on SQLite the tripwire refuses the statement.
"""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from cheyi.foundation.guards import declarations, installing
from cheyi.foundation.guards.tripwire import Tripped
from cheyi.foundation.models import Employee, Team, WorkShift
from cheyi.foundation.scope import everywhere, scope_of, using, within
from tests.foundation.org import NOW, found_town
from tests.foundation.walls import engine

ON_POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def town(db, settings):
    """Twin rows in both stores; on PostgreSQL the database stands alone."""
    found = found_town()
    for store in (found.store, found.sister):
        with within(store):
            Team.objects.create(store=store, name=f"组 {store.code}", created_at=NOW)
            person = Employee.objects.create(
                group=found.group, no=store.code, name=store.code, home_store=store, created_at=NOW
            )
            WorkShift.objects.create(
                store=store, employee=person, starts_at=NOW, ends_at=NOW.replace(hour=9), created_at=NOW
            )
    settings.TRIPWIRE = "off" if ON_POSTGRESQL else "refuse"
    return found


def given(rows, *, else_expected):
    """What a forgotten filter gets: own rows on PostgreSQL, a refusal on SQLite (then the expected value stands in)."""
    if ON_POSTGRESQL:
        return list(rows())
    with pytest.raises(Tripped):
        list(rows())
    return else_expected


def raw(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_a_bare_queryset_sees_the_own_store_only(town):
    with within(town.store):
        names = given(lambda: QuerySet(Team).values_list("name", flat=True), else_expected=["组 SH01"])
    assert names == ["组 SH01"]


def test_a_reverse_relation_sees_the_own_store_only(town):
    with within(town.store):
        starts = given(
            lambda: Employee.objects.order_by("no").values_list("no", "shifts__starts_at"),
            else_expected=[("SH01", NOW), ("SH02", None)],
        )
    assert starts == [("SH01", NOW), ("SH02", None)]


def test_raw_sql_sees_the_own_store_only(town):
    with within(town.store):
        rows = given(lambda: raw("SELECT name FROM foundation_team"), else_expected=[("组 SH01",)])
    assert rows == [("组 SH01",)]


def test_nothing_is_seen_outside_every_store(town):
    with using(None):
        assert given(lambda: raw("SELECT name FROM foundation_team"), else_expected=[]) == []
        assert given(lambda: raw("SELECT name FROM foundation_employee"), else_expected=[]) == []


def test_a_row_of_another_store_is_not_changed_or_written_by_raw_sql(town):
    sister = town.sister.pk
    with within(town.store), connection.cursor() as cursor:
        if ON_POSTGRESQL:
            cursor.execute("UPDATE foundation_team SET name = 'x' WHERE store_id = %s", [sister])
            assert cursor.rowcount == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(
                    "INSERT INTO foundation_team (store_id, name, created_at) VALUES (%s, 'x', %s)", [sister, NOW]
                )
        else:
            with pytest.raises(Tripped):
                cursor.execute("UPDATE foundation_team SET name = 'x' WHERE store_id = %s", [sister])
    with everywhere("looking after"):
        assert sorted(Team.objects.values_list("name", flat=True)) == ["组 SH01", "组 SH02"]


def test_the_scope_is_kept_in_step_through_changes_and_rollbacks(town):
    """Whatever is undone, the next statement runs in the scope in force."""
    count = "SELECT COUNT(*) FROM foundation_team WHERE store_id IN (%s, %s)"
    both = (town.store.pk, town.sister.pk)

    def seen(scope):
        with using(scope):
            if ON_POSTGRESQL:
                return raw(count, *both)[0][0]
            return Team.objects.count()

    one, two = scope_of(town.store), scope_of(town.store, town.sister)
    assert [seen(one), seen(two), seen(one)] == [1, 2, 1]
    with transaction.atomic():
        assert seen(two) == 2
        transaction.set_rollback(True)
    assert [seen(one), seen(two)] == [1, 2]
    with transaction.atomic():
        assert seen(one) == 1
        with using(two):
            try:
                with transaction.atomic():
                    assert seen(two) == 2
                    raw("SELECT no_such_column FROM foundation_store")
            except DatabaseError:
                pass
        assert seen(one) == 1
    with everywhere("all"):
        assert Team.objects.count() == 2
    assert seen(one) == 1


def test_an_unchanged_scope_is_not_sent_again(town, django_assert_num_queries):
    with within(town.store), django_assert_num_queries(3):
        list(Team.objects.all())
        list(Employee.objects.all())
        list(Team.objects.all())
    if ON_POSTGRESQL:
        with within(town.store):
            list(Team.objects.all())
            sent = connection._sent
            list(Employee.objects.all())
            assert connection._sent is sent


def test_every_scoped_table_has_the_wall(db):
    assert installing.missing() == []
    scoped = {table.name for table in declarations.tables() if table.kind}
    assert "foundation_team" in scoped
    if ON_POSTGRESQL:
        forced = {name for name, state in engine().row_security(connection).items() if state}
        assert forced == scoped


def test_the_program_works_with_the_least_rights(db):
    if ON_POSTGRESQL:
        assert raw("SELECT current_user") == [("cheyi_app",)]
        rights = raw(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'cheyi_app'"
        )
        assert rights == [(False, False, False, False)]
        assert raw("SELECT COUNT(*) FROM pg_class WHERE relowner = 'cheyi_app'::regrole") == [(0,)]
        limits = [raw(f"SHOW {name}")[0][0] for name in ("statement_timeout", "lock_timeout")]
        assert limits == ["15s", "5s"]
        assert raw("SHOW idle_in_transaction_session_timeout") == [("30s",)]
    else:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        assert [raw(f"PRAGMA {name}")[0][0] for name in names] == ["wal", 2, 1, 1, 20000]
