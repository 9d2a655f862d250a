"""The customers' screens: what each role may open, what stands on them, and that no number leaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cheyi.customers import queries
from cheyi.customers.models import Consent, ContactHold, Customer, CustomerStore, Reveal
from cheyi.foundation.models import IdempotencyKey
from cheyi.foundation.scope import within
from tests.customers.people import WANG_MOBILE, anywhere
from tests.customers.visits import browser, send
from tests.foundation.org import hire


@pytest.fixture
def advisor(street):
    return browser(street.advisor())


def only_customer() -> Customer:
    with anywhere():
        return Customer.objects.latest("pk")


def test_the_list_shows_known_customers_masked_and_finds_them(street, advisor):
    customer = street.add()
    street.add("李梅", "13911112222", store=street.near)
    page = advisor.get("/customers/").content.decode()
    assert ("王建国" in page, "138****8000" in page, "李梅" in page, WANG_MOBILE in page) == (True, True, False, False)
    assert f"/customers/{customer.pk}" in advisor.get("/customers/?q=wjg").content.decode()
    assert "张三" in advisor.get("/customers/?q=张三").content.decode()


def test_the_list_takes_few_statements_however_long(street, advisor, django_assert_max_num_queries):
    for number in range(12):
        street.add(f"王{'一二三四五六七八九十百千'[number]}", f"139{number:02d}345{number:02d}7", confirmed_new=True)
    with django_assert_max_num_queries(12):
        assert advisor.get("/customers/?q=wang").status_code == 200


def test_the_list_turns_pages_and_says_when_somebody_was_here_last(street, advisor, monkeypatch):
    monkeypatch.setattr("cheyi.customers.queries.searching.MOST_ROWS", 2)
    people = [street.add(f"王{name}", f"1390034500{at}", confirmed_new=True) for at, name in enumerate("一二三四五")]
    CustomerStore.objects.filter(customer=people[0]).update(last_visit_on=date(2026, 5, 20))
    pages = [advisor.get(f"/customers/?page={number}").content.decode() for number in (1, 2, 3, "x" * 9)]
    shown = [[name for name in "一二三四五" if f"王{name}" in page] for page in pages]
    assert shown == [["一", "五"], ["三", "四"], ["二"], ["一", "五"]]
    assert ["page=2" in pages[0], "page=3" in pages[1], "page=4" in pages[2], "2026-05-20" in pages[0]] == [
        *(True, True, False, True)
    ]


def test_a_card_shows_what_is_known_and_no_number_in_clear(street, advisor):
    customer = street.add(address="上海市浦东新区世纪大道1号", id_no="11010519491231002X", level="gold")
    page = advisor.get(f"/customers/{customer.pk}").content.decode()
    for text in ("王建国", "138****8000", "110105********002X"):
        assert text in page
    for secret in (WANG_MOBILE, "11010519491231002X", "世纪大道"):
        assert secret not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("advisor", 200), ("foreman", 200), ("technician", 403), ("buyer", 403), ("administrator", 403)],
)
def test_who_may_open_the_list(street, role, status):
    assert browser(hire(street.home, role, "某人")).get("/customers/").status_code == status


def test_a_sister_stores_customer_does_not_exist_here(street, advisor):
    customer = street.add(store=street.near)
    for address in (
        f"/customers/{customer.pk}",
        f"/customers/{customer.pk}/edit",
        f"/customers/{customer.pk}/masked/mobile",
    ):
        assert advisor.get(address).status_code == 404
    for address in ("reveal", "contacts", "consents/service", "holds"):
        assert send(advisor, f"/customers/{customer.pk}/{address}", slot="mobile", reason="call").status_code == 404
    assert Reveal.objects.count() == 0


def test_who_may_only_look_finds_no_forms_and_is_refused(street):
    customer = street.add()
    foreman = browser(hire(street.home, "foreman", "何工"))
    page = foreman.get(f"/customers/{customer.pk}").content.decode()
    assert ("/reveal" in page, "/edit" in page, "/consents" in page) == (False, False, False)
    for address in ("edit", "reveal", "contacts", "consents/service", "holds"):
        assert send(foreman, f"/customers/{customer.pk}/{address}").status_code == 403


def test_a_new_customer_from_the_form(street, advisor):
    assert advisor.get("/customers/new?name=王建国").status_code == 200
    answer = send(
        advisor,
        "/customers/new",
        name="王先生",
        mobile="+86 138-0013-8000",
        level="gold",
        birthday_on="1985-03-08",
        gender="",
    )
    customer = only_customer()
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{customer.pk}")
    assert (customer.name, customer.gender, customer.level, customer.birthday_on.year) == (
        "王先生",
        "male",
        "gold",
        1985,
    )
    assert customer.mobile.clear() == WANG_MOBILE


def test_a_near_miss_stands_beside_the_field_and_may_be_confirmed(street, advisor):
    street.add()
    answer = send(advisor, "/customers/new", htmx=True, name="王建国", mobile="13800138001")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'data-field="mobile"' in page
    assert "王** 138****8000" in page
    assert "13800138001" not in page
    with within(street.home):
        assert Customer.objects.count() == 1
    assert send(advisor, "/customers/new", name="王建国", mobile="13800138001", confirmed_new="on").status_code == 303


def test_a_bad_day_stands_beside_its_field(street, advisor):
    answer = send(advisor, "/customers/new", htmx=True, name="王建国", birthday_on="gestern")
    assert (answer.status_code, 'data-field="birthday_on"' in answer.content.decode()) == (422, True)


def test_a_number_is_shown_for_a_minute_after_it_was_recorded_and_never_kept(street, advisor):
    customer = street.add()
    assert advisor.get(f"/customers/{customer.pk}/clear/mobile").status_code == 404
    asked = send(advisor, f"/customers/{customer.pk}/reveal", htmx=True, slot="mobile", reason="call")
    assert f"/customers/{customer.pk}/clear/mobile" in asked.content.decode()
    shown = advisor.get(f"/customers/{customer.pk}/clear/mobile")
    assert WANG_MOBILE in shown.content.decode()
    assert "delay:60s" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert "138****8000" in advisor.get(f"/customers/{customer.pk}/masked/mobile").content.decode()
    assert all(WANG_MOBILE.encode() not in bytes(row.body) for row in IdempotencyKey.objects.all())
    assert Reveal.objects.get().reason == "call"


def test_a_colleague_who_does_not_serve_him_is_offered_no_clear_number(street):
    customer = street.add()
    colleague = browser(hire(street.home, "advisor", "别人"))
    page = colleague.get(f"/customers/{customer.pk}").content.decode()
    assert ("138****8000" in page, "/reveal" in page) == (True, False)
    assert send(colleague, f"/customers/{customer.pk}/reveal", slot="mobile", reason="call").status_code == 404
    assert Reveal.objects.count() == 0


def test_what_was_recorded_longer_ago_is_masked_again(street, advisor):
    from cheyi.customers import actions

    customer = street.add()
    before = datetime.now(UTC) - timedelta(seconds=61)
    with within(street.home):
        actions.reveal(customer, field="mobile", reason="call", by=street.advisor(), now=before)
    assert advisor.get(f"/customers/{customer.pk}/clear/mobile").status_code == 404


def test_a_reveal_without_reason_is_refused(street, advisor):
    customer = street.add()
    assert send(advisor, f"/customers/{customer.pk}/reveal", slot="mobile", reason="").status_code == 422
    assert Reveal.objects.count() == 0


def test_contacts_are_added_shown_and_dropped(street, advisor):
    customer = street.add()
    send(
        advisor,
        f"/customers/{customer.pk}/contacts",
        name="李梅",
        mobile="13911112222",
        relation="spouse",
        may_approve="on",
    )
    page = advisor.get(f"/customers/{customer.pk}").content.decode()
    assert ("李梅" in page, "139****2222" in page, "13911112222" in page) == (True, True, False)
    with within(street.home):
        contact = queries.contacts(customer.pk)[0]
    send(advisor, f"/customers/{customer.pk}/reveal", slot=f"contact-{contact.id}", reason="call")
    assert "13911112222" in advisor.get(f"/customers/{customer.pk}/clear/contact-{contact.id}").content.decode()
    assert send(advisor, f"/customers/contacts/{contact.id}/drop").status_code == 303
    assert "李梅" not in advisor.get(f"/customers/{customer.pk}").content.decode()


def test_another_customers_contact_is_not_shown_under_this_one(street, advisor):
    first, second = street.add(), street.add("李梅", "13911112222")
    send(advisor, f"/customers/{second.pk}/contacts", name="张三", mobile="13733334444")
    with within(street.home):
        contact = queries.contacts(second.pk)[0]
    assert advisor.get(f"/customers/{first.pk}/masked/contact-{contact.id}").status_code == 404


def test_consents_and_holds_from_the_card(street, advisor):
    customer = street.add()
    at = f"/customers/{customer.pk}/consents/sharing_group"
    refused = send(advisor, at, htmx=True, channel="paper")
    assert (refused.status_code, 'data-field="separate"' in refused.content.decode()) == (422, True)
    given = send(advisor, at, htmx=True, channel="paper", separate="on")
    assert ("纸质" in given.content.decode(), "undo" in given["X-Toast"]) == (True, True)
    with within(street.home):
        assert Consent.objects.get().withdrawn_at is None
    withdrawn = send(advisor, at, htmx=True, channel="")
    assert "undo" in withdrawn["X-Toast"]
    with within(street.home):
        assert Consent.objects.get().withdrawn_at is not None
    assert "X-Toast" not in send(advisor, at, htmx=True, channel="")
    assert send(advisor, f"/customers/{customer.pk}/consents/anything", channel="paper").status_code == 404
    send(advisor, f"/customers/{customer.pk}/holds", reason="wish", reach="all", until_on="2099-01-01")
    with within(street.home):
        hold = ContactHold.objects.get()
    assert "2099-01-01" in advisor.get(f"/customers/{customer.pk}").content.decode()
    send(advisor, f"/customers/holds/{hold.pk}/release")
    with within(street.home):
        assert ContactHold.objects.get().lifted_at is not None


def test_a_whole_number_asks_the_group_and_the_ticket_takes_over(street, advisor):
    customer = street.add(store=street.near)
    page = send(advisor, "/customers/elsewhere", number="138 0013 8000").content.decode()
    assert ("王**" in page, "城北店" in page, WANG_MOBILE in page, "王建国" in page) == (True, True, False, False)
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    assert send(browser(hire(street.home, "advisor", "别人")), "/customers/adopt", ticket=ticket).status_code == 404
    assert send(advisor, "/customers/adopt", ticket="made:up").status_code == 404
    answer = send(advisor, "/customers/adopt", ticket=ticket)
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{customer.pk}")
    assert advisor.get(f"/customers/{customer.pk}").status_code == 200
    assert all(WANG_MOBILE.encode() not in bytes(row.body) for row in IdempotencyKey.objects.all())


def test_nobody_found_says_so_and_offers_a_new_card(street, advisor):
    assert "/customers/new?name=" in advisor.get("/customers/?q=赵六").content.decode()
    assert send(advisor, "/customers/elsewhere", number="13900001111").status_code == 200


def test_what_is_typed_is_shown_as_text(street, advisor):
    street.add("<img onerror=1>王", "")
    assert "<img onerror" not in advisor.get("/customers/?q=<img onerror=1>").content.decode()
