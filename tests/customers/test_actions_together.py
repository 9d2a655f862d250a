"""Two people at one card: different fields both hold, the same field asks, and each change can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cheyi.customers import actions, jobs, queries
from cheyi.customers.models import Customer, CustomerStore, FormerDetails
from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import within
from tests.customers.people import NOW, WANG_MOBILE, anywhere, audited
from tests.foundation.org import hire

TODAY = date(2026, 6, 15)
CHANGED = "customers.customer.changed_meanwhile"


def edit(street, customer, by=None, store=None, now=NOW, **changes):
    at = store or street.home
    with within(at):
        return actions.edit(customer, store=at, by=by or street.advisor(at), now=now, **changes)


def fresh(customer) -> Customer:
    with anywhere():
        return Customer.objects.get(pk=customer.pk)


def test_different_fields_of_one_card_both_hold(street):
    customer = street.add()
    edit(street, customer, version=1, level="gold")
    edit(street, customer, hire(street.home, "advisor", "王芳"), version=1, hobbies="钓鱼")
    row = fresh(customer)
    assert (row.level, row.hobbies, row.version) == ("gold", "钓鱼", 3)


@pytest.mark.parametrize(
    ("field", "theirs", "mine"),
    [("level", "gold", "silver"), ("mobile", "13911112222", "13922223333"), ("note", "周六来", "周日来")],
)
def test_the_same_field_is_refused_and_nothing_is_overwritten(street, field, theirs, mine):
    customer = street.add()
    edit(street, customer, hire(street.home, "advisor", "王芳"), version=1, **{field: theirs})
    refused = street.refused(lambda: edit(street, customer, version=1, **{field: mine}))
    assert (refused.code, refused.field, refused.facts["who"]) == (CHANGED, field, "王芳")
    assert edit(street, customer, version=2, **{field: mine}).version == 3


def test_who_types_what_a_colleague_has_typed_changes_nothing(street):
    customer = street.add()
    edit(street, customer, version=1, level="gold")
    assert edit(street, customer, version=1, level="gold").version == 2


def test_a_version_that_no_record_explains_counts_for_every_field(street):
    customer = street.add()
    Customer.objects.filter(pk=customer.pk).update(version=3)
    for version in (1, 4):
        refused = street.refused(lambda version=version: edit(street, customer, version=version, level="gold"))
        assert (refused.code, refused.field, refused.facts["who"]) == (CHANGED, "level", "–")


def test_a_note_is_the_stores_own_so_two_stores_never_meet_over_it(street):
    customer = street.add()
    street.add(store=street.near)
    edit(street, customer, version=1, note="本店 要发票")
    edit(street, customer, store=street.near, version=1, note="城北 怕等")
    with anywhere():
        notes = dict(CustomerStore.objects.filter(customer=customer).values_list("store_id", "note"))
    assert notes == {street.home.pk: "本店 要发票", street.near.pk: "城北 怕等"}


def test_own_words_stay_as_they_were_typed_and_numbers_are_made_narrow(street):
    customer = street.add()
    edit(street, customer, version=1, note=" 周六来，要发票：（专票）。\u200b", address="世纪大道１号（东门）")
    edit(street, customer, version=2, mobile="１３９１１１１２２２２")
    row = Customer.objects.get(pk=customer.pk)
    note = CustomerStore.objects.get(customer=customer).note
    assert (note, row.address.clear()) == ("周六来，要发票：（专票）。", "世纪大道１号（东门）")
    assert row.mobile.clear() == "13911112222"


def test_a_store_that_does_not_know_him_has_no_note_on_him(street):
    customer = street.add(store=street.near)
    refused = street.refused(lambda: edit(street, customer, note="?"))
    assert (refused.code, refused.field) == ("customers.customer.not_known_here", "note")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("note", "长" * 300, "customers.customer.too_long"),
        ("hobbies", "钓" * 300, "customers.customer.too_long"),
        ("name", "王" * 300, "customers.name.too_long"),
        ("name", "🚗🚗", "customers.name.no_letters"),
        ("mobile", "🚗13800138001", "customers.phone.not_a_number"),
        ("birthday_on", date(2026, 6, 16), "customers.customer.unborn"),
        ("birthday_on", date(1900, 1, 1), "customers.customer.too_old"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(street, field, value, code):
    customer = street.add()
    refused = street.refused(lambda: edit(street, customer, **{field: value}))
    assert (refused.code, refused.field) == (code, field)


def test_full_width_digits_are_taken_as_digits(street):
    assert edit(street, street.add(), mobile="１３９１１１１２２２２").mobile.clear() == "13911112222"


def take_back(street, now=NOW):
    return undo(audited("customers.customer.changed")[-1].uid, by=street.advisor(), now=now)


def test_each_change_is_taken_back_with_the_sealed_ones(street):
    customer = street.add(level="gold", birthday_on=date(1985, 3, 8))
    edit(street, customer, name="王建军", mobile="13911112222", level="silver", birthday_on=None, note="新")
    take_back(street)
    row = fresh(customer)
    assert (row.name, row.mobile.clear(), row.level, row.birthday_on) == (
        "王建国",
        WANG_MOBILE,
        "gold",
        date(1985, 3, 8),
    )
    assert queries.card(customer.pk, street.advisor(), on=TODAY).note == ""
    assert [hit.customer.id for hit in queries.search("8000", store=street.home, viewer=street.advisor())] == [
        customer.pk
    ]
    assert audited("customers.customer.changed")[-1].reverses.facts["version"] == 2


def test_what_a_colleague_did_to_the_field_since_is_not_taken_back(street):
    customer = street.add()
    edit(street, customer, level="gold")
    mine = audited("customers.customer.changed")[-1]
    edit(street, customer, hire(street.home, "advisor", "王芳"), level="silver", hobbies="钓鱼")
    refused = street.refused(lambda: undo(mine.uid, by=street.advisor(), now=NOW))
    assert (refused.code, refused.field, fresh(customer).level) == (CHANGED, "level", "silver")


def test_the_record_holds_no_former_value_and_the_sealed_one_goes_after_a_day(street):
    customer = street.add()
    edit(street, customer, name="王建军", mobile="13911112222")
    said = str([(entry.facts, entry.inverse) for entry in AuditEntry.objects.all()])
    assert ("王建国" in said, WANG_MOBILE in said) == (False, False)
    kept = FormerDetails.objects.get()
    assert (WANG_MOBILE in kept.details.clear(), str(kept.details)) == (True, "****")
    assert actions.forget_former(now=NOW + timedelta(hours=23)) == 0
    jobs.forget_former(now=NOW + timedelta(hours=25))
    assert FormerDetails.objects.count() == 0
    assert street.refused(lambda: take_back(street, NOW + timedelta(hours=25))).code == "foundation.undo.impossible"


def consent(street, act, **more):
    """One of the two verbs on the consent of ``street.customer`` to marketing."""
    return act(street.customer, purpose="marketing", by=street.advisor(), now=NOW, **more)


def test_a_consent_that_was_recorded_or_withdrawn_by_mistake_is_put_back(street):
    street.customer = street.add()
    consent(street, actions.record_consent, channel="paper", wording_version="2026-01")
    consent(street, actions.withdraw_consent)
    given, withdrawn = audited("customers.consent.given")[0], audited("customers.consent.withdrawn")[0]
    undo(withdrawn.uid, by=street.advisor(), now=NOW)
    assert queries.allows(street.customer.pk, "marketing")
    undo(given.uid, by=street.advisor(), now=NOW)
    assert not queries.allows(street.customer.pk, "marketing")


def test_a_withdrawal_is_not_undone_once_he_has_consented_again(street):
    street.customer = street.add()
    for act in (actions.record_consent, actions.withdraw_consent, actions.record_consent):
        consent(street, act, **({"channel": "paper", "wording_version": "1"} if act is actions.record_consent else {}))
    entry = audited("customers.consent.withdrawn")[0]
    refused = street.refused(lambda: undo(entry.uid, by=street.advisor(), now=NOW))
    assert refused.code == "foundation.undo.impossible"


def test_contacts_are_changed_dropped_and_all_of_it_taken_back(street):
    customer, by = street.add(), street.advisor()
    wife = actions.add_contact(customer, name="李梅", mobile="13911112222", relation="spouse", by=by, now=NOW)
    actions.edit_contact(wife, name="李美", mobile="13922223333", may_approve=True, by=by, now=NOW)
    assert (queries.by_mobile("13911112222"), queries.by_mobile("13922223333")) == ([], [customer])
    actions.drop_contact(wife, by=by, now=NOW)
    assert queries.contacts(customer.pk) == ()
    for code in ("customers.contact.dropped", "customers.contact.changed"):
        undo(audited(code)[0].uid, by=by, now=NOW)
    (line,) = queries.contacts(customer.pk)
    assert (line.name, line.mobile, line.may_approve) == ("李梅", "139****2222", False)
    assert queries.by_mobile("13911112222") == [customer]
    assert "李梅" not in str([(entry.facts, entry.inverse) for entry in AuditEntry.objects.all()])


def test_a_contact_who_left_is_not_changed_and_the_same_again_changes_nothing(street):
    customer, by = street.add(), street.advisor()
    wife = actions.add_contact(customer, name="李梅", mobile="13911112222", by=by, now=NOW)
    actions.edit_contact(wife, name="李梅", mobile="+86 139 1111 2222", relation="other", by=by, now=NOW)
    assert (fresh(customer).version, audited("customers.contact.changed")) == (1, [])
    actions.drop_contact(wife, by=by, now=NOW)
    refused = street.refused(lambda: actions.edit_contact(wife, name="李美", by=by, now=NOW))
    assert refused.code == "customers.contact.left"
