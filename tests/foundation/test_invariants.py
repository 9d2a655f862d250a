"""``cheyi check`` finds what is wrong, says it, and repairs nothing."""

import pytest
from django.db import connection

from cheyi.foundation.invariants import REGISTERED, check, invariant
from cheyi.foundation.models import Employee, IdempotencyKey, Job, WorkShift
from cheyi.foundation.scope import current, everywhere, within
from tests.foundation.org import NOW, found_town
from tests.foundation.walls import engine, owner, run

pytestmark = pytest.mark.django_db


def found(code):
    return [line for finding in check([code]) for line in finding.violations]


def test_an_empty_installation_violates_nothing():
    assert [finding for finding in check() if finding.count] == []
    assert {"I6", "I7", "I8", "I10"} <= {finding.invariant.code for finding in check()}


def test_proofs_run_with_every_row_in_sight_and_in_the_order_of_their_codes():
    seen = []

    @invariant("I13")
    def late():
        """One of something."""
        seen.append(current().is_open)
        yield from (f"thing {number}" for number in range(30))

    try:
        findings = list(check())
        assert findings[-1].invariant.title == "One of something."
        assert (findings[-1].count, len(findings[-1].violations)) == (30, 20)
        assert seen == [True]
        with pytest.raises(ValueError, match="twice"):
            invariant("I13")(late)
    finally:
        del REGISTERED[f"{late.__module__}.{late.__qualname__}"]


def test_a_link_into_another_group_is_found_where_the_guards_were_taken_away():
    town = found_town()
    other = found_other()
    with everywhere("planting"):
        stranger = Employee.objects.create(group=other.group, no="1", name="乙", home_store=other, created_at=NOW)
        mine = Employee.objects.create(group=town.group, no="1", name="甲", home_store=town.store, created_at=NOW)
        shift = WorkShift.objects.create(
            store=town.store, employee=mine, starts_at=NOW, ends_at=NOW.replace(hour=9), created_at=NOW
        )
    assert found("I7") == []
    with owner():
        for (kind, name), table in engine().present(connection).items():
            if table == "foundation_workshift" and kind == "trigger":
                run(engine().drop(kind, name, table))
    with within(town.store):
        WorkShift.objects.filter(pk=shift.pk).update(employee=stranger)
    assert found("I7") == [f"foundation_workshift {shift.pk}: employee_id lies in another scope"]
    assert found("I8") != []
    with everywhere("looking"):
        assert WorkShift.objects.get().employee_id == stranger.pk


def found_other():
    from cheyi.foundation.models import Group, LegalEntity, Store

    group = Group.objects.create(name="另一家", created_at=NOW)
    entity = LegalEntity.objects.create(group=group, name="另一家", created_at=NOW)
    return Store.objects.create(group=group, legal_entity=entity, code="BJ01", name="BJ01", created_at=NOW)


def test_a_key_without_its_answer_and_a_job_without_its_end_are_found():
    key = IdempotencyKey.objects.create(owner="user:1", key="k", endpoint="/x", body_hash="", created_at=NOW)
    ended = Job.objects.create(name="a.b.c", state="done", due_at=NOW, created_at=NOW)
    alive = Job.objects.create(name="a.b.d", state="waiting", due_at=NOW, created_at=NOW, finished_at=NOW)
    assert found("I6") == [f"key {key.pk} of user:1 at /x has no answer"]
    assert found("I10") == [
        f"job {ended.pk} (a.b.c) is done without a moment",
        f"job {alive.pk} (a.b.d) is waiting but has ended",
    ]
