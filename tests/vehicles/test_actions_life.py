"""What happens to a car on file: readings, services, owners, plates, recalls, and its profile."""

from datetime import date, timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.vehicles import actions, queries
from cheyi.vehicles.actions import PaperReading
from cheyi.vehicles.models import MileageReading, Plate, Vehicle, VehicleOwnership
from tests.customers.people import NOW, audited, told
from tests.vehicles.cars import OTHER_VIN, PLATE, VIN, add_car, seal_model

ORDER = Source("workshop.order", 81, "ROSH012606150001")


def read(street, vehicle, km, days=0, reason=""):
    return actions.record_mileage(
        vehicle, km=km, source=ORDER, by=street.advisor(), now=NOW + timedelta(days=days), reason=reason
    )


def fresh(vehicle) -> Vehicle:
    return Vehicle.objects.get(pk=vehicle.pk)


def test_a_reading_is_kept_and_becomes_the_cars_mileage(street):
    vehicle = add_car(street)
    row = read(street, vehicle, 24_800)
    car = fresh(vehicle)
    assert (car.last_mileage, car.last_mileage_on, car.last_mileage_at) == (24_800, date(2026, 6, 15), NOW)
    assert (row.km, row.source) == (24_800, ORDER)
    assert told("vehicles.vehicle.mileage_recorded")[0]["km"] == 24_800


def test_readings_on_papers_of_the_past_are_kept_and_the_latest_counts_where_it_is_later(street):
    read_since, never = add_car(street), add_car(street, plate="沪A80002", vin=OTHER_VIN)
    read(street, read_since, 24_800)
    papers = [
        PaperReading(car.pk, km, NOW + timedelta(days=days), NOW.date() + timedelta(days=days), ORDER)
        for car, km, days in ((never, 9_000, -10), (never, 12_000, -3), (never, 7_500, -90), (read_since, 20_000, -40))
    ]
    with within(street.home):
        actions.keep_readings(papers, store=street.home, by=street.advisor(), now=NOW)
    assert (fresh(never).last_mileage, fresh(never).last_mileage_on) == (12_000, NOW.date() - timedelta(days=3))
    assert fresh(read_since).last_mileage == 24_800
    kept = MileageReading.objects.filter(vehicle=never).order_by("read_at").values_list("km", flat=True)
    assert list(kept) == [7_500, 9_000, 12_000]
    assert MileageReading.objects.filter(vehicle=read_since).count() == 2


def test_the_daily_distance_follows_the_last_service(street):
    vehicle = add_car(street)
    read(street, vehicle, 20_000)
    actions.record_service(vehicle, on=date(2026, 6, 15), km=20_000, by=street.advisor(), now=NOW)
    read(street, vehicle, 24_800, days=120)
    assert fresh(vehicle).avg_daily_km == Quantity.of(40)
    read(street, vehicle, 30_000, days=200)
    assert fresh(vehicle).avg_daily_km == Quantity.of(50)


def test_a_reading_of_last_week_does_not_tell_the_year(street):
    vehicle = add_car(street)
    read(street, vehicle, 20_000)
    read(street, vehicle, 22_000, days=7)
    assert fresh(vehicle).avg_daily_km == Quantity.of(40)
    read(street, vehicle, 22_100, days=30)
    assert fresh(vehicle).avg_daily_km == Quantity.of(5)


def test_the_first_reading_counts_from_the_purchase(street):
    vehicle = add_car(street, purchase_on=date(2025, 6, 15))
    read(street, vehicle, 14_600)
    assert fresh(vehicle).avg_daily_km == Quantity.of(40)
    other = add_car(street, "沪B80002", OTHER_VIN, purchase_on=date(2025, 6, 15))
    read(street, other, 21_900)
    assert fresh(other).avg_daily_km == Quantity.of(60)


def test_a_lower_reading_is_refused_and_with_a_reason_taken(street):
    vehicle = add_car(street)
    read(street, vehicle, 24_800)
    refused = street.refused(lambda: read(street, vehicle, 14_800, days=30))
    assert (refused.code, refused.facts["last"]) == ("vehicles.mileage.lower", 24_800)
    assert fresh(vehicle).last_mileage == 24_800
    read(street, vehicle, 14_800, days=30, reason="typo")
    assert (fresh(vehicle).last_mileage, MileageReading.objects.count()) == (14_800, 2)


def test_a_doubtful_reading_is_kept_but_does_not_count(street):
    vehicle = add_car(street)
    read(street, vehicle, 24_800)
    read(street, vehicle, 99, days=30, reason="doubtful")
    assert (fresh(vehicle).last_mileage, MileageReading.objects.count()) == (24_800, 2)
    assert told("vehicles.vehicle.mileage_recorded")[1]["counts"] is False


