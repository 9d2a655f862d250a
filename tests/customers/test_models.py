"""What the database itself refuses of customers: imports, bulk updates and the shell pass by Python."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cheyi.customers.models import Consent, Customer, CustomerStore, DuplicatePair
from cheyi.foundation.models import Group, LegalEntity, Store
from cheyi.foundation.scope import NoScope, OutOfScope, everywhere, within
from cheyi.foundation.sealed import blind_index
from tests.customers.people import NOW, WANG_MOBILE, anywhere


def row(street, **more) -> Customer:
    fields = {"name": "王建国", "mobile": WANG_MOBILE, "mobile_index": blind_index(WANG_MOBILE), **more}
    return Customer(group=street.town.group, created_at=NOW, updated_at=NOW, **fields)


def refused(model) -> bool:
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError:
        return True
    return False


def test_one_number_stands_once_in_a_group_unless_it_is_shared_or_merged(street):
    first = row(street)
    first.save()
    assert refused(row(street))
    assert not refused(row(street, shared_phone=True))
    assert not refused(row(street, merged_into=first))


def test_one_id_number_stands_once_in_a_group(street):
    row(street, id_no="11010519491231002X", id_no_index=blind_index("11010519491231002X")).save()
    assert refused(row(street, mobile="", mobile_index="", id_no_index=blind_index("11010519491231002X")))


def test_a_customer_has_a_name(street):
    assert refused(row(street, name=""))


def test_a_store_knows_a_customer_once_and_calls_him_once(street):
    first, second = street.add(), street.add("李梅", "13911112222")
    CustomerStore.objects.filter(customer=first).update(external_no="K1")
    again = CustomerStore(store=street.home, customer=first, source_kind="x", source_id=1, created_at=NOW)
    assert refused(again)
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerStore.objects.filter(customer=second).update(external_no="K1")


def test_one_consent_per_purpose_is_in_force(street):
    customer = street.add()
    fields = {"purpose": "service", "channel": "paper", "wording_version": "1", "given_at": NOW, "created_at": NOW}
    made = [Consent(group=street.town.group, customer=customer, **fields) for _ in range(2)]
    made[0].save()
    assert refused(made[1])
    made[1].withdrawn_at = NOW
    assert not refused(made[1])


def test_a_pair_names_the_older_first_and_stands_once(street):
    first, second = street.add(), street.add("李梅", "13911112222")
    fields = {"group": street.town.group, "points": 70, "created_at": NOW}
    assert refused(DuplicatePair(first=second, second=first, **fields))
    assert refused(DuplicatePair(first=first, second=first, **fields))
    assert not refused(DuplicatePair(first=first, second=second, **fields))
    assert refused(DuplicatePair(first=first, second=second, **fields))


def test_a_customer_is_never_deleted_while_something_names_him(street):
    from django.db.models import ProtectedError

    customer = street.add()
    with pytest.raises(ProtectedError):
        customer.delete()


def test_rows_are_read_and_written_inside_a_scope_only(db, street):
    from cheyi.foundation.scope import using

    made = row(street)
    with using(None):
        with pytest.raises(NoScope):
            Customer.objects.count()
        with pytest.raises(NoScope), transaction.atomic():
            made.save()
    made.group = Group.objects.create(name="别家", created_at=NOW)
    with pytest.raises(OutOfScope), transaction.atomic():
        made.save()


def test_another_groups_customers_are_unreachable_even_with_the_same_number(street):
    from cheyi.customers import actions, queries
    from tests.foundation.org import hire

    mine = street.add()
    with everywhere("founding another group"):
        other = Group.objects.create(name="别家", created_at=NOW)
        firm = LegalEntity.objects.create(group=other, name="别家公司", created_at=NOW)
        store = Store.objects.create(group=other, legal_entity=firm, code="XX01", name="别家店", created_at=NOW)
    stranger = hire(store, "advisor", "外人")
    with within(store):
        assert queries.by_mobile(WANG_MOBILE) == []
        assert queries.elsewhere(WANG_MOBILE, store=store) == []
        theirs = actions.add(name="王建国", mobile=WANG_MOBILE, store=store, by=stranger, now=NOW)
        assert theirs.pk != mine.pk
        with pytest.raises(Customer.DoesNotExist):
            queries.card(mine.pk, stranger, on=NOW.date())
    with anywhere():
        assert Customer.objects.filter(mobile_index=blind_index(WANG_MOBILE)).count() == 2


def test_no_number_stands_readable_in_the_row(street):
    from django.db import connection

    street.add(address="上海市浦东新区世纪大道1号", id_no="11010519491231002X")
    with anywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM customers_customer")
        cells = [
            bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in cursor.fetchone()
        ]
    for secret in (WANG_MOBILE, "11010519491231002X", "世纪大道"):
        assert all(secret.encode() not in cell for cell in cells)
