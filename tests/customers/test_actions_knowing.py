"""Who is known where: papers, taking over by a whole number, what sister stores may be shown (design.md 13)."""

from datetime import date, timedelta

import pytest

from cheyi.customers import actions, queries
from cheyi.customers.models import Customer, CustomerStore, Reveal
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from tests.customers.people import NOW, WANG_MOBILE, audited, told

ORDER = Source("workshop.order", 81, "ROSH012606150001")


def consent(street, customer):
    with within(street.far):
        actions.record_consent(
            customer,
            purpose="sharing_group",
            channel="paper",
            wording_version="2026-01",
            separate=True,
            by=street.advisor(street.far),
            now=NOW,
        )


def test_a_paper_makes_known_once_and_tells_who_served_and_when(street):
    customer = street.add(store=street.near)
    for _ in range(2):
        row = actions.know(
            customer, store=street.home, paper=ORDER, by=street.advisor(), now=NOW, visit_on=date(2026, 6, 15)
        )
    assert (row.source, row.served_by_id, row.last_visit_on) == (ORDER, street.advisor().employee_id, date(2026, 6, 15))
    assert CustomerStore.objects.filter(customer=customer).count() == 1
    assert [entry.facts for entry in audited("customers.customer.adopted")] == [
        {"paper": "workshop.order", "paper_id": 81}
    ]


def test_an_earlier_visit_does_not_overwrite_a_later_one(street):
    customer = street.add()
    actions.know(customer, store=street.home, paper=ORDER, by=street.advisor(), now=NOW, visit_on=date(2026, 6, 15))
    row = actions.know(
        customer, store=street.home, paper=ORDER, by=street.advisor(), now=NOW, visit_on=date(2026, 6, 1)
    )
    assert row.last_visit_on == date(2026, 6, 15)


def test_lists_searches_and_cards_cover_known_ones_only(street):
    customer = street.add(store=street.near)
    viewer = street.advisor()
    assert list(queries.known()) == []
    assert queries.by_mobile(WANG_MOBILE) == []
    assert queries.search("", store=street.home, viewer=viewer) == []
    with pytest.raises(Customer.DoesNotExist):
        queries.card(customer.pk, viewer, on=NOW.date())
    actions.know(customer, store=street.home, paper=ORDER, by=viewer, now=NOW)
    assert [hit.customer.id for hit in queries.search("", store=street.home, viewer=viewer)] == [customer.pk]
    assert queries.by_mobile("+86 138 0013 8000") == [customer]
    assert queries.card(customer.pk, viewer, on=NOW.date()).mobile == "138****8000"


def test_a_whole_number_finds_a_sister_stores_customer_masked(street):
    customer = street.add(store=street.near)
    found = queries.elsewhere("+86 138-0013-8000", store=street.home)
    assert [(one.customer_id, one.name, one.mobile, one.stores) for one in found] == [
        (customer.pk, "王**", "138****8000", ("城北店",))
    ]
    assert queries.elsewhere("8000", store=street.home) == []
    assert queries.elsewhere("王建国", store=street.home) == []


def test_another_firms_customer_is_shown_only_with_his_consent(street):
    customer = street.add(store=street.far)
    assert queries.elsewhere(WANG_MOBILE, store=street.home) == []
    consent(street, customer)
    assert [one.customer_id for one in queries.elsewhere(WANG_MOBILE, store=street.home)] == [customer.pk]


def test_taking_over_needs_the_whole_number_and_is_on_record(street):
    customer = street.add(store=street.near)
    by = street.advisor()
    refused = street.refused(lambda: actions.adopt(number="13900001111", store=street.home, by=by, now=NOW))
    assert refused.code == "customers.customer.not_elsewhere"
    assert actions.adopt(number=WANG_MOBILE, store=street.home, by=by, now=NOW, paper=ORDER).pk == customer.pk
    assert audited("customers.customer.adopted")[0].facts == {"paper": "workshop.order", "paper_id": 81}
    assert told("customers.customer.adopted")[0]["customer_id"] == customer.pk
    refused = street.refused(lambda: actions.adopt(number=WANG_MOBILE, store=street.home, by=by, now=NOW))
    assert refused.code == "customers.customer.not_elsewhere"


