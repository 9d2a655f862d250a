"""Putting a car on file: plates and VINs as people type them, cars that are there already, sister stores."""

import pytest

from cheyi.foundation.scope import within
from cheyi.vehicles import actions, queries
from cheyi.vehicles.models import Plate, Vehicle, VehicleOwnership, VehicleStore
from tests.customers.people import NOW, anywhere, audited, told
from tests.vehicles.cars import GREEN, OTHER_VIN, PLATE, VIN, add_car, seal_model


def stores_knowing(vehicle) -> list[str]:
    with anywhere():
        return sorted(VehicleStore.objects.filter(vehicle=vehicle).values_list("store__code", flat=True))


def current_plates() -> dict[str, str]:
    return dict(Plate.objects.filter(until_on=None).values_list("number", "vehicle__vin"))


def test_a_car_is_on_file_with_its_plate_history_and_known_to_the_store(street):
    vehicle = add_car(street)
    row = Vehicle.objects.get(pk=vehicle.pk)
    assert (row.plate, row.plate_kind, row.vin, row.model_year, row.is_nev) == (PLATE, "standard", VIN, 2022, False)
    assert current_plates() == {PLATE: VIN}
    assert stores_knowing(row) == ["SH01"]
    assert told("vehicles.vehicle.added")[0]["vehicle_id"] == row.pk
    assert audited("vehicles.vehicle.added")[0].thing_id == row.pk


@pytest.mark.parametrize("typed", ["沪a·80001", "沪A 80001", "沪ａ－８０００１", "沪A.80001", "滬a80001"])
def test_a_plate_is_kept_in_one_spelling_however_it_is_typed(street, typed):
    assert add_car(street, plate=typed).plate == PLATE


def test_a_vin_is_kept_in_capitals_without_blanks(street):
    assert add_car(street, vin=" lsvaa4184 n2183294 ").vin == VIN


def test_a_green_plate_tells_a_new_energy_car(street):
    vehicle = add_car(street, plate=GREEN, vin="")
    assert (vehicle.plate_kind, vehicle.energy, vehicle.is_nev) == ("new_energy_small", "bev", True)


@pytest.mark.parametrize(
    ("plate", "vin", "code", "field"),
    [
        ("", "", "vehicles.vehicle.plate_or_vin", "plate"),
        ("A80001", "", "customers.plate.province_missing", "plate"),
        ("沪AI2345", "", "customers.plate.letter_for_digit", "plate"),
        ("WJ京12345", "", "customers.plate.choose_kind", "plate"),
        ("沪A8000", "", "customers.plate.too_short", "plate"),
        ("", "LSVAA4184N218329", "customers.vin.wrong_length", "vin"),
        ("", "LSVAA4184N2I83294", "customers.vin.forbidden_letter", "vin"),
        ("", "LSVAO4184N2183294", "customers.vin.forbidden_letter", "vin"),
        ("", "LSVAU2180N2183294", "vehicles.vehicle.check_digit", "vin"),
        ("", "WP0ZZZ99ZTS392124", "vehicles.vehicle.foreign_check_digit", "vin"),
        ("", "11111111111111111", "vehicles.vehicle.odd_vin", "vin"),
    ],
)
def test_what_cannot_be_or_looks_odd_is_refused_beside_its_field(street, plate, vin, code, field):
    refused = street.refused(lambda: add_car(street, plate=plate, vin=vin))
    assert (refused.code, refused.field) == (code, field)


def test_a_wrong_ninth_digit_says_what_it_should_be_and_where_to_look(street):
    refused = street.refused(lambda: add_car(street, vin="LSVAU2180N2183294"))
    assert (refused.facts["found"], refused.facts["wanted"]) == ("0", "X")
    assert "1: L→1" in refused.facts["misread"]


@pytest.mark.parametrize(
    ("vin", "insisted"),
    [
        ("LSVAU2180N2183294", "vehicles.vehicle.check_digit"),
        ("WP0ZZZ99ZTS392124", "vehicles.vehicle.foreign_check_digit"),
        ("11111111111111111", "vehicles.vehicle.odd_vin"),
    ],
)
def test_who_has_compared_it_with_the_car_may_insist(street, vin, insisted):
    assert add_car(street, vin=vin, confirmed=(insisted,)).vin == vin
    assert audited("vehicles.vehicle.added")[0].facts["confirmed"] == [insisted]


