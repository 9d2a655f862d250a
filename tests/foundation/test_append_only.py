"""Append-only rows stay, rows keep their scope, and a link never crosses it: the database itself says no."""

import pytest
from django.db import DatabaseError, connection, transaction

from cheyi.foundation.guards import declarations, installing
from cheyi.foundation.models import AuditEntry, Employee, Fact, Group, LegalEntity, Store, Team, WorkShift
from cheyi.foundation.scope import everywhere, within
from tests.foundation.org import NOW, Town
from tests.foundation.walls import engine, owner, run, trial_tables


@pytest.fixture
def trial(town):
    with trial_tables(), everywhere("test of the guards"):
        yield town


def refused(match, *statements):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        run(*statements)


def count(table, condition="1 = 1"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {condition}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_declared_guard_stands_after_a_migration():
    assert installing.missing() == []


@pytest.mark.django_db
def test_a_guard_that_somebody_took_out_is_named_and_put_back():
    (kind, name), table = next(iter(engine().present(connection).items()))
    with owner():
        run(engine().drop(kind, name, table))
    assert len(installing.missing()) == 1
    assert installing.install() == 1
    assert installing.missing() == []
    assert installing.install() == 0


def test_audit_rows_and_facts_are_never_changed_or_deleted(town):
    entry = AuditEntry.objects.create(at=NOW, actor_name="SYSTEM", code="foundation.trial.done", thing="x")
    fact = Fact.objects.create(code="foundation.trial.done", happened_at=NOW)
    for table, pk in (("foundation_auditentry", entry.pk), ("foundation_fact", fact.pk)):
        refused("append_only", f"UPDATE {table} SET code = 'changed' WHERE id = {pk}")
        refused("append_only", f"DELETE FROM {table} WHERE id = {pk}")
        refused("append_only", f"DELETE FROM {table}")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(code="changed")
    assert AuditEntry.objects.get().code == "foundation.trial.done"
    assert Fact.objects.count() == 1


def test_no_way_around_by_replacing_or_truncating(trial):
    run(f"INSERT INTO trial_box (id, store_id) VALUES (1, {trial.store.pk})")
    if connection.vendor == "postgresql":
        with owner():
            refused("append_only", "TRUNCATE trial_box")
        refused("permission denied", "TRUNCATE trial_box")
        refused("must be owner", "ALTER TABLE trial_box DISABLE TRIGGER ALL")
    else:
        refused("append_only", f"INSERT OR REPLACE INTO trial_box (id, store_id) VALUES (1, {trial.sister.pk})")
    assert count("trial_box", f"id = 1 AND store_id = {trial.store.pk}") == 1


def test_a_row_never_changes_its_store(trial):
    run(f"INSERT INTO trial_shelf (id, store_id) VALUES (1, {trial.store.pk})")
    refused("scope_stays", f"UPDATE trial_shelf SET store_id = {trial.sister.pk}")
    run(f"UPDATE trial_shelf SET store_id = {trial.store.pk}")
    assert count("trial_shelf", f"store_id = {trial.store.pk}") == 1


def test_a_child_lies_in_the_store_of_its_parent(trial):
    here, there = trial.store.pk, trial.sister.pk
    run(f"INSERT INTO trial_shelf (id, store_id) VALUES (1, {here}), (2, {there})")
    refused("other_scope|cheyi_same", f"INSERT INTO trial_box (id, store_id, shelf_id) VALUES (1, {here}, 2)")
    refused("other_scope|cheyi_same", f"INSERT INTO trial_box (id, store_id, shelf_id) VALUES (1, {here}, 99)")
    run(f"INSERT INTO trial_box (id, store_id, shelf_id) VALUES (1, {here}, 1), (2, {here}, NULL)")
    assert count("trial_box") == 2


def test_a_store_row_points_at_rows_of_its_own_group_and_firm(trial):
    other = found_town_named("另一家", "BJ01", "BJ02")
    with everywhere("two groups"):
        mine = Employee.objects.create(group=trial.group, no="1", name="甲", home_store=trial.store, created_at=NOW)
        theirs = Employee.objects.create(group=other.group, no="1", name="乙", home_store=other.store, created_at=NOW)
    box = "INSERT INTO trial_box (id, store_id, {column}) VALUES ({id}, {store}, {value})"
    refused("other_scope", box.format(id=1, column="employee_id", store=trial.store.pk, value=theirs.pk))
    refused(
        "other_scope", box.format(id=1, column="entity_id", store=trial.store.pk, value=other.store.legal_entity_id)
    )
    run(box.format(id=1, column="employee_id", store=trial.store.pk, value=mine.pk))
    run(box.format(id=2, column="entity_id", store=trial.store.pk, value=trial.sister.legal_entity_id))
    assert count("trial_box") == 2


def test_a_group_row_points_at_a_store_row_of_its_own_group(trial):
    other = found_town_named("另一家", "BJ01", "BJ02")
    run(f"INSERT INTO trial_shelf (id, store_id) VALUES (1, {trial.store.pk}), (2, {other.store.pk})")
    refused("other_scope", f"INSERT INTO trial_note (id, group_id, shelf_id) VALUES (1, {trial.group.pk}, 2)")
    run(f"INSERT INTO trial_note (id, group_id, shelf_id) VALUES (1, {trial.group.pk}, 1)")
    refused("other_scope", "UPDATE trial_note SET shelf_id = 2")
    assert count("trial_note", "shelf_id = 1") == 1


def test_the_real_models_are_held_too(town):
    other = found_town_named("另一家", "BJ01", "BJ02")
    with within(other.store):
        stranger = Employee.objects.create(group=other.group, no="1", name="乙", home_store=other.store, created_at=NOW)
    with within(town.store), pytest.raises(DatabaseError, match="other_scope"), transaction.atomic():
        WorkShift.objects.create(
            store=town.store, employee=stranger, starts_at=NOW, ends_at=NOW.replace(hour=9), created_at=NOW
        )
    with everywhere("counting"):
        assert WorkShift.objects.count() == 0


def test_every_foreign_key_between_scoped_models_is_a_declared_link():
    links = {(link.table, link.column) for table in declarations.tables() for link in table.links}
    assert ("foundation_workshift", "employee_id") in links
    assert ("foundation_team", "leader_id") in links
    assert ("foundation_team", "store_id") not in links
    assert ("foundation_employee", "home_store_id") in links
    assert Team._meta.db_table in {table.name for table in declarations.tables() if table.kind == "store"}


def found_town_named(name, *codes):
    """A second group beside the first."""
    group = Group.objects.create(name=name, created_at=NOW)
    entity = LegalEntity.objects.create(group=group, name=name, created_at=NOW)
    stores = [
        Store.objects.create(group=group, legal_entity=entity, code=code, name=code, created_at=NOW) for code in codes
    ]
    return Town(group, *stores)
