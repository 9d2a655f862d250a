"""What every verb shares: one transaction, audit, facts, reactions, undo."""

from datetime import datetime

import pytest
from django.db import transaction

from cheyi.foundation import acts, events
from cheyi.foundation.access import permission
from cheyi.foundation.acts import act, announce, audit, inverse, lock, undo
from cheyi.foundation.events import Event, fact, together
from cheyi.foundation.models import AuditEntry, Fact, Job, Team
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Refused
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db

permission("foundation.trial.rename", capability="work_order", letter="E")


@fact("foundation.trial.renamed")
class TrialRenamed(Event):
    team_id: int
    price: Money
    on: datetime | None = None


heard: list[Event] = []


@together(TrialRenamed)
def refuse_bad_names(event):
    heard.append(event)
    if Team.objects.get(pk=event.team_id).name == "bad":
        raise Refused("foundation.trial.bad_name")


@events.afterwards(TrialRenamed)
def tell_somebody(event):
    heard.append(event)


@act
def rename(team, name, *, by, now):
    team = lock(team)
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    entry = audit(
        by, "foundation.trial.renamed", team, now=now, undo=("foundation.trial.rename", {"id": team.pk, "name": before})
    )
    announce(TrialRenamed(store_id=team.store_id, happened_at=now, team_id=team.pk, price=Money.yuan(5)))
    return entry


@inverse("foundation.trial.rename")
def rename_back(*, id, name, by, now):  # noqa: A002
    rename(Team.objects.get(pk=id), name, by=by, now=now)
    return f"back to {name}"


@pytest.fixture
def town():
    heard.clear()
    town = found_town()
    with within(town.store):
        yield town


def team_of(town):
    return Team.objects.create(store=town.store, name="old", created_at=NOW)


def test_an_act_leaves_an_audit_row_a_fact_and_a_job_per_reaction(town):
    team = team_of(town)
    rename(team, "new", by=town.person("advisor"), now=NOW)
    entry = AuditEntry.objects.get(code="foundation.trial.renamed")
    assert (entry.thing, entry.thing_id, entry.actor_name, entry.store_id) == (
        "foundation.team",
        team.pk,
        "advisor",
        town.store.pk,
    )
    row = Fact.objects.get(code="foundation.trial.renamed")
    assert row.facts["price"] == 500
    assert [job.name for job in Job.objects.filter(fact=row)] == [f"{__name__}.tell_somebody"]


def test_a_refusing_reaction_undoes_everything(town):
    team = team_of(town)
    with pytest.raises(Refused):
        rename(team, "bad", by=town.person("advisor"), now=NOW)
    assert Team.objects.get().name == "old"
    assert not AuditEntry.objects.filter(code="foundation.trial.renamed").exists()
    assert not Fact.objects.filter(code="foundation.trial.renamed").exists()


def test_a_fact_reads_back_as_it_was_said(town):
    rename(team_of(town), "new", by=town.person("advisor"), now=NOW)
    row = Fact.objects.get(code="foundation.trial.renamed")
    assert events.unpack(row.code, row.facts) == heard[0]


def test_undo_runs_the_inverse_once(town):
    viewer = town.person("advisor")
    entry = rename(team_of(town), "new", by=viewer, now=NOW)
    assert undo(entry.uid, by=viewer, now=NOW) == "back to old"
    assert Team.objects.get().name == "old"
    assert AuditEntry.objects.get(reverses=entry).code == "foundation.trial.renamed"
    with pytest.raises(Refused) as refused:
        undo(entry.uid, by=viewer, now=NOW)
    assert refused.value.code == "foundation.undo.done_already"


def test_undo_needs_the_right_of_the_inverse_and_the_store(town):
    entry = rename(team_of(town), "new", by=town.person("advisor"), now=NOW)
    with pytest.raises(Refused) as refused:
        undo(entry.uid, by=town.person("technician"), now=NOW)
    assert refused.value.code == "foundation.undo.not_allowed"
    with pytest.raises(Refused) as refused:
        undo(entry.uid, by=town.person("advisor", "stranger", store=town.sister), now=NOW)
    assert refused.value.code == "foundation.undo.impossible"
    assert Team.objects.get().name == "new"


def test_only_an_act_may_record_or_announce(town):
    with pytest.raises(RuntimeError, match="act"):
        audit(town.person("advisor"), "foundation.trial.renamed", None)


def test_inside_an_owned_transaction_acts_need_no_savepoint(town, django_assert_num_queries):
    viewer, team = town.person("advisor"), team_of(town)
    # The test's own savepoint and its release; lock, save, the reaction's read, audit, fact, job.
    with django_assert_num_queries(8), acts.owned_transaction():
        rename(team, "new", by=viewer, now=NOW)
    assert transaction.get_connection().in_atomic_block


def test_a_fact_is_announced_by_one_class_only():
    with pytest.raises(ValueError, match="two classes"):
        fact("foundation.trial.renamed")(type("Other", (Event,), {}))
