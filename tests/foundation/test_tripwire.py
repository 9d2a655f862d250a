"""The tripwire: a statement that reads across the wall is refused, whatever way the filter was forgotten."""

import pytest
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery

from cheyi.foundation.guards.declarations import Link, Table
from cheyi.foundation.guards.sql_reading import read
from cheyi.foundation.guards.tripwire import Tripped
from cheyi.foundation.guards.wall import Wall
from cheyi.foundation.models import AuditEntry, Employee, Store, Team, User, WorkShift
from cheyi.foundation.scope import Scope, everywhere, using, within
from tests.foundation.org import NOW, found_town

HERE = Scope(store_ids=frozenset({3}), group_ids=frozenset({1}), home_store_id=3)


def make_wall():
    """Customers and cars of a group; orders of stores; lines and bays beside them."""
    return Wall(
        [
            Table("car", "group", append_only=False, links=()),
            Table("bay", "store", append_only=False, links=()),
            Table(
                "work_order",
                "store",
                append_only=False,
                links=(
                    Link("work_order", "store", "car_id", "car", "group"),
                    Link("work_order", "store", "bay_id", "bay", "store"),
                ),
            ),
            Table(
                "line",
                "store",
                append_only=False,
                links=(Link("line", "store", "order_id", "work_order", "store"),),
            ),
            Table(
                "note",
                "group",
                append_only=False,
                links=(Link("note", "group", "order_id", "work_order", "store"),),
            ),
        ]
    )


FINE = [
    "SELECT id FROM work_order WHERE store_id = 3",
    'SELECT "work_order"."id" FROM "work_order" WHERE "work_order"."store_id" IN (3)',
    "SELECT o.id FROM work_order AS o WHERE (o.state = 'open' AND (o.store_id = 3))",
    "SELECT o.id FROM work_order o WHERE o.store_id = 3 AND (o.state = 'open' OR o.state = 'hold')",
    "SELECT 1 FROM work_order o WHERE o.at BETWEEN 1 AND 2 AND o.store_id = 3",
    # a parent of a bound row lies in the same scope, or in the group above it
    "SELECT o.id, b.name FROM work_order o INNER JOIN bay b ON (o.bay_id = b.id) WHERE o.store_id = 3",
    "SELECT o.id, b.name FROM work_order o LEFT OUTER JOIN bay b ON (o.bay_id = b.id) WHERE o.store_id = 3",
    "SELECT o.id, c.plate FROM work_order o JOIN car c ON o.car_id = c.id WHERE o.store_id = 3",
    # children of a bound row that carry the same scope column
    "SELECT l.id FROM work_order o JOIN line l ON l.order_id = o.id WHERE o.store_id = 3",
    "SELECT o.id FROM work_order o WHERE o.store_id = 3 AND EXISTS(SELECT 1 FROM line l WHERE l.order_id = o.id)",
    "SELECT o.id, (SELECT COUNT(*) FROM line l WHERE l.order_id = (o.id)) FROM work_order o WHERE o.store_id = 3",
    "SELECT c.id FROM car c JOIN work_order o ON o.car_id = c.id AND o.store_id = 3 WHERE c.group_id = 1",
    "SELECT c.id FROM car c LEFT JOIN work_order o ON o.car_id = c.id AND o.store_id = 3 WHERE c.group_id = 1",
    "SELECT COUNT(*) FROM (SELECT DISTINCT o.id AS a FROM work_order o WHERE o.store_id = 3) subquery",
    "SELECT id FROM bay WHERE store_id = 3 UNION ALL SELECT id FROM line WHERE store_id = 3",
    "WITH mine AS (SELECT id FROM work_order WHERE store_id = 3) SELECT * FROM mine",
    "UPDATE line SET state = 'done' WHERE store_id = 3 AND id = 9",
    "DELETE FROM line WHERE id IN (9)",
    "INSERT INTO line (store_id, order_id) VALUES (3, 4)",
    "SELECT id FROM plain WHERE id = 4",
    "SELECT 'FROM work_order' AS text",
]

