"""Changing a card, contacts, tags, consents, holds, and looking at what is sealed."""

from datetime import date, timedelta

import pytest

from cheyi.customers import actions, queries
from cheyi.customers.models import Consent, ContactHold, Customer, CustomerTag, DuplicatePair, Reveal
from cheyi.foundation.acts import undo
from cheyi.foundation.scope import within
from tests.customers.people import NOW, WANG_MOBILE, audited, told

TODAY = date(2026, 6, 15)


def edit(street, customer, **changes):
    return actions.edit(customer, store=street.home, by=street.advisor(), now=NOW, **changes)


def found(street, text, store=None):
    at = store or street.home
    with within(at):
        return [hit.customer.id for hit in queries.search(text, store=at, viewer=street.advisor(at))]


def test_a_changed_card_is_found_by_the_new_name_in_every_store_that_knows_it(street):
    customer = street.add()
    street.add(store=street.near)
    edit(street, customer, name="王建军", mobile="13911112222")
    for store in (street.home, street.near):
        assert (found(street, "wjj", store), found(street, "wjg", store)) == ([customer.pk], [])
        assert (found(street, "2222", store), found(street, "8000", store)) == ([customer.pk], [])
    row = Customer.objects.get(pk=customer.pk)
    assert (row.mobile.clear(), row.version, row.updated_by_id) == ("13911112222", 2, street.advisor().user_id)


def test_the_record_names_the_fields_never_their_contents(street):
    customer = street.add()
    edit(street, customer, name="王建军", mobile="13911112222", level="gold")
    entry = audited("customers.customer.changed")[0]
    assert entry.facts == {"fields": ["level", "mobile", "name"], "version": 2}
    assert set(entry.inverse["arguments"]) == {"customer_id", "former_id", "version"}
    assert told("customers.customer.changed")[0]["fields"] == ["level", "mobile", "name"]


def test_what_is_the_same_changes_nothing(street):
    customer = street.add(level="gold")
    assert edit(street, customer, name="王建国", mobile="+86 13800138000", level="gold").version == 1
    assert audited("customers.customer.changed") == []


def test_a_changed_number_is_compared_like_a_new_one(street):
    customer = street.add()
    other = street.add("王建军", "13911112222")
    refused = street.refused(lambda: edit(street, other, name="王建国", mobile=WANG_MOBILE))
    assert (refused.code, refused.facts["customer_id"]) == ("customers.customer.already_here", customer.pk)
    refused = street.refused(lambda: edit(street, other, name="王建国", mobile="13800138001"))
    assert refused.code == "customers.customer.maybe_same"
    edit(street, other, name="王建国", mobile="13800138001", confirmed_new=True)
    assert DuplicatePair.objects.get().points == 70


def test_a_number_is_taken_away(street):
    customer = street.add()
    row = edit(street, customer, mobile="")
    assert (row.mobile.clear(), row.mobile_index, row.mobile_tail_index) == ("", "", "")
    assert found(street, "8000") == []


def test_a_contact_is_sealed_and_his_number_finds_the_customer(street):
    customer = street.add()
    contact = actions.add_contact(
        customer, name="李梅", mobile="13911112222", relation="spouse", may_approve=True, by=street.advisor(), now=NOW
    )
    assert queries.contacts(customer.pk)[0].mobile == "139****2222"
    assert queries.by_mobile("13911112222") == [customer]
    assert found(street, "13911112222") == [customer.pk]
    actions.drop_contact(contact, by=street.advisor(), now=NOW)
    assert (queries.contacts(customer.pk), queries.by_mobile("13911112222")) == ((), [])
    assert found(street, "13911112222") == []


def test_tags_are_the_groups_and_stand_once(street):
    customer = street.add()
    by = street.advisor()
    refused = street.refused(lambda: actions.tag(customer, code="vip", by=by, now=NOW))
    assert (refused.code, refused.field) == ("customers.tag.unknown", "tag")
    actions.make_tag(code="vip", name="老客户", store=street.home, by=by, now=NOW)
    for _ in range(2):
        actions.tag(customer, code="vip", by=by, now=NOW)
    assert queries.card(customer.pk, by, on=TODAY).tags == ("老客户",)
    actions.untag(customer, code="vip", by=by, now=NOW)
    assert CustomerTag.objects.count() == 0


def consent(street, customer, purpose="marketing", **more):
    return actions.record_consent(
        customer, purpose=purpose, channel="paper", wording_version="2026-01", by=street.advisor(), now=NOW, **more
    )


