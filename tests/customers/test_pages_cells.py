"""A customer's card changed where its fields stand: the input, the answer, the refusal at the field, the clash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cheyi.customers import actions
from cheyi.customers.models import Customer
from cheyi.foundation.changes import Changed, changed_since
from cheyi.foundation.scope import within
from tests.customers.people import NOW, WANG_MOBILE, anywhere
from tests.customers.visits import browser, send
from tests.foundation.org import hire

HTMX = {"HX-Request": "true"}


@pytest.fixture
def advisor(street):
    return browser(street.advisor())


@pytest.fixture
def card(street):
    return street.add(address="上海市浦东新区世纪大道1号", level="gold")


def fresh(customer) -> Customer:
    with anywhere():
        return Customer.objects.get(pk=customer.pk)


def asked(client, customer, **query):
    return client.get(f"/customers/{customer.pk}/edit", query, headers=HTMX).content.decode()


def put(client, customer, field, value, *, version=1, **more):
    return send(
        client, f"/customers/{customer.pk}/edit", htmx=True, field=field, version=version, **{field: value}, **more
    )


def by_colleague(street, customer, **changes):
    with within(street.home):
        actions.edit(customer, store=street.home, by=hire(street.home, "advisor", "王芳"), now=NOW, **changes)


def test_every_field_of_the_card_is_opened_where_it_stands(street, advisor, card):
    from cheyi.customers.pages.cells import CELLS

    page = advisor.get(f"/customers/{card.pk}").content.decode()
    for name in CELLS:
        assert page.count(f'/customers/{card.pk}/edit?field={name}"') == 1, name
        form = asked(advisor, card, field=name)
        assert (f'id="edit-{name}"' in form, 'name="version" value="1"' in form) == (True, True), name
        assert (WANG_MOBILE in form, "世纪大道" in form) == (False, False)


def test_what_is_typed_is_kept_and_the_answer_is_the_field_with_the_head_and_an_undo(street, advisor, card):
    answer = put(advisor, card, "name", "王建军")
    page = answer.content.decode()
    assert ("王建军" in page, 'id="cell-name"' in page, 'id="card-head"' in page) == (True, True, True)
    assert "undo" in answer["X-Toast"]
    row = fresh(card)
    assert (row.name, row.version, row.mobile.clear(), row.level) == ("王建军", 2, WANG_MOBILE, "gold")


def test_what_follows_from_an_id_number_comes_with_the_answer(street, advisor, card):
    page = put(advisor, card, "id_no", "11010519491231002X", id_kind="resident").content.decode()
    assert ("110105********002X" in page, "11010519491231002X" in page) == (True, False)
    assert ("#cell-birthday_on.shown" in page, "1949-12-31" in page) == (True, True)


def test_a_sealed_field_left_empty_stays_and_goes_only_by_its_tick(street, advisor, card):
    assert "X-Toast" not in put(advisor, card, "mobile", "")
    assert fresh(card).mobile.clear() == WANG_MOBILE
    put(advisor, card, "mobile", "１３９ １１１１ ２２２２")
    assert fresh(card).mobile.clear() == "13911112222"
    put(advisor, card, "mobile", "", version=2, clear="mobile")
    assert fresh(card).mobile.clear() == ""


def test_the_same_again_says_nothing_and_counts_no_version(street, advisor, card):
    answer = put(advisor, card, "level", "gold")
    assert (answer.status_code, "X-Toast" in answer, fresh(card).version) == (200, False, 1)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "没有姓名"),
        ("name", "🚗", "🚗"),
        ("mobile", "1391111222", "1"),
        ("mobile", "13911112222", "139****2222"),
        ("birthday_on", "2999-01-01", "2999-01-01"),
        ("birthday_on", "gestern", "gestern"),
        ("hobbies", "钓" * 300, "100"),
        ("note", "长" * 300, "200"),
        ("level", "platinum", "platinum"),
    ],
)
def test_a_refusal_stands_at_the_field_in_words(street, advisor, card, field, value, words):
    street.add("王建军", "13911112222")
    answer = put(advisor, card, field, value)
    page = answer.content.decode()
    assert (answer.status_code, f'data-field="{field}"' in page, words in page) == (422, True, True)
    assert fresh(card).version == 1


def test_what_may_be_insisted_on_waits_in_the_form_for_its_refusal(street, advisor, card):
    street.add("王建军", "13911112222")
    refused = put(advisor, card, "mobile", "13911112222")
    form = asked(advisor, card, field="mobile")
    assert f'data-when="{refused["X-Problem"]} customers.customer.phone_elsewhere" hidden' in form
    assert put(advisor, card, "mobile", "13911112222", shared_phone="on").status_code == 200
    assert (fresh(card).mobile.clear(), fresh(card).shared_phone) == ("13911112222", True)


def test_somebody_faster_at_the_same_field_is_shown_beside_mine_and_one_of_us_decides(street, advisor, card):
    by_colleague(street, card, level="silver")
    refused = put(advisor, card, "level", "diamond")
    assert (refused.status_code, refused["X-Problem"]) == (422, "customers.customer.changed_meanwhile")
    question = asked(advisor, card, field="level", since=1)
    assert ("王芳" in question, "银卡" in question, 'name="instead" value="2"' in question) == (True, True, True)
    assert fresh(card).level == "silver"
    assert put(advisor, card, "level", "diamond", version=1, instead="2").status_code == 200
    assert fresh(card).level == "diamond"


def test_somebody_faster_at_another_field_is_in_nobodys_way(street, advisor, card):
    by_colleague(street, card, hobbies="钓鱼")
    assert put(advisor, card, "level", "diamond").status_code == 200
    assert (fresh(card).hobbies, fresh(card).level, fresh(card).version) == ("钓鱼", "diamond", 3)


@pytest.mark.parametrize("version", [-(10**18), -1, 0, 10**18])
def test_a_version_that_nobody_can_have_read_stands_in_the_way_of_every_field(street, advisor, card, version):
    by_colleague(street, card, hobbies="钓鱼")
    with within(street.home):
        assert changed_since(fresh(card), version, ["level"]) == Changed("level")


def test_what_a_colleague_made_of_a_sealed_field_is_shown_masked(street, advisor, card):
    by_colleague(street, card, mobile="13911112222")
    question = asked(advisor, card, field="mobile", since=1)
    assert ("139****2222" in question, "13911112222" in question) == (True, False)


def test_taking_back_gives_the_field_as_it_stands_now(street, advisor, card):
    by_colleague(street, card, level="silver")
    page = asked(advisor, card, field="level", shown=1)
    assert ("银卡" in page, "<form" in page) == (True, False)


def test_an_address_of_a_field_opens_it_on_the_card(street, advisor, card):
    answer = advisor.get(f"/customers/{card.pk}/edit?field=mobile")
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{card.pk}?edit=mobile")
    page = advisor.get(answer["Location"]).content.decode()
    assert ('id="edit-mobile"' in page, 'id="edit-level"' in page) == (True, False)


def test_who_may_only_look_finds_no_input(street, card):
    foreman = browser(hire(street.home, "foreman", "何工"))
    page = foreman.get(f"/customers/{card.pk}?edit=mobile").content.decode()
    assert ("edit?field" in page, 'id="edit-mobile"' in page) == (False, False)
    assert put(foreman, card, "level", "silver").status_code == 403


def test_an_unknown_field_is_not_there(street, advisor, card):
    assert advisor.get(f"/customers/{card.pk}/edit?field=rfm_class", headers=HTMX).status_code == 404
    assert put(advisor, card, "rfm_class", "vip").status_code == 404
    assert put(advisor, card, "level", "silver", version="").status_code == 422
    assert asked(advisor, card, field="level", since="²")


@pytest.fixture
def wife(street, card):
    with within(street.home):
        return actions.add_contact(
            card, name="李梅", mobile="13911112222", relation="spouse", by=street.advisor(), now=NOW
        )


def put_contact(client, contact, field, value, *, version=1, **more):
    address = f"/customers/contacts/{contact.pk}/edit"
    return send(client, address, htmx=True, field=field, version=version, **{field: value}, **more)


def test_a_contact_is_changed_where_he_stands(street, advisor, card, wife):
    page = advisor.get(f"/customers/{card.pk}").content.decode()
    assert page.count(f"/customers/contacts/{wife.pk}/edit?field=mobile") == 1
    form = advisor.get(f"/customers/contacts/{wife.pk}/edit", {"field": "mobile"}, headers=HTMX).content.decode()
    assert (f'id="edit-contact-{wife.pk}-mobile"' in form, "13911112222" in form) == (True, False)
    for version, (field, value) in enumerate(
        [("name", "李美"), ("mobile", "13922223333"), ("relation", "family"), ("may_approve", "1")], start=1
    ):
        answer = put_contact(advisor, wife, field, value, version=version)
        assert (answer.status_code, "undo" in answer["X-Toast"]) == (200, True), field
    with anywhere():
        wife.refresh_from_db()
    assert (wife.name, wife.mobile.clear(), wife.relation, wife.may_approve) == ("李美", "13922223333", "family", True)
    assert f'/customers/{card.pk}"' in advisor.get("/customers/?q=13922223333").content.decode()
    refused = put_contact(advisor, wife, "mobile", "139", version=5)
    assert (refused.status_code, 'data-field="mobile"' in refused.content.decode()) == (422, True)


def test_two_people_at_one_contact_are_asked_as_well(street, advisor, card, wife):
    by = hire(street.home, "advisor", "王芳")
    with within(street.home):
        actions.edit_contact(wife, relation="driver", version=1, by=by, now=NOW)
    assert put_contact(advisor, wife, "name", "李美").status_code == 200
    refused = put_contact(advisor, wife, "relation", "family")
    assert (refused["X-Problem"], 'data-field="relation"' in refused.content.decode()) == (
        "customers.customer.changed_meanwhile",
        True,
    )
    asking = {"field": "relation", "since": "1"}
    question = advisor.get(f"/customers/contacts/{wife.pk}/edit", asking, headers=HTMX).content.decode()
    assert ("王芳" in question, "司机" in question, 'value="3"' in question) == (True, True, True)
    assert put_contact(advisor, wife, "relation", "family", instead="3").status_code == 200


def test_who_was_removed_is_gone_until_that_is_taken_back(street, advisor, card, wife):
    answer = send(advisor, f"/customers/contacts/{wife.pk}/drop")
    assert "cheyi_toast" in answer.cookies
    assert put_contact(advisor, wife, "name", "李美").status_code == 404


def test_each_purpose_of_consent_is_opened_where_it_stands(street, advisor, card):
    page = advisor.get(f"/customers/{card.pk}").content.decode()
    for purpose in ("service", "marketing", "sharing_group", "sharing_oem", "sharing_insurer", "photo", "location"):
        at = f"/customers/{card.pk}/consents/{purpose}"
        assert page.count(f"{at}?field=channel") == 1, purpose
        form = advisor.get(at, headers=HTMX).content.decode()
        asks = purpose.startswith("sharing") or purpose == "location"
        assert (f'id="edit-consent-{purpose}-channel"' in form, 'name="separate"' in form) == (True, asks)
    at = f"/customers/{card.pk}/consents/marketing"
    send(advisor, at, htmx=True, channel="paper")
    form = advisor.get(at, headers=HTMX).content.decode()
    assert (">撤" in form, "纸质 · 20" in form, "电话" in form) == (True, True, False)
    assert "<form" not in advisor.get(at, {"shown": "1"}, headers=HTMX).content.decode()
    assert advisor.get(at)["Location"] == f"/customers/{card.pk}"


def test_a_consent_is_dated_by_the_clock_of_the_store(street, advisor, card):
    early = datetime(2026, 5, 3, 23, 5, tzinfo=UTC)
    with within(street.home):
        actions.record_consent(
            card, purpose="service", channel="paper", wording_version="1", by=street.advisor(), now=early
        )
    for address in (f"/customers/{card.pk}", f"/customers/{card.pk}/consents/service"):
        page = advisor.get(address, headers=HTMX).content.decode()
        assert ("2026-05-04" in page, "2026-05-03" in page) == (True, False)