def test_a_new_odometer_begins_a_new_count(street):
    vehicle = add_car(street, purchase_on=date(2020, 1, 1))
    read(street, vehicle, 60_000)
    average = fresh(vehicle).avg_daily_km
    read(street, vehicle, 10, days=30, reason="replaced")
    assert (fresh(vehicle).last_mileage, fresh(vehicle).avg_daily_km) == (10, average)
    read(street, vehicle, 1_210, days=60)
    assert fresh(vehicle).avg_daily_km == Quantity.of(40)


@pytest.mark.parametrize("km", [-5, 2_000_001])
def test_what_no_odometer_shows_is_refused(street, km):
    vehicle = add_car(street)
    assert street.refused(lambda: read(street, vehicle, km)).code == "vehicles.mileage.out_of_range"


def test_a_service_sets_the_next_one_by_the_models_intervals(street):
    vehicle = add_car(street, model=seal_model(street))
    read(street, vehicle, 20_000)
    actions.record_service(vehicle, on=date(2026, 6, 15), km=20_000, by=street.advisor(), now=NOW)
    car = fresh(vehicle)
    assert (car.next_service_on, car.next_service_km) == (date(2027, 2, 20), 30_000)
    assert told("vehicles.vehicle.service_planned")[0]["due_km"] == 30_000


def test_the_next_service_may_be_set_by_hand(street):
    vehicle = add_car(street)
    for _ in range(2):
        actions.set_next_service(vehicle, on=date(2026, 12, 1), km=None, by=street.advisor(), now=NOW)
    assert fresh(vehicle).next_service_on == date(2026, 12, 1)
    assert len(told("vehicles.vehicle.service_planned")) == 1


def owners(vehicle):
    rows = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner").order_by("pk")
    return [(row.customer.name, row.until_on) for row in rows]


def test_a_new_owner_ends_the_former_one_and_undo_brings_him_back(street):
    first, second = street.add(), street.add("李梅", "13911112222")
    vehicle = add_car(street, owner=first)
    by = street.advisor()
    actions.change_owner(vehicle, owner=second, store=street.home, by=by, now=NOW)
    today = date(2026, 6, 15)
    assert owners(vehicle) == [("王建国", today), ("李梅", None)]
    undo(audited("vehicles.vehicle.owner_changed")[0].uid, by=by, now=NOW)
    assert owners(vehicle) == [("王建国", today), ("李梅", today), ("王建国", None)]


def test_the_same_owner_again_changes_nothing_and_an_early_day_is_refused(street):
    first, second = street.add(), street.add("李梅", "13911112222")
    vehicle = add_car(street, owner=first)

    def change(owner, **more):
        actions.change_owner(vehicle, owner=owner, store=street.home, by=street.advisor(), now=NOW, **more)

    change(first)
    assert owners(vehicle) == [("王建国", None)]
    refused = street.refused(lambda: change(second, from_on=date(2026, 6, 14)))
    assert (refused.code, refused.field) == ("vehicles.owner.before_former", "from_on")


def test_undoing_is_refused_once_the_car_has_changed_hands_again(street):
    people = [street.add(), street.add("李梅", "13911112222"), street.add("张三", "13733334444")]
    vehicle = add_car(street, owner=people[0])
    by = street.advisor()
    for person in people[1:]:
        actions.change_owner(vehicle, owner=person, store=street.home, by=by, now=NOW)
    first = audited("vehicles.vehicle.owner_changed")[0]
    assert street.refused(lambda: undo(first.uid, by=by, now=NOW)).code == "foundation.undo.impossible"


def test_users_payers_and_senders_stand_beside_the_owner(street):
    driver = street.add("张师傅", "13733334444")
    vehicle = add_car(street, owner=street.add())
    by = street.advisor()

    def write(role):
        return actions.add_person(vehicle, customer=driver, role=role, store=street.home, by=by, now=NOW)

    row = write("user")
    assert write("user").pk == row.pk
    assert [(one.customer.name, one.role) for one in queries.owners_of(vehicle.pk, by)] == [
        ("张师傅", "user"),
        ("王建国", "owner"),
    ]
    assert street.refused(lambda: write("owner")).code == "vehicles.owner.unknown_role"
    actions.end_person(row, store=street.home, by=by, now=NOW)
    assert queries.cars_of(driver.pk, by) == []


def plates(vehicle):
    rows = Plate.objects.filter(vehicle=vehicle).order_by("pk")
    return [(row.number, row.until_on) for row in rows]


def test_a_new_plate_keeps_the_old_one_in_the_history_and_undo_gives_it_back(street):
    vehicle = add_car(street)
    by = street.advisor()
    actions.change_plate(vehicle, plate="沪b·80002", store=street.home, by=by, now=NOW)
    today = date(2026, 6, 15)
    assert plates(vehicle) == [(PLATE, today), ("沪B80002", None)]
    assert [car.plate for car in queries.search("80002", store=street.home, viewer=by).cars] == ["沪B80002"]
    undo(audited("vehicles.vehicle.plate_changed")[0].uid, by=by, now=NOW)
    assert plates(vehicle)[-1] == (PLATE, None)
    assert queries.search("80002", store=street.home, viewer=by).cars == ()