def test_a_consent_holds_until_it_is_withdrawn_and_is_never_deleted(street):
    customer = street.add()
    assert consent(street, customer).pk == consent(street, customer).pk
    assert queries.allows(customer.pk, "marketing")
    actions.withdraw_consent(customer, purpose="marketing", by=street.advisor(), now=NOW + timedelta(days=1))
    assert not queries.allows(customer.pk, "marketing")
    assert Consent.objects.get().withdrawn_at == NOW + timedelta(days=1)


def test_sharing_is_asked_on_its_own(street):
    customer = street.add()
    refused = street.refused(lambda: consent(street, customer, "sharing_oem"))
    assert (refused.code, refused.field) == ("customers.consent.separate_needed", "separate")
    assert consent(street, customer, "sharing_oem", separate=True).separate


def test_marketing_needs_consent_and_silence_is_kept(street):
    customer = street.add()

    def may(purpose, on=TODAY):
        return queries.may_contact(customer.pk, purpose=purpose, on=on)

    assert (may("service"), may("marketing")) == (True, False)
    consent(street, customer)
    assert may("marketing")
    by = street.advisor()
    actions.hold_contact(customer, reason="complaint", until_on=TODAY, by=by, now=NOW)
    assert (may("service"), may("marketing")) == (True, False)
    assert may("marketing", TODAY + timedelta(days=1))
    hold = actions.hold_contact(customer, reason="wish", reach="all", by=by, now=NOW)
    assert (may("service"), queries.holds(customer.pk, on=TODAY)[0].pk) == (False, hold.pk)
    actions.release_hold(hold, by=by, now=NOW)
    assert may("service")


def test_a_hold_is_undone_by_its_inverse(street):
    customer = street.add()
    by = street.advisor()
    actions.hold_contact(customer, reason="wish", reach="all", by=by, now=NOW)
    undo(audited("customers.customer.held")[0].uid, by=by, now=NOW)
    assert ContactHold.objects.get().lifted_at == NOW
    assert queries.may_contact(customer.pk, purpose="service", on=TODAY)


def test_a_hold_that_ends_in_the_past_is_refused(street):
    customer = street.add()
    refused = street.refused(
        lambda: actions.hold_contact(
            customer, reason="wish", until_on=TODAY - timedelta(days=1), by=street.advisor(), now=NOW
        )
    )
    assert (refused.code, refused.field) == ("customers.hold.in_the_past", "until_on")


def reveal(street, customer, field="mobile", reason="call", now=NOW, **more):
    return actions.reveal(customer, field=field, reason=reason, by=street.advisor(), now=now, **more)


def test_a_number_is_shown_in_clear_and_that_is_on_record(street):
    customer = street.add()
    assert reveal(street, customer) == WANG_MOBILE
    entry = audited("customers.customer.revealed")[0]
    assert entry.facts == {"field": "mobile", "reason": "call", "contact": None}
    row = Reveal.objects.get()
    assert (row.user_id, row.field, row.reason, row.seen_on) == (street.advisor().user_id, "mobile", "call", TODAY)


@pytest.mark.parametrize(
    ("field", "reason", "code"),
    [
        ("name", "call", "customers.reveal.unknown_field"),
        ("mobile", "", "customers.reveal.reason_needed"),
        ("mobile", "curious", "customers.reveal.reason_needed"),
        ("address", "paper", "customers.reveal.empty"),
    ],
)
def test_a_reveal_needs_a_field_a_reason_and_a_value(street, field, reason, code):
    customer = street.add()
    assert street.refused(lambda: reveal(street, customer, field, reason)).code == code


def test_the_day_has_a_budget_of_customers_and_the_next_day_a_new_one(street):
    street.home.settings = {"reveals_a_day": 2}
    street.home.save()
    customers = [street.add(name, number) for name, number in (("王一", "13911112222"), ("李二", "13822223333"))]
    last = street.add("张三", "13733334444")
    for customer in [*customers, *customers]:
        reveal(street, customer)
    refused = street.refused(lambda: reveal(street, last))
    assert (refused.code, refused.facts["most"]) == ("customers.reveal.budget_spent", 2)
    assert reveal(street, customers[0]) == "13911112222"
    assert reveal(street, last, now=NOW + timedelta(days=1)) == "13733334444"


def test_a_contacts_number_is_shown_too(street):
    customer = street.add()
    contact = actions.add_contact(customer, name="李梅", mobile="13911112222", by=street.advisor(), now=NOW)
    assert reveal(street, customer, contact=contact) == "13911112222"
    refused = street.refused(lambda: reveal(street, customer, "address", contact=contact))
    assert refused.code == "customers.reveal.unknown_field"


def test_a_reveal_is_never_changed_or_deleted(street):
    from django.db import DatabaseError, transaction

    reveal(street, street.add())
    for act in (lambda: Reveal.objects.update(reason="paper"), lambda: Reveal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Reveal.objects.get().reason == "call"
