"""Many customers at once: the checks of one by one, nobody doubled, few statements."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from cheyi.customers import actions, queries
from cheyi.customers.actions import BulkRow
from cheyi.customers.actions.bulk import AT_ONCE
from cheyi.customers.models import Customer, CustomerStore, DuplicatePair, OldNumber
from cheyi.foundation.models import SearchKey
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from tests.customers.people import NOW, anywhere, audited

PAPER = Source("onboarding.batch", 7, "2026-06-15")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
BORN = date(1985, 3, 8)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍鹏辉红"


def bulk(street, *rows: BulkRow, store=None):
    at = store or street.home
    with within(at):
        return actions.bulk_add(rows, store=at, by=street.advisor(at), now=NOW, paper=PAPER)


def row(ref: str, name: str = "王建国", mobile: str = "13800138000", **more) -> BulkRow:
    return BulkRow(ref=ref, name=name, mobile=mobile, **more)


def kinds(outcomes) -> list[str]:
    return [one.kind for one in outcomes]


def people(count: int) -> list[BulkRow]:
    """Different people with numbers that are not near each other, most of them with namesakes."""
    found = []
    for number in range(1, count + 1):
        surname = SURNAMES[number % len(SURNAMES)]
        given = GIVEN[number // 20 % len(GIVEN)] + GIVEN[number // 600 % len(GIVEN)]
        digits = f"{number * 7919 % 10_000_000:07d}"
        found.append(row(str(number), surname + given, f"1{3 + number % 7}{digits[:3]}{digits[3:]}{number % 97:02d}"))
    return found


def test_rows_are_on_file_sealed_known_and_found(street):
    outcome = bulk(
        street,
        row(
            "1",
            external_no="Ｋ001",
            note="老客户（常来），喝茶",
            details={"level": "gold", "address": "上海市浦东新区世纪大道1号"},
        ),
    )[0]
    customer = Customer.objects.get(pk=outcome.customer_id)
    assert (outcome.ref, outcome.kind, customer.mobile.clear(), customer.level) == ("1", "new", "13800138000", "gold")
    known = CustomerStore.objects.get(customer=customer)
    assert (known.external_no, known.note, known.source) == ("K001", "老客户（常来），喝茶", PAPER)
    for text in ("wjg", "8000"):
        hits = queries.search(text, store=street.home, viewer=street.advisor())
        assert [hit.customer.id for hit in hits] == [customer.pk]
    assert audited("customers.customer.imported")[0].facts == {"paper": PAPER.kind, "paper_id": 7, "count": 1}


def test_the_keys_are_those_that_one_by_one_would_have_written(street):
    bulk(street, row("1", details={"second_mobile": "13911112222"}))
    with within(street.near):
        street.add("王建国", "13800138000", store=street.near, second_mobile="13911112222")
    with anywhere():
        keys = {
            store.pk: set(SearchKey.objects.filter(store_id=store.pk).values_list("key", "rank"))
            for store in (street.home, street.near)
        }
    assert keys[street.home.pk] == keys[street.near.pk] != set()


def test_the_same_list_twice_doubles_nobody(street):
    rows = [row("1"), row("2", "李梅", ""), row("3", "张三", "", external_no="K3"), row("4", "赵六", "13911112222")]
    first = bulk(street, *rows)
    second = bulk(street, *rows)
    assert (kinds(first), kinds(second)) == (["new"] * 4, ["here"] * 4)
    assert [one.customer_id for one in first] == [one.customer_id for one in second]
    assert Customer.objects.count() == 4


def test_who_stands_twice_in_a_list_is_one_customer(street):
    outcomes = bulk(
        street, row("1"), row("2", "王先生", "+86 138 0013 8000"), row("3", "李梅", ""), row("4", "李梅", "")
    )
    assert kinds(outcomes) == ["new", "here", "new", "here"]
    assert outcomes[0].customer_id == outcomes[1].customer_id
    assert outcomes[2].customer_id == outcomes[3].customer_id


def test_every_number_under_which_an_old_system_had_somebody_leads_to_him(street):
    twice = [row("1", external_no="K1"), row("2", external_no="K2")]
    assert kinds(bulk(street, *twice)) == ["new", "here"]
    assert kinds(bulk(street, row("3", external_no="K3"), *twice)) == ["here"] * 3
    with within(street.home):
        (customer,) = Customer.objects.all()
        assert queries.by_old_numbers({"K1", "K2", "K3", "K4"}, street.home) == dict.fromkeys(
            ("K1", "K2", "K3"), customer.pk
        )
        assert list(OldNumber.objects.order_by("number").values_list("number", flat=True)) == ["K2", "K3"]


def of_row(outcome) -> Customer:
    return Customer.objects.get(pk=outcome.customer_id)


def test_a_further_row_brings_what_is_not_on_file_yet(street):
    first, again = bulk(
        street,
        row("1", note="老客户", last_visit_on=date(2026, 5, 1)),
        row(
            "2",
            note="喝茶",
            last_visit_on=date(2026, 6, 1),
            details={"second_mobile": "13911112222", "address": "世纪大道1号", "wechat": "wjg_85", "birthday_on": BORN},
        ),
    )
    customer = of_row(first)
    assert (again.kind, again.customer_id, again.stays) == ("here", first.customer_id, ())
    assert (customer.second_mobile.clear(), customer.address.clear(), customer.wechat.clear()) == (
        "13911112222",
        "世纪大道1号",
        "wjg_85",
    )
    assert customer.birthday_on == BORN
    known = CustomerStore.objects.get(customer=customer)
    assert (known.note, known.last_visit_on) == ("老客户；喝茶", date(2026, 6, 1))
    with within(street.home):
        hits = queries.search("2222", store=street.home, viewer=street.advisor())
    assert [hit.customer.id for hit in hits] == [customer.pk]


def test_what_a_further_row_says_otherwise_stays_and_is_told(street):
    bulk(street, row("1", details={"second_mobile": "13911112222", "address": "世纪大道1号"}, note="喝茶"))
    third = row("2", details={"second_mobile": "13700001111", "address": "江南大道2号"}, note="茶", last_visit_on=BORN)
    (again,) = bulk(street, third)
    customer = of_row(again)
    assert (again.kind, again.stays) == ("here", ("address", "second_mobile"))
    assert (customer.second_mobile.clear(), customer.address.clear(), customer.version) == (
        "13911112222",
        "世纪大道1号",
        1,
    )
    assert (CustomerStore.objects.get(customer=customer).note, audited("customers.customer.changed")) == ("喝茶", [])


def test_a_list_that_filled_something_changes_nothing_when_it_comes_again(street):
    rows = [
        row("1", external_no="K1", mobile=""),
        row("2", external_no="K1", details={"address": "世纪大道1号"}, note="茶"),
    ]
    bulk(street, *rows)
    (customer,) = Customer.objects.all()
    assert (customer.mobile.clear(), customer.address.clear(), customer.version) == ("13800138000", "世纪大道1号", 2)
    assert [one.stays for one in bulk(street, *rows)] == [(), ()]
    assert of_row(bulk(street, rows[0])[0]).version == 2


def test_a_sister_s_customer_gets_what_he_lacks_when_a_list_makes_him_known_here(street):
    street.add(store=street.near)
    (linked,) = bulk(street, row("1", note="喝茶", details={"address": "世纪大道1号"}))
    assert (linked.kind, of_row(linked).address.clear()) == ("linked", "世纪大道1号")
    with within(street.home):
        assert CustomerStore.objects.get(customer_id=linked.customer_id).note == "喝茶"


def test_two_names_on_one_number_share_it_and_stay_for_review(street):
    outcomes = bulk(street, row("1"), row("2", "李梅"))
    assert kinds(outcomes) == ["new", "new"]
    assert list(Customer.objects.order_by("pk").values_list("shared_phone", flat=True)) == [False, True]
    again = bulk(street, row("2", "李梅"))
    assert (kinds(again), again[0].customer_id) == (["here"], outcomes[1].customer_id)
    assert DuplicatePair.objects.get().reasons == ["mobile"]


def test_near_misses_within_the_list_and_on_file_become_pairs(street):
    street.add()
    outcomes = bulk(
        street, row("1", mobile="13800138001"), row("2", "王建囯", "13800138010"), row("3", "李梅", "13800138009")
    )
    assert kinds(outcomes) == ["new"] * 3
    pairs = DuplicatePair.objects.order_by("pk").values_list("points", "reasons")
    assert sorted(pairs) == [
        (60, ["mobile_near", "pinyin"]),
        (60, ["mobile_near", "pinyin"]),
        (70, ["mobile_near", "name"]),
    ]


def test_a_bad_row_is_refused_with_its_reason_and_the_others_pass(street):
    outcomes = bulk(street, row("1", mobile="1380013800"), row("2", "", "13911112222"), row("3"))
    assert kinds(outcomes) == ["refused", "refused", "new"]
    assert [one.problem.code for one in outcomes[:2]] == ["customers.phone.too_short", "customers.name.empty"]
    assert Customer.objects.count() == 1


def test_one_old_number_on_two_people_of_a_list_refuses_the_later(street):
    first, same, other = bulk(
        street,
        row("1", external_no="K001"),
        row("2", mobile="13900139000", external_no="K001"),
        row("3", "赵敏", "13700137000", external_no=" K001 "),
    )
    assert (first.kind, same.kind, same.customer_id) == ("new", "here", first.customer_id)
    assert (other.kind, other.problem.code) == ("refused", "customers.customer.number_twice")
    assert other.problem.facts == {"number": "K001", "who": "王建国"}
    assert [known.external_no for known in CustomerStore.objects.all()] == ["K001"]


def test_an_old_number_that_is_somebody_elses_on_file_is_refused_and_his_own_is_not(street):
    bulk(street, row("1", external_no="K001"))
    moved, renamed, other = (
        bulk(street, one)[0]
        for one in (
            row("1", mobile="13900139000", external_no="K001"),
            row("1", "王大国", external_no="K001"),
            row("1", "赵敏", "13700137000", external_no="K001"),
        )
    )
    assert kinds([moved, renamed, other]) == ["here", "here", "refused"]
    assert other.problem.code == "customers.customer.number_twice"
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(("field", "longest"), [("external_no", 40), ("note", 200)])
def test_what_the_columns_cannot_hold_is_refused_and_not_cut(street, field, longest):
    fits, not_ = bulk(
        street, row("1", **{field: "长" * longest}), row("2", "赵敏", "13700137000", **{field: "长" * (longest + 1)})
    )
    assert (fits.kind, not_.kind, not_.problem.code) == ("new", "refused", "customers.customer.too_long")
    assert (not_.problem.field, not_.problem.facts) == (field, {"longest": longest})


def test_a_sister_stores_customer_is_linked_and_another_name_is_not(street):
    first = street.add(store=street.near)
    outcomes = bulk(street, row("1"), row("2", "李梅"))
    assert kinds(outcomes) == ["linked", "new"]
    assert outcomes[0].customer_id == first.pk


def written(statements) -> Counter[tuple[str, str]]:
    """How many statements of each verb went to each table; a list of rows sent at once is one."""
    found = (
        re.search(r"(SELECT|INSERT|UPDATE|DELETE)\b.*?\"?\b(customers_\w+|foundation_\w+)", one["sql"])
        for one in statements
    )
    return Counter((match[1], match[2]) for match in found if match)


def fewest(model: type[Model], rows: int) -> int:
    """Into how many INSERTs so many rows must be cut, because the database takes no more values at once."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    at_once = connection.ops.bulk_batch_size(fields, [None] * AT_ONCE)
    return -(-AT_ONCE // min(at_once, AT_ONCE)) * (rows // AT_ONCE)


@pytest.mark.parametrize("batches", [1, 3])
def test_rows_are_checked_compared_and_written_in_the_fewest_statements(street, batches):
    count = batches * AT_ONCE
    clerk = street.advisor(street.home)
    with CaptureQueriesContext(connection) as statements, within(street.home):
        outcomes = actions.bulk_add(people(count), store=street.home, by=clerk, now=NOW, paper=PAPER)
    assert kinds(outcomes) == ["new"] * count
    assert written(statements) == {
        ("SELECT", "customers_customer"): 1,
        ("INSERT", "customers_customer"): fewest(Customer, count),
        ("INSERT", "customers_customerstore"): fewest(CustomerStore, count),
        ("INSERT", "foundation_searchkey"): batches,
        ("INSERT", "foundation_auditentry"): 1,
    }


def test_a_list_of_customers_on_file_is_compared_in_four_statements(street):
    rows = people(AT_ONCE)
    bulk(street, *rows)
    clerk = street.advisor(street.home)
    with CaptureQueriesContext(connection) as statements, within(street.home):
        outcomes = actions.bulk_add(rows, store=street.home, by=clerk, now=NOW, paper=PAPER)
    assert kinds(outcomes) == ["here"] * AT_ONCE
    assert written(statements) == {
        ("SELECT", "customers_customer"): 2,
        ("SELECT", "customers_customerstore"): 1,
        ("SELECT", "customers_consent"): 1,
    }