def test_a_car_loses_its_plate_only_when_it_has_a_vin(street):
    with_vin = add_car(street)
    without = add_car(street, "沪B80002", "")

    def off(vehicle):
        return actions.change_plate(vehicle, plate="", store=street.home, by=street.advisor(), now=NOW)

    assert off(with_vin).plate == ""
    assert street.refused(lambda: off(without)).code == "vehicles.vehicle.plate_or_vin"


def test_another_cars_plate_asks_first(street):
    add_car(street)
    other = add_car(street, "沪B80002", OTHER_VIN)

    def take(*confirmed):
        return actions.change_plate(
            other, plate=PLATE, store=street.home, by=street.advisor(), now=NOW, confirmed=confirmed
        )

    assert street.refused(take).code == "vehicles.vehicle.plate_taken"
    assert take("vehicles.vehicle.plate_taken").plate == PLATE
    assert queries.find_by_vin(VIN).plate == ""


def test_a_changed_file_counts_its_versions_and_an_old_form_is_refused(street):
    vehicle = add_car(street)

    def change(**changes):
        return actions.edit(vehicle, store=street.home, by=street.advisor(), now=NOW, **changes)

    assert change(version=1, body_colour="白", insurance_until=date(2027, 1, 1)).version == 2
    assert street.refused(lambda: change(version=1, body_colour="黑")).code == "vehicles.vehicle.changed_meanwhile"
    assert change(body_colour="白").version == 2
    assert change(vin=OTHER_VIN).vin == OTHER_VIN
    assert queries.search(VIN, store=street.home, viewer=street.advisor()).cars == ()
    assert audited("vehicles.vehicle.changed")[0].facts == {
        "fields": ["body_colour", "insurance_until"],
        "version": 2,
    }


def test_another_cars_vin_and_an_unknown_choice_are_refused(street):
    vehicle = add_car(street)
    add_car(street, "沪B80002", OTHER_VIN)

    def change(**changes):
        return actions.edit(vehicle, store=street.home, by=street.advisor(), now=NOW, **changes)

    assert street.refused(lambda: change(vin=OTHER_VIN)).code == "vehicles.vehicle.just_added"
    assert street.refused(lambda: change(energy="steam")).code == "vehicles.vehicle.unknown_choice"


def test_a_recall_names_cars_on_file_once_and_is_done_per_car(street):
    vehicle = add_car(street)
    by = street.advisor()

    def recall(*vins):
        return actions.open_recall(
            code="R2026-01", title="气囊", vins=vins, from_on=date(2026, 6, 1), store=street.home, by=by, now=NOW
        )

    recall(VIN, OTHER_VIN, VIN.lower())
    recall(VIN)
    assert [fact["vehicle_id"] for fact in told("vehicles.vehicle.recall_open")] == [vehicle.pk]
    assert queries.profile(vehicle.pk).open_recalls == ("R2026-01 气囊",)
    actions.close_recall(vehicle, code="R2026-01", on=date(2026, 6, 15), by=by, now=NOW)
    assert queries.profile(vehicle.pk).open_recalls == ()
    refused = street.refused(lambda: actions.close_recall(vehicle, code="R1", on=date(2026, 6, 15), by=by, now=NOW))
    assert refused.code == "vehicles.recall.not_named"


def test_a_profile_takes_three_statements_and_tells_the_expected_mileage(street, django_assert_num_queries):
    vehicle = add_car(street, model=seal_model(street), owner=street.add(), purchase_on=date(2025, 6, 15))
    read(street, vehicle, 14_600)
    with django_assert_num_queries(3):
        found = queries.profile(vehicle.pk)
    assert (found.model_name, found.brand_name, found.energy, found.is_nev) == (
        "海豹 550km 精英型",
        "比亚迪",
        "bev",
        True,
    )
    assert (found.owner.name, found.owner.mobile) == ("王建国", "138****8000")
    assert found.estimated_km(date(2026, 7, 15)) == 15_800
    assert found.in_warranty(date(2028, 6, 15), 59_999)
    assert not found.in_warranty(date(2028, 6, 16), 10)
    assert not found.in_warranty(date(2027, 6, 16), 60_001)


def test_a_technician_sees_the_car_and_not_its_owner(street):
    from tests.foundation.org import hire

    vehicle = add_car(street, owner=street.add())
    technician = hire(street.home, "technician", "赵磊")
    found = queries.profile(vehicle.pk, technician)
    assert (found.plate, found.vin, found.owner) == (PLATE, VIN, None)
    assert queries.owners_of(vehicle.pk, technician) == []
    assert queries.search("王建国", store=street.home, viewer=technician).cars == ()
    assert queries.search("80001", store=street.home, viewer=technician).cars[0].owner is None


def test_an_unknown_car_has_no_profile(street):
    vehicle = add_car(street, store=street.near)
    with pytest.raises(Vehicle.DoesNotExist):
        queries.profile(vehicle.pk)
