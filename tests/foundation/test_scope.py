"""The first wall: nothing is read or written outside an open store."""

import pytest
from django.db import transaction

from cheyi.foundation.models import Employee, Team
from cheyi.foundation.scope import NoScope, OutOfScope, everywhere, scope_of, using, within
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db


def test_reading_outside_every_store_is_an_error_not_everything():
    with using(None), pytest.raises(NoScope):
        list(Team.objects.all())


def test_a_store_sees_its_own_rows_only():
    town = found_town()
    with within(town.store):
        Team.objects.create(store=town.store, name="机电一组", created_at=NOW)
    with within(town.sister):
        Team.objects.create(store=town.sister, name="机电一组", created_at=NOW)
        assert [team.store_id for team in Team.objects.all()] == [town.sister.pk]
    with within(town.store, town.sister):
        assert Team.objects.count() == 2
    with everywhere("counting"):
        assert Team.objects.count() == 2


def test_a_row_of_another_store_is_not_written():
    town = found_town()
    with within(town.store):
        with pytest.raises(OutOfScope), transaction.atomic():
            Team.objects.create(store=town.sister, name="x", created_at=NOW)
        with pytest.raises(OutOfScope), transaction.atomic():
            Team.objects.bulk_create([Team(store=town.sister, name="x", created_at=NOW)])
    with everywhere("counting"):
        assert Team.objects.count() == 0


def test_group_rows_follow_the_group_of_the_open_store():
    town, other = found_town(), None
    with within(town.store):
        Employee.objects.create(group=town.group, no="1", name="甲", home_store=town.store, created_at=NOW)
    with within(town.sister):
        assert Employee.objects.count() == 1
    assert other is None


def test_the_home_store_is_the_first_named():
    town = found_town()
    assert scope_of(town.sister, town.store).home_store_id == town.sister.pk


def test_opening_everything_needs_a_reason():
    with pytest.raises(ValueError, match="why"), everywhere(""):
        pass