UNBOUND = [
    ("SELECT id FROM work_order WHERE id = 8", "work_order"),
    ("SELECT id FROM work_order WHERE store_id = 3 OR state = 'open'", "work_order"),
    ("SELECT id FROM work_order WHERE NOT (store_id = 3)", "work_order"),
    ("SELECT id FROM work_order WHERE store_id > 2", "work_order"),
    ("SELECT id FROM work_order WHERE store_id IN (SELECT id FROM plain)", "work_order"),
    ("SELECT id FROM work_order, bay WHERE bay.store_id = 3", "work_order"),
    # a car is the group's: its orders are also those of the sister stores
    ("SELECT o.no FROM car c JOIN work_order o ON o.car_id = c.id WHERE c.group_id = 1", "work_order"),
    (
        "SELECT c.id FROM car c WHERE c.group_id = 1 AND EXISTS(SELECT 1 FROM work_order o WHERE o.car_id = c.id)",
        "work_order",
    ),
    ("SELECT o.no FROM note n JOIN work_order o ON n.order_id = o.id WHERE n.group_id = 1", "work_order"),
    # the ON of an outer join narrows the joined table alone
    ("SELECT o.id FROM work_order o LEFT JOIN bay b ON o.bay_id = b.id AND b.store_id = 3", "work_order"),
    ("SELECT o.id FROM work_order o LEFT JOIN bay b ON o.bay_id = b.id AND o.store_id = 3", "bay, work_order"),
    ("SELECT o.id FROM work_order o JOIN bay b ON o.no = b.no WHERE o.store_id = 3", "bay"),
    ("SELECT COUNT(*) FROM (SELECT id FROM work_order) x", "work_order"),
    ("SELECT id FROM bay WHERE store_id = 3 UNION SELECT id FROM line", "line"),
    ("(SELECT id FROM line) UNION (SELECT id FROM bay WHERE store_id = 3)", "line"),
    ("WITH all_of AS (SELECT id FROM work_order) SELECT * FROM all_of", "work_order"),
    ("UPDATE line SET state = 'done' WHERE id = 9", "line"),
    ("UPDATE plain SET n = (SELECT COUNT(*) FROM line)", "line"),
    ("DELETE FROM plain WHERE id IN (SELECT order_id FROM line)", "line"),
    ("INSERT INTO plain (id) SELECT id FROM line", "line"),
    ("SELECT id FROM work_order WHERE (store_id = 3", "work_order"),
    ("SELECT CASE WHEN store_id = 3 THEN id END FROM work_order", "work_order"),
]


@pytest.mark.parametrize("sql", FINE)
def test_a_statement_that_binds_every_scoped_table_passes(sql):
    assert make_wall().wrong(sql, None, HERE) == ""


@pytest.mark.parametrize(("sql", "tables"), UNBOUND)
def test_a_statement_that_leaves_a_scoped_table_unbound_is_named(sql, tables):
    assert make_wall().wrong(sql, None, HERE) == f"{tables} is read without a condition on its scope"


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT id FROM work_order WHERE store_id = %s AND id = %s", (4, 3)),
        ("SELECT id FROM work_order WHERE id = %s AND store_id = %s", (3, 4)),
        ("SELECT id FROM work_order WHERE store_id IN (%s, %s)", (3, 4)),
        ("SELECT id FROM work_order WHERE store_id = %(store)s", {"store": 4}),
        ("SELECT id FROM work_order WHERE store_id = 4", None),
        ("SELECT (SELECT COUNT(*) FROM line WHERE store_id = %s) FROM work_order WHERE store_id = %s", (4, 3)),
    ],
)
def test_a_bound_value_outside_the_scope_is_named(sql, params):
    assert make_wall().wrong(sql, params, HERE).endswith("is asked for ids outside the scope")


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT id FROM work_order WHERE id = %s AND store_id = %s", (4, 3)),
        ("SELECT id FROM work_order WHERE store_id = %(store)s", {"store": 3}),
        ("SELECT id FROM work_order WHERE store_id IN (%s, %s) AND store_id = %s", (3, 4, 3)),
        ("SELECT id FROM work_order WHERE note = '%%s' AND store_id = %s", (3,)),
    ],
)
def test_a_bound_value_inside_the_scope_passes(sql, params):
    assert make_wall().wrong(sql, params, HERE) == ""


def test_without_a_scope_no_scoped_table_is_read_at_all():
    wall = make_wall()
    assert wall.wrong("SELECT id FROM line WHERE store_id = 3", None, None) == "no scope is open, but line is read"
    assert wall.wrong("SELECT id FROM plain", None, None) == ""


