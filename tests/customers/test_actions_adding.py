"""Putting somebody on file: normal forms, who is there already, who may be the same, sister stores."""

import pytest

from cheyi.customers import actions, queries
from cheyi.customers.models import Customer, CustomerStore, DuplicatePair
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from tests.customers.people import NOW, WANG, WANG_MOBILE, anywhere, audited, told


def stores_knowing(customer) -> list[str]:
    with anywhere():
        return sorted(CustomerStore.objects.filter(customer=customer).values_list("store__code", flat=True))


def test_somebody_new_is_on_file_sealed_and_known_to_the_store(street):
    customer = street.add()
    row = Customer.objects.get(pk=customer.pk)
    assert (row.name, row.kind, row.mobile.clear(), row.mobile.masked) == (WANG, "person", WANG_MOBILE, "138****8000")
    assert row.first_seen_on.isoformat() == "2026-06-15"
    assert stores_knowing(row) == ["SH01"]
    assert told("customers.customer.created") == [
        {"customer_id": row.pk, "store_id": street.home.pk, "happened_at": NOW.isoformat()}
    ]
    entry = audited("customers.customer.created")[0]
    assert (entry.thing_id, entry.actor_id) == (row.pk, street.advisor().user_id)
    assert WANG_MOBILE not in str(entry.facts)


@pytest.mark.parametrize(
    "typed", ["+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００", " 138 0013 8000 "]
)
def test_a_number_is_kept_in_one_spelling_however_it_is_typed(street, typed):
    assert street.add(mobile=typed).mobile.clear() == WANG_MOBILE


def test_a_title_tells_the_gender_and_a_firm_is_a_firm(street):
    assert street.add("王女士", "").gender == "female"
    assert street.add("恒远汽车销售有限公司", "").kind == "company"
    assert street.add("恒远汽车租赁有限公司", "", kind="fleet").kind == "fleet"