def test_nobody_can_insist_on_a_letter_that_no_vin_has(street):
    refused = street.refused(
        lambda: add_car(street, vin="LSVAO4184N2183294", confirmed=("customers.vin.forbidden_letter",))
    )
    assert refused.facts["meant"] == "0"


def test_special_plates_are_taken_as_typed_once_their_kind_is_chosen(street):
    assert add_car(street, plate="wj京12345", vin="", plate_kind="armed_police").plate == "WJ京12345"


def test_the_same_car_again_is_already_here_by_plate_or_vin(street):
    vehicle = add_car(street)
    for plate, vin, field in ((PLATE, "", "plate"), ("", VIN, "vin"), ("沪B80002", VIN, "vin")):
        refused = street.refused(lambda plate=plate, vin=vin: add_car(street, plate=plate, vin=vin))
        assert (refused.code, refused.field) == ("vehicles.vehicle.already_here", field)
        assert refused.facts["vehicle_id"] == vehicle.pk


def test_a_plate_that_moved_to_another_car_asks_and_then_moves(street):
    add_car(street)
    refused = street.refused(lambda: add_car(street, vin=OTHER_VIN))
    assert (refused.code, refused.facts["tail"]) == ("vehicles.vehicle.plate_taken", VIN[-6:])
    add_car(street, vin=OTHER_VIN, confirmed=("vehicles.vehicle.plate_taken",))
    assert current_plates() == {PLATE: OTHER_VIN}
    assert Plate.objects.filter(vehicle__vin=VIN).get().until_on.isoformat() == "2026-06-15"
    assert queries.find_by_vin(VIN).plate == ""


def test_plate_and_vin_of_two_cars_are_refused(street):
    add_car(street)
    add_car(street, plate="沪B80002", vin=OTHER_VIN)
    assert street.refused(lambda: add_car(street, vin=OTHER_VIN)).code == "vehicles.vehicle.two_cars"


def test_a_sister_stores_car_is_linked_with_what_is_seen_on_it_now(street):
    first = add_car(street, vin="", store=street.near)
    second = add_car(street, vin=VIN)
    assert second.pk == first.pk
    assert stores_knowing(first) == ["SH01", "SH03"]
    row = Vehicle.objects.get(pk=first.pk)
    assert (row.plate, row.vin, row.vin_stem) == (PLATE, VIN, "LSVAA418N")
    assert told("vehicles.vehicle.adopted")[0]["store_id"] == street.home.pk


def test_a_sister_stores_car_under_a_new_plate_changes_it_everywhere(street):
    first = add_car(street, store=street.near)
    add_car(street, plate="沪B80002")
    assert current_plates() == {"沪B80002": VIN}
    with within(street.near):
        viewer = street.advisor(street.near)
        assert [car.id for car in queries.search("80002", store=street.near, viewer=viewer).cars] == [first.pk]
        assert queries.search("80001", store=street.near, viewer=viewer).cars == ()


def test_another_owner_of_a_linked_car_brings_it_and_does_not_take_it(street):
    owner = street.add(store=street.near)
    add_car(street, store=street.near, owner=owner)
    sender = street.add("李梅", "13911112222")
    vehicle = add_car(street, owner=sender)
    roles = dict(VehicleOwnership.objects.filter(vehicle=vehicle).values_list("role", "customer_id"))
    assert roles == {"owner": owner.pk, "sender": sender.pk}


def test_model_and_purchase_give_energy_and_warranties_but_never_over_what_is_typed(street):
    from datetime import date

    model = seal_model(street)
    vehicle = add_car(street, plate="", model=model, purchase_on=date(2026, 5, 1), warranty_km=100_000)
    assert (vehicle.energy, vehicle.warranty_until, vehicle.warranty_km) == ("bev", date(2029, 5, 1), 100_000)
    assert (vehicle.battery_warranty_until, vehicle.battery_warranty_km) == (date(2034, 5, 1), 150_000)