def test_everywhere_reads_everything():
    assert make_wall().wrong("SELECT id FROM line", None, Scope(reason="check")) == ""


def test_a_statement_seen_before_is_not_read_again(monkeypatch):
    wall = make_wall()
    sql = "SELECT o.id FROM work_order o INNER JOIN bay b ON (o.bay_id = b.id) WHERE o.store_id = %s"
    texts: list[str] = []

    def counted(text):
        texts.append(text)
        return read(text)

    monkeypatch.setattr("cheyi.foundation.guards.wall.read", counted)
    assert {wall.wrong(sql, (3,), HERE) for _ in range(1000)} == {""}
    assert wall.wrong(sql, (4,), HERE) != ""
    assert texts == [sql]


@pytest.fixture
def town(db):
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
    return found


def test_a_bare_queryset_is_refused(town):
    with within(town.store), pytest.raises(Tripped, match="foundation_team is read without"):
        list(QuerySet(Team))


def test_a_reverse_relation_in_a_filter_is_refused(town):
    with within(town.store), pytest.raises(Tripped, match="foundation_workshift"):
        list(Employee.objects.filter(shifts__starts_at=NOW))


def test_values_over_a_reverse_relation_are_refused(town):
    with within(town.store), pytest.raises(Tripped, match="foundation_workshift"):
        list(Employee.objects.values("name", "shifts__starts_at"))


def test_an_annotation_over_a_reverse_relation_is_refused(town):
    with within(town.store), pytest.raises(Tripped, match="foundation_workshift"):
        list(Employee.objects.annotate(start=F("shifts__starts_at")))


def test_select_related_from_an_unscoped_row_is_refused(town):
    user = User.objects.create(name="anna", password="!", created_at=NOW)
    with within(town.store), pytest.raises(Tripped, match="foundation_employee"):
        list(User.objects.filter(pk=user.pk).select_related("employee"))


def test_select_related_to_the_group_above_passes(town):
    with within(town.store):
        shifts = list(WorkShift.objects.select_related("employee"))
    assert [shift.employee.name for shift in shifts] == ["SH01"]


def test_a_bare_subquery_is_refused_and_a_scoped_one_passes(town):
    with within(town.store):
        first = WorkShift.objects.filter(employee=OuterRef("pk")).values("starts_at")[:1]
        rows = {row.no: row.start for row in Employee.objects.annotate(start=Subquery(first))}
        assert rows == {"SH01": NOW, "SH02": None}
        bare = QuerySet(WorkShift).filter(employee=OuterRef("pk")).values("starts_at")[:1]
        with pytest.raises(Tripped, match="foundation_workshift"):
            list(Employee.objects.annotate(start=Subquery(bare)))


def test_raw_sql_without_its_store_is_refused(town):
    with within(town.store), connection.cursor() as cursor:
        with pytest.raises(Tripped, match="foundation_team"):
            cursor.execute("SELECT name FROM foundation_team WHERE name <> %s", [""])
        with pytest.raises(Tripped, match="outside the scope"):
            cursor.execute("SELECT name FROM foundation_team WHERE store_id = %s", [town.sister.pk])
        cursor.execute("SELECT name FROM foundation_team WHERE store_id = %s", [town.store.pk])
        assert cursor.fetchall() == [("组 SH01",)]


def test_reading_outside_every_store_is_refused_even_when_the_store_is_named(town):
    with using(None), connection.cursor() as cursor, pytest.raises(Tripped, match="no scope is open"):
        cursor.execute("SELECT name FROM foundation_team WHERE store_id = %s", [town.store.pk])


def test_tables_without_a_scope_are_not_watched(town):
    with using(None):
        assert Store.objects.count() == 2
        assert AuditEntry.objects.count() == 0


def test_production_logs_the_statement_without_its_values_and_goes_on(town, settings, caplog):
    settings.TRIPWIRE = "log"
    with everywhere("moving the mark"):
        Team.objects.filter(store=town.store).update(name="秘密")
    with within(town.store), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM foundation_team WHERE name = %s", ["秘密"])
        found = cursor.fetchall()
    assert found == [("秘密",)]
    assert "read across the wall" in caplog.text
    assert "foundation_team" in caplog.text
    assert "秘密" not in caplog.text