def test_of_several_on_one_number_the_one_meant_is_chosen(street):
    first = street.add(store=street.near)
    second = street.add("李梅", store=street.near, shared_phone=True)
    by = street.advisor()
    refused = street.refused(lambda: actions.adopt(number=WANG_MOBILE, store=street.home, by=by, now=NOW))
    assert (refused.code, refused.facts["count"]) == ("customers.customer.several_elsewhere", 2)
    taken = actions.adopt(number=WANG_MOBILE, store=street.home, by=by, now=NOW, customer_id=second.pk)
    assert (taken.pk, first.pk in {row.pk for row in queries.known()}) == (second.pk, False)


def test_history_opens_within_the_firm_and_for_the_group_after_consent(street):
    customer = street.add(store=street.far)
    firm = {street.home.pk, street.near.pk}
    assert queries.stores_sharing(customer.pk, store=street.home) == firm
    consent(street, customer)
    assert queries.stores_sharing(customer.pk, store=street.home) == firm | {street.far.pk}


def test_the_thirty_first_stranger_within_an_hour_is_refused_and_an_hour_later_free(street):
    street.add(store=street.near)
    by = street.advisor()
    for _ in range(30):
        assert len(actions.look_elsewhere(WANG_MOBILE, store=street.home, by=by, now=NOW)) == 1
    refused = street.refused(lambda: actions.look_elsewhere(WANG_MOBILE, store=street.home, by=by, now=NOW))
    assert refused.code == "customers.search.too_many"
    assert actions.look_elsewhere("13911112222", store=street.home, by=by, now=NOW) == []
    later = NOW + timedelta(hours=1)
    assert len(actions.look_elsewhere(WANG_MOBILE, store=street.home, by=by, now=later)) == 1
    assert Reveal.objects.filter(kind="probe").count() == 31


def test_a_known_customer_is_no_probe(street):
    street.add()
    assert actions.look_elsewhere(WANG_MOBILE, store=street.home, by=street.advisor(), now=NOW) == []
    assert Reveal.objects.count() == 0


def test_a_consultant_sees_only_those_he_serves(street):
    from tests.foundation.org import hire

    mine = hire(street.home, "consultant", "陈立")
    other = street.add()
    with within(street.home):
        own = actions.add(name="李梅", mobile="13911112222", store=street.home, by=mine, now=NOW)
        assert [row.pk for row in queries.seen_by(mine)] == [own.pk]
        with pytest.raises(Customer.DoesNotExist):
            queries.card(other.pk, mine, on=NOW.date())
        actions.know(other, store=street.home, paper=ORDER, by=mine, now=NOW)
        assert {row.pk for row in queries.seen_by(mine)} == {own.pk, other.pk}


def test_headquarters_sees_the_group_masked_and_a_technician_nobody(street):
    from tests.foundation.org import hire

    customer = street.add(store=street.far)
    head = hire(street.home, "headquarters", "何总")
    card = queries.card(customer.pk, head, on=NOW.date())
    assert (card.name, card.mobile, card.birthday_on) == ("王**", "138****8000", None)
    street.add(store=street.home)
    assert list(queries.seen_by(hire(street.home, "technician", "赵磊"))) == []


def test_a_card_is_read_in_two_statements(street, django_assert_num_queries):
    customer = street.add()
    with django_assert_num_queries(2):
        queries.card(customer.pk, street.advisor(), on=NOW.date())


def test_knowing_again_costs_one_statement(street, django_assert_num_queries):
    customer = street.add()
    with django_assert_num_queries(3):  # savepoint, look, release: the test runs inside a transaction
        actions.know(customer, store=street.home, paper=ORDER, by=street.advisor(), now=NOW)


def test_nobody_is_written_for_another_store(street):
    from cheyi.foundation.scope import OutOfScope

    customer = street.add()
    with pytest.raises(OutOfScope):
        actions.know(customer, store=street.far, paper=ORDER, by=street.advisor(), now=NOW)
    with pytest.raises(Refused):
        actions.adopt(number=WANG_MOBILE, store=street.home, by=street.advisor(), now=NOW)