def test_the_model_is_suggested_once_three_cars_of_that_vin_stem_agree(street):
    model = seal_model(street)
    vins = ["LGXCE4CB9P0123456", "LGXCE4CB0P0123457", "LGXCE4CB2P0123458", "LGXCE4CB4P0123459"]
    for vin in vins[:3]:
        assert queries.model_of_vin(vins[3]) is None
        add_car(street, plate="", vin=vin, model=model)
    assert queries.model_of_vin(vins[3]) == model.pk
    assert add_car(street, plate="", vin=vins[3]).model == model


def test_a_car_is_found_by_any_part_of_plate_and_by_the_tails_of_its_vin(street):
    vehicle = add_car(street)
    viewer = street.advisor()
    for text in ("沪A80001", "a80001", "8000", "001", VIN, VIN.lower(), VIN[-8:], VIN[-6:], VIN[-4:]):
        assert [car.id for car in queries.search(text, store=street.home, viewer=viewer).cars] == [vehicle.pk], text
    with within(street.near):
        assert queries.search("8000", store=street.near, viewer=street.advisor(street.near)).cars == ()


def test_a_name_finds_the_cars_and_a_customer_without_car_stands_alone(street):
    owner = street.add()
    alone = street.add("王建军", "13911112222")
    vehicle = add_car(street, owner=owner)
    found = queries.search("wangjian", store=street.home, viewer=street.advisor())
    assert [(car.id, car.owner.name, car.owner.mobile) for car in found.cars] == [(vehicle.pk, "王建国", "138****8000")]
    assert [one.id for one in found.customers] == [alone.pk]
    found = queries.search("8000", store=street.home, viewer=street.advisor())
    assert found.by_phone == {owner.pk}


def test_the_search_takes_seven_statements_however_much_it_finds(street, django_assert_max_num_queries):
    for number in range(4):
        owner = street.add(f"王建{'国军民华'[number]}", f"1391111222{number}", confirmed_new=True)
        add_car(street, plate=f"沪A8000{number}", vin="", owner=owner)
    with django_assert_max_num_queries(7):
        found = queries.search("wangjian", store=street.home, viewer=street.advisor())
    assert len(found.cars) == 4


def test_bringing_the_owner_to_the_sister_store_brings_his_car(street):
    from cheyi.customers import actions as customers

    owner = street.add(store=street.near)
    vehicle = add_car(street, store=street.near, owner=owner)
    customers.adopt(number="13800138000", store=street.home, by=street.advisor(), now=NOW)
    assert stores_knowing(vehicle) == ["SH01", "SH03"]


def test_taking_over_a_car_brings_its_owner(street):
    from cheyi.customers import queries as customers

    owner = street.add(store=street.near)
    vehicle = add_car(street, store=street.near, owner=owner)
    masked = queries.elsewhere("沪a·80001", store=street.home)
    assert [(one.vehicle_id, one.plate, one.vin, one.stores) for one in masked] == [
        (vehicle.pk, "沪A***01", "LSV**********3294", ("城北店",))
    ]
    assert queries.elsewhere("80001", store=street.home) == []
    actions.adopt(number=VIN, store=street.home, by=street.advisor(), now=NOW)
    assert (queries.find_by_plate(PLATE), list(customers.known())) == (vehicle, [owner])
    refused = street.refused(lambda: actions.adopt(number=VIN, store=street.home, by=street.advisor(), now=NOW))
    assert refused.code == "vehicles.vehicle.not_elsewhere"


def test_another_firms_car_shows_nothing_and_its_owner_stays_there_until_he_consents(street):
    from cheyi.customers import actions as customers
    from cheyi.customers import queries as people

    owner = street.add(store=street.far)
    vehicle = add_car(street, store=street.far, owner=owner)
    assert queries.elsewhere(PLATE, store=street.home) == []
    assert add_car(street).pk == vehicle.pk
    assert (queries.profile(vehicle.pk).owner, list(people.known())) == (None, [])
    second = add_car(street, "沪B80002", OTHER_VIN, store=street.far, owner=owner)
    assert street.add().pk == owner.pk
    assert stores_knowing(second) == ["SH02"]
    with within(street.far):
        customers.record_consent(
            owner,
            purpose="sharing_group",
            channel="paper",
            wording_version="2026-01",
            separate=True,
            by=street.advisor(street.far),
            now=NOW,
        )
    assert stores_knowing(second) == ["SH01", "SH02"]
    assert queries.profile(vehicle.pk).owner.name == "王建国"
