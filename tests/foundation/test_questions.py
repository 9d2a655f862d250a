"""A question keeps its text and is answered as the query itself would be."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import Employee, Store, Team
from cheyi.foundation.questions import Question
from cheyi.foundation.scope import NoScope, everywhere, using, within
from tests.foundation.org import NOW, Town, found_town, hire

pytestmark = pytest.mark.django_db
NAMES = ("机电一组", "机电二组", "钣喷组")


@pytest.fixture
def town() -> Town:
    town = found_town()
    for store in (town.store, town.sister):
        with within(store):
            for day, name in enumerate(NAMES):
                Team.objects.create(store=store, name=name, created_at=NOW + timedelta(days=day))
    return town


def test_a_question_finds_for_other_values_what_the_query_finds(town: Town):
    by_name = Question(lambda name: Team.objects.filter(name=name).select_related("store"))
    with within(town.store):
        for name in (*NAMES, "nobody's"):
            found, plain = by_name(name=name), list(Team.objects.filter(name=name))
            assert found == plain
            assert [team.store.name for team in found] == [town.store.name] * len(plain)


def test_rows_are_models_tuples_or_single_values_as_the_query_says(town: Town):
    rows = Question(lambda store: Team.objects.filter(store_id=store).order_by("pk").values_list("name", "store__code"))
    names = Question(lambda store: Team.objects.filter(store=store).order_by("pk").values_list("name", flat=True))
    marked = Question(lambda store: Team.objects.filter(store_id=store).annotate(at=F("store__name")).order_by("pk"))
    with within(town.store):
        assert rows(store=town.store.pk) == [(name, town.store.code) for name in NAMES]
        assert names(store=town.store.pk) == list(NAMES)
        assert [(team.name, team.at) for team in marked(store=town.store.pk)] == [(n, town.store.name) for n in NAMES]


def test_lists_of_any_length_are_asked_with_few_texts(town: Town):
    among = Question(lambda names: Team.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True))
    stores = Question(lambda stores: Store.objects.filter(pk__in=stores).order_by("pk"))
    with within(town.store):
        texts = set()
        for many in (NAMES[:1], NAMES[:2], NAMES, [*NAMES, "x"], [*NAMES, *NAMES]):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert among(names=many) == list(dict.fromkeys(name for name in many if name != "x"))
            texts.add(asked[0]["sql"].count(","))
        assert len(texts) == 3
        assert among(names=[]) == []
        assert stores(stores={town.store.pk, town.sister.pk}) == [town.store, town.sister]


def test_times_and_days_are_understood(town: Town):
    since = Question(lambda moment: Team.objects.filter(created_at__gte=moment).order_by("pk"))
    hired = Question(lambda day: Employee.objects.filter(hired_on__lte=day).order_by("pk"))
    with within(town.store):
        assert [team.name for team in since(moment=NOW + timedelta(days=1))] == list(NAMES[1:])
    for name, day in (("王建国", date(2025, 12, 31)), ("李明", date(2026, 1, 2))):
        person = hire(town.store, "advisor", name)
        with within(town.store):
            Employee.objects.filter(pk=person.employee_id).update(hired_on=day)
    with within(town.store):
        first, second = Employee.objects.order_by("pk")
        assert hired(day=date(2026, 1, 1)) == [first]
        assert hired(day=date(2026, 1, 2)) == [first, second]


def test_each_scope_has_its_own_answer(town: Town):
    by_name = Question(lambda name: Team.objects.filter(name=name).order_by("pk").values_list("store_id", flat=True))
    with within(town.store):
        assert by_name(name=NAMES[0]) == [town.store.pk]
    with within(town.sister):
        assert by_name(name=NAMES[0]) == [town.sister.pk]
    with within(town.store, town.sister):
        assert by_name(name=NAMES[0]) == [town.store.pk, town.sister.pk]
    with everywhere("counting"):
        assert by_name(name=NAMES[0]) == [town.store.pk, town.sister.pk]
    with using(None), pytest.raises(NoScope):
        by_name(name=NAMES[0])


def test_the_text_is_made_once(town: Town):
    made = []

    def build(name: object) -> object:
        made.append(name)
        return Team.objects.filter(name=name)

    by_name = Question(build)
    with within(town.store), CaptureQueriesContext(connection) as asked:
        for name in NAMES:
            assert by_name.first(name=name).name == name
    assert len(made) == 1
    assert len(asked) == 3
    with within(town.store):
        assert by_name.first(name="nobody's") is None


def test_a_number_that_no_column_holds_finds_nothing(town: Town):
    by_key = Question(lambda key: Team.objects.filter(pk=key))
    with within(town.store):
        assert by_key(key=2**63) == []
        assert by_key(key=-(10**30)) == []
        assert by_key(key=0) == []
        team = Team.objects.order_by("pk")[0]
        assert Question(lambda keys: Team.objects.filter(pk__in=keys))(keys=[team.pk, 2**63]) == [team]


def test_a_question_made_in_one_thread_is_asked_in_another_through_its_own_connection(town: Town):
    by_name = Question(lambda name: Team.objects.filter(name=name))
    with within(town.store):
        (team,) = by_name(name=NAMES[0])
    (ready,) = by_name._kept.values()
    assert ready._compiler.connection is None
    with within(town.store):
        assert by_name(name=NAMES[0]) == [team]


@pytest.mark.parametrize("value", [None, 1.5, object(), b"x"])
def test_what_no_hole_can_take_is_an_error_of_the_programmer(town: Town, value: object):
    by_key = Question(lambda key: Team.objects.filter(pk=key))
    with within(town.store), pytest.raises(TypeError):
        by_key(key=value)
    with within(town.store), pytest.raises(TypeError):
        by_key(key=1, other=2)


@pytest.mark.django_db(transaction=True)
def test_rows_are_not_locked_outside_a_transaction():
    town = found_town()
    locked = Question(lambda key: Team.objects.filter(pk=key).select_for_update())
    with within(town.store):
        with transaction.atomic():
            assert locked(key=1) == []
        with pytest.raises(TransactionManagementError):
            locked(key=1)