@pytest.mark.parametrize(
    ("name", "mobile", "code", "field"),
    [
        ("", WANG_MOBILE, "customers.name.empty", "name"),
        ("1234", WANG_MOBILE, "customers.name.no_letters", "name"),
        (WANG, "1380013800", "customers.phone.too_short", "mobile"),
        (WANG, "13800138000 13900139000", "customers.phone.several", "mobile"),
        (WANG, "13800000000", "customers.phone.placeholder", "mobile"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(street, name, mobile, code, field):
    refused = street.refused(lambda: street.add(name, mobile))
    assert (refused.code, refused.field) == (code, field)


def test_a_dummy_number_is_kept_when_somebody_insists(street):
    customer = street.add(mobile="13800000000", confirmed=("customers.phone.placeholder",))
    assert customer.mobile.clear() == "13800000000"


def test_the_same_number_again_is_already_here_under_any_spelling_and_name(street):
    first = street.add()
    refused = street.refused(lambda: street.add("李梅", "+86 138-0013-8000"))
    assert (refused.code, refused.field) == ("customers.customer.already_here", "mobile")
    assert refused.facts["customer_id"] == first.pk
    assert refused.facts["who"] == "王** 138****8000"


def test_one_digit_changed_asks_with_masked_candidates(street):
    first = street.add()
    refused = street.refused(lambda: street.add(mobile="13800138001"))
    assert (refused.code, refused.field) == ("customers.customer.maybe_same", "mobile")
    assert refused.facts["candidates"] == ((first.pk, "王** 138****8000", 70),)
    assert WANG_MOBILE not in str(refused)


def test_swapped_digits_and_a_homophone_ask_too(street):
    street.add()
    assert street.refused(lambda: street.add(mobile="13800183000")).code == "customers.customer.maybe_same"
    assert street.refused(lambda: street.add("王建囯", "13800138001")).code == "customers.customer.maybe_same"


def test_who_insists_gets_a_new_row_and_the_pair_is_kept_for_review(street):
    first = street.add()
    second = street.add(mobile="13800138001", confirmed_new=True)
    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id, pair.points, pair.state) == (first.pk, second.pk, 70, "open")
    assert pair.reasons == ["mobile_near", "name"]
    assert audited("customers.customer.created")[1].facts == {"maybe_same": [first.pk]}


def test_a_stranger_with_a_near_number_is_simply_new(street):
    street.add()
    street.add("李梅", "13800138001")
    assert (Customer.objects.count(), DuplicatePair.objects.count()) == (2, 0)


def test_a_family_may_share_a_number_but_one_person_not_with_himself(street):
    street.add()
    wife = street.add("李梅", shared_phone=True)
    assert wife.shared_phone
    assert DuplicatePair.objects.get().reasons == ["mobile"]
    refused = street.refused(lambda: street.add("王建国", shared_phone=True))
    assert refused.code == "customers.customer.already_here"


def test_the_same_id_number_is_the_same_person(street):
    street.add(id_no="11010519491231002X")
    refused = street.refused(lambda: street.add("王国建", "13911112222", id_no="11010519491231002x", shared_phone=True))
    assert (refused.code, refused.field) == ("customers.customer.already_here", "id_no")


def test_an_id_number_tells_birthday_and_gender_and_a_wrong_one_is_refused(street):
    customer = street.add(id_no="11010519491231002X")
    assert (customer.birthday_on.isoformat(), customer.gender, customer.id_kind) == ("1949-12-31", "female", "resident")
    refused = street.refused(lambda: street.add("李梅", "", id_no="110105194912310021"))
    assert (refused.code, refused.field) == ("customers.id_number.wrong_check", "id_no")


def test_somebody_a_store_of_the_same_firm_knows_is_linked_not_doubled(street):
    first = street.add(store=street.near)
    second = street.add()
    assert second.pk == first.pk
    assert stores_knowing(first) == ["SH01", "SH03"]
    assert told("customers.customer.adopted")[0]["store_id"] == street.home.pk


def test_another_name_on_a_number_of_the_same_firm_asks_with_a_masked_name(street):
    first = street.add(store=street.near)
    refused = street.refused(lambda: street.add("李梅"))
    assert (refused.code, refused.facts["customer_id"]) == ("customers.customer.phone_elsewhere", first.pk)
    assert refused.facts["who"] == "王** 138****8000"
    assert street.add("李梅", shared_phone=True).pk != first.pk


def test_another_firm_is_told_nothing_yet_the_same_person_is_one_row(street):
    first = street.add(store=street.far)
    assert street.add().pk == first.pk
    assert stores_knowing(first) == ["SH01", "SH02"]


def test_another_name_on_a_number_of_another_firm_becomes_a_row_of_its_own(street):
    first = street.add(store=street.far)
    second = street.add("李梅")
    assert (second.pk != first.pk, second.shared_phone) == (True, True)
    assert DuplicatePair.objects.get().state == "open"


def test_a_near_miss_with_another_firms_customer_is_not_shown_but_kept(street):
    street.add(store=street.far)
    street.add(mobile="13800138001")
    assert DuplicatePair.objects.get().points == 70


def test_with_his_consent_a_near_miss_is_shown_to_the_other_firm(street):
    first = street.add(store=street.far)
    with within(street.far):
        actions.record_consent(
            first,
            purpose="sharing_group",
            channel="paper",
            wording_version="2026-01",
            separate=True,
            by=street.advisor(street.far),
            now=NOW,
        )
    assert street.refused(lambda: street.add(mobile="13800138001")).code == "customers.customer.maybe_same"


def test_names_and_numbers_are_found_by_keys_in_the_store_that_knows(street):
    customer = street.add()
    viewer = street.advisor()

    def found(text: str) -> list[int]:
        return [hit.customer.id for hit in queries.search(text, store=street.home, viewer=viewer)]

    for text in ("王建国", "建国", "wjg", "wangjianguo", "8000", "138 0013 8000", "+8613800138000"):
        assert found(text) == [customer.pk], text
    assert found("8001") == []
    with within(street.near):
        assert queries.search("wjg", store=street.near, viewer=street.advisor(street.near)) == []


def test_an_unknown_choice_is_refused(street):
    with pytest.raises(Refused) as refused:
        street.add(level="platinum")
    assert (refused.value.code, refused.value.field) == ("customers.customer.unknown_choice", "level")
