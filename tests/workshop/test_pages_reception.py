"""The advisor's screens: find, price, open, dispatch."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer
from cheyi.foundation.models import WorkShift
from cheyi.foundation.scope import within
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import VehicleOwnership
from cheyi.workshop.actions.cataloguing import set_kit
from cheyi.workshop.models import Bay, PointAnswer, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import q, yuan


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


def at_desk(viewer) -> Client:
    client = Client()
    session = client.session
    session[SESSION_USER] = viewer.user_id
    session.save()
    return client


def on_duty(shop, *viewers, now=None):
    """Shifts around a moment of the shop's day, else around the real present, which the pages read at the edge.

    For the present the store stands where it is working time now.
    """
    if now is None:
        now = datetime.now(UTC)
        shop.stands_at_midday()
    Bay.objects.get_or_create(store=shop.store, code="X1", defaults={"kind": "express", "created_at": now})
    for viewer in viewers:
        WorkShift.objects.create(
            store=shop.store,
            employee=shop.employee(viewer),
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=9),
            created_at=now,
        )


def test_the_landing_page_shows_my_cars(shop, advisor):
    shop.opened("MA001")
    text = advisor.get("/workshop/reception").content.decode()
    assert "沪A·80001" in text
    assert "小保养" in text


def test_the_box_finds_a_car_by_its_plates_tail_and_by_the_owners_initials(shop, advisor):
    car = shop.car()
    for typed in ("0001", "80001", "沪A80001", "fzq", "方志强", "1111", "000001"):
        text = advisor.get("/search", {"q": typed}).content.decode()
        assert f"/workshop/reception/cars/{car.pk}" in text, typed


def known_without_car(shop) -> Customer:
    with within(shop.store):
        return customers.add(
            name="钱多多", mobile="19900005678", confirmed_new=False, store=shop.store, by=shop.advisor, now=NOW
        )


def test_the_box_finds_a_customer_without_a_car_and_leads_to_his_first(shop, advisor):
    person = known_without_car(shop)
    for typed in ("qdd", "钱多多", "5678"):
        text = advisor.get("/search", {"q": typed}).content.decode()
        assert f"/workshop/reception/new-car?customer={person.pk}" in text, typed
        assert f'data-file="/customers/{person.pk}"' in text
        assert "19900005678" not in text


def test_a_new_car_of_somebody_on_file_is_his_without_typing_him_again(shop, advisor):
    person = known_without_car(shop)
    text = advisor.get("/workshop/reception/new-car", {"customer": person.pk}).content.decode()
    assert "钱多多" in text
    assert 'name="mobile"' not in text
    wrong = advisor.post("/workshop/reception/new-car", {"_key": "n0", "plate": "沪A123", "customer": person.pk})
    assert (wrong.status_code, f'name="customer" value="{person.pk}"' in wrong.content.decode()) == (422, True)
    answer = advisor.post("/workshop/reception/new-car", {"_key": "n1", "plate": "沪A80009", "customer": person.pk})
    owned = VehicleOwnership.objects.get(customer=person)
    assert (owned.vehicle.plate, owned.role) == ("沪A80009", "owner")
    assert answer["Location"] == f"/workshop/reception/cars/{owned.vehicle_id}"
    assert Customer.objects.filter(name="钱多多").count() == 1


def test_a_car_comes_with_its_owner_and_suggestions(shop, advisor):
    text = advisor.get(f"/workshop/reception/cars/{shop.car().pk}").content.decode()
    assert "方志强" in text
    assert "199****1111" in text
    assert "19900001111" not in text
    assert "MA001|customer|" in text


def test_the_reception_page_stays_within_its_queries(shop, advisor, django_assert_max_num_queries):
    car = shop.car()
    with django_assert_max_num_queries(34):
        advisor.get(f"/workshop/reception/cars/{car.pk}")


def test_jobs_are_priced_planned_and_their_parts_placed(shop, advisor):
    wang = shop.technician()
    on_duty(shop, wang)
    answer = advisor.get(f"/workshop/reception/cars/{shop.car().pk}/quote", {"job": ["MA001|customer|"]})
    text = answer.content.decode()
    # 0.6 h × 320 + 4 × 95 + 68
    assert "¥640.00" in text
    assert "王建国" in text
    assert 'name="promised_at"' in text
    assert text.count("本店 40") == 2


def test_the_quote_stays_within_its_queries(shop, advisor, django_assert_max_num_queries):
    on_duty(shop, shop.technician())
    car = shop.car()
    with django_assert_max_num_queries(34):
        advisor.get(f"/workshop/reception/cars/{car.pk}/quote", {"job": ["MA001", "CH001", "DT004"]})


def test_a_job_is_found_by_initials_and_by_words(shop, advisor):
    car = shop.car()
    for typed in ("qscp", "前刹车", "CH001"):
        text = advisor.get(f"/workshop/reception/cars/{car.pk}/jobs", {"q": typed}).content.decode()
        assert "CH001|customer|" in text, typed


def sent(shop, technician=None, **more):
    form = {"_key": "k1", "job": ["MA001|customer|", "CH001|customer|"], "mileage": "20,400", "mileage_known": ""}
    return form | ({"technician": shop.employee(technician).pk} if technician else {}) | more


def test_one_press_opens_and_dispatches(shop, advisor):
    car, wang = shop.car(), shop.technician()
    answer = advisor.post(f"/workshop/reception/cars/{car.pk}/open", sent(shop, wang))
    order = WorkOrder.objects.get()
    assert (order.state, order.mileage_in, order.plate) == ("dispatched", 20_400, "沪A80001")
    assert (answer.status_code, answer["Location"]) == (303, f"/workshop/orders/{order.pk}")
    assert [line.op_code for line in order.labour.order_by("seq")] == ["MA001", "CH001"]


def test_a_double_press_opens_one_order(shop, advisor):
    car = shop.car()
    for _ in range(2):
        assert advisor.post(f"/workshop/reception/cars/{car.pk}/open", sent(shop)).status_code == 303
    assert WorkOrder.objects.count() == 1


def test_the_number_that_the_page_had_put_there_is_no_reading(shop, advisor):
    car = shop.car()
    advisor.post(f"/workshop/reception/cars/{car.pk}/open", sent(shop, mileage="20,400", mileage_known="20,400"))
    assert WorkOrder.objects.get().mileage_confirmed is False


def test_a_lower_mileage_is_asked_about_and_nothing_is_opened(shop, advisor):
    shop.handed_over(shop.pay(shop.ready("MA001")))
    car = shop.car()
    answer = advisor.post(
        f"/workshop/reception/cars/{car.pk}/open", sent(shop, mileage="100"), headers={"HX-Request": "1"}
    )
    assert (answer.status_code, answer["X-Problem"]) == (422, "vehicles.mileage.lower")
    assert WorkOrder.objects.count() == 1
    again = sent(shop, mileage="100", mileage_reason="replaced")
    assert advisor.post(f"/workshop/reception/cars/{car.pk}/open", again).status_code == 303


@pytest.mark.parametrize("typed", ["-1", "1000000000", "😀", "1.5.2"])
def test_an_absurd_mileage_is_refused_with_words(shop, advisor, typed):
    answer = advisor.post(f"/workshop/reception/cars/{shop.car().pk}/open", sent(shop, mileage=typed))
    assert answer.status_code == 422
    assert not WorkOrder.objects.exists()


def test_the_second_advisor_sees_the_first_ones_order(shop, advisor):
    order = shop.opened("MA001")
    answer = advisor.post(f"/workshop/reception/cars/{shop.car().pk}/open", sent(shop))
    assert (answer.status_code, answer["X-Problem"]) == (422, "workshop.order.car_has_order")
    assert order.no in answer.content.decode()
    assert WorkOrder.objects.count() == 1


def new_car(client, **typed):
    form = {"_key": re.sub(r"\W", "", str(typed))[:60], "plate": "", "vin": "", "mobile": "", "name": ""} | typed
    return client.post("/workshop/reception/new-car", form)


def test_a_plate_alone_puts_a_new_car_on_file(shop, advisor):
    answer = new_car(advisor, plate=" 沪ａ·8 8888")
    assert answer.status_code == 303
    assert "沪A·88888" in advisor.get(answer["Location"]).content.decode()


def test_a_new_owner_comes_with_the_car(shop, advisor):
    answer = new_car(advisor, plate="沪A88887", mobile="+86 199-0000-2222", name="沈一凡")
    text = advisor.get(answer["Location"]).content.decode()
    assert "沈一凡" in text
    assert "199****2222" in text


def test_a_known_plate_simply_opens_its_car(shop, advisor):
    assert new_car(advisor, plate="沪A80001" if shop.car() else "")["Location"].endswith(f"/{shop.car().pk}")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "车牌"),
        ({"plate": "京I12345"}, "I"),
        ({"vin": "LSVAU2180N2183294"}, "9"),
        ({"vin": "LSVAA4184N2I83294"}, "I"),
        ({"plate": "沪A88886", "mobile": "12345678901"}, "手机"),
    ],
)
def test_what_is_wrong_with_a_new_car_is_said_and_nothing_is_lost(shop, advisor, typed, words):
    answer = new_car(advisor, **typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert all(value in text for value in typed.values())


def test_a_wrong_check_digit_can_be_confirmed(shop, advisor):
    assert 'value="vehicles.vehicle.check_digit"' in new_car(advisor, vin="LSVAU2180N2183294").content.decode()
    answer = new_car(advisor, vin="LSVAU2180N2183294", confirmed="vehicles.vehicle.check_digit")
    assert answer.status_code == 303


def test_what_was_typed_into_the_box_lands_in_its_field(shop, advisor):
    for typed, field in (
        ("8k62f", "plate"),
        ("1M8GDM9AXKP042788", "vin"),
        ("LSVAO4BR1EN123456", "vin"),
        ("19900003333", "mobile"),
        ("沈", "name"),
    ):
        text = advisor.get("/workshop/reception/new-car", {"text": typed}).content.decode()
        assert re.search(rf'name="{field}"[^>]*value="{typed}"', text, re.IGNORECASE), typed


def test_a_part_that_only_a_sister_store_has_says_where_it_is(shop, advisor):
    part = shop.part("PAD-X", "陶瓷刹车片", "600")
    set_kit(shop.op("EL003"), part=part, quantity=q(1), by=shop.manager, now=NOW)
    with within(shop.town.sister):
        keeper = shop.town.person("parts_keeper", store=shop.town.sister)
        parts.receive_opening(incoming=[Incoming(part.pk, q(3), yuan(900))], store=shop.town.sister, by=keeper, now=NOW)
    text = advisor.get(f"/workshop/reception/cars/{shop.car().pk}/quote", {"job": ["EL003|customer|"]}).content.decode()
    assert f"{shop.town.sister.name} 3" in text


def test_what_was_said_is_not_shown_again_and_the_next_point_takes_its_place(shop, advisor):
    car = shop.car()
    vehicles.edit(
        car, insurance_until=datetime.now(UTC).date() + timedelta(days=9), store=shop.store, by=shop.advisor, now=NOW
    )
    text = advisor.get(f"/workshop/reception/cars/{car.pk}").content.decode()
    said = json.loads(re.findall(r"data-said='([^']+)'", text)[-1])
    assert (said["code"], said["answer"]) == ("insurance", "interested")
    address = f"/workshop/reception/cars/{car.pk}/said"
    assert advisor.post(address, said | {"_key": "s1"}, headers={"HX-Request": "true"}).status_code == 200
    assert PointAnswer.objects.get().answer == "interested"
    again = advisor.get(f"/workshop/reception/cars/{car.pk}").content.decode()
    assert '"insurance"' not in again
    assert advisor.post(address, {"code": "gossip", "answer": "told", "_key": "s2"}).status_code == 422


def test_who_opens_a_car_second_is_told_which_order_has_it_and_may_say_why(shop, advisor):
    car = shop.car()
    text = advisor.get(f"/workshop/reception/cars/{car.pk}").content.decode()
    assert re.search(r'data-when="second_order" hidden', text)
    order = shop.opened("DT004")
    refused = advisor.post(
        f"/workshop/reception/cars/{car.pk}/open",
        {"job": ["MA001|customer|"], "act": "open", "_key": "o1"},
        headers={"HX-Request": "true"},
    )
    assert refused.status_code == 422
    assert order.no in refused.content.decode()
    assert 'data-field="second_order_reason"' in refused.content.decode()
    to = advisor.get(f"/workshop/reception/cars/{car.pk}/order")
    assert to.headers["Location"] == f"/workshop/orders/{order.pk}"
    banner = advisor.get(f"/workshop/reception/cars/{car.pk}").content.decode()
    assert f'href="/workshop/orders/{order.pk}"' in banner
    form = {"job": ["MA001|customer|"], "act": "open", "second_order_reason": "保险另开单", "_key": "o2"}
    assert advisor.post(f"/workshop/reception/cars/{car.pk}/open", form).status_code == 303
    assert WorkOrder.objects.latest("pk").second_order_reason == "保险另开单"


def test_another_able_technician_can_be_chosen_before_opening(shop, advisor):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3, detailing=3)
    on_duty(shop, wang, liu)
    text = advisor.get(f"/workshop/reception/cars/{shop.car().pk}/quote", {"job": ["DT004|customer|"]}).content.decode()
    names = re.search(r'<select[^>]*name="technician".*?</select>', text, re.DOTALL)[0]
    assert ("王建国" in names, "刘洋" in names) == (True, True)


def test_who_may_be_the_same_stands_beside_what_was_typed_and_is_taken_by_one_click(shop, advisor):
    known = shop.customer("方志强", "19900001111")
    typed = {"plate": "沪A88885", "mobile": "19900001112", "name": "方志强"}
    answer = new_car(advisor, **typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "199****1111" in text
    assert "19900001111" not in text
    assert f'name="customer" value="{known.pk}"' in text
    assert new_car(advisor, **typed, customer=known.pk).status_code == 303
    assert Customer.objects.count() == 1
    assert VehicleOwnership.objects.get(vehicle__plate="沪A88885").customer_id == known.pk


def test_somebody_else_with_the_same_name_gets_a_card_of_his_own(shop, advisor):
    shop.customer("方志强", "19900001111")
    typed = {"plate": "沪A88884", "mobile": "19900001112", "name": "方志强"}
    assert new_car(advisor, **typed, confirmed="customers.customer.maybe_same").status_code == 303
    assert Customer.objects.count() == 2


def test_a_field_is_checked_when_it_is_left(shop, advisor):
    address = "/workshop/reception/new-car/check"
    wrong = advisor.get(address, {"vin": "LSVAU2180N2183294"}).content.decode()
    assert 'id="id_vin-error"' in wrong
    assert 'error" hidden' not in wrong
    assert wrong.count("data-fill") == 2
    right = advisor.get(address, {"plate": "沪A88883"}).content.decode()
    assert 'id="id_plate-error" hidden' in right
    car = shop.car()
    assert f"/workshop/reception/cars/{car.pk}" in advisor.get(address, {"plate": car.plate}).content.decode()
