"""Many cars at once: the checks of one by one, none doubled."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.customers.engine.vins import check_digit
from cheyi.foundation.models import SearchKey
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.vehicles import actions, queries
from cheyi.vehicles.actions import BulkRow
from cheyi.vehicles.models import MileageReading, Plate, Vehicle, VehicleOwnership, VehicleStore
from tests.customers.people import NOW, anywhere, audited
from tests.vehicles.cars import GREEN, OTHER_VIN, PLATE, VIN, add_car, seal_model

PAPER = Source("onboarding.batch", 7, "2026-06-15")


def bulk(street, *rows: BulkRow, store=None):
    at = store or street.home
    with within(at):
        return actions.bulk_add(rows, store=at, by=street.advisor(at), now=NOW, paper=PAPER)


def row(ref: str, plate: str = PLATE, vin: str = VIN, **more) -> BulkRow:
    return BulkRow(ref=ref, plate=plate, vin=vin, **more)


def kinds(outcomes) -> list[str]:
    return [one.kind for one in outcomes]


def made_vin(number: int) -> str:
    body = f"LSVAA418_N2{number:06d}"
    return body.replace("_", check_digit(body.replace("_", "0")))


def test_a_row_brings_plate_history_owner_reading_and_keys(street):
    owner = street.add()
    outcome = bulk(
        street,
        row(
            "1",
            plate="沪a·80001",
            model=seal_model(street),
            owner_id=owner.pk,
            mileage=24_800,
            mileage_on=date(2026, 5, 15),
            avg_daily_km=Quantity.of(33),
            last_visit_on=date(2026, 5, 15),
            details={"purchase_on": date(2025, 5, 1), "body_colour": "白"},
        ),
    )[0]
    car = Vehicle.objects.get(pk=outcome.vehicle_id)
    assert (outcome.kind, car.plate, car.vin, car.energy, car.warranty_until) == (
        "new",
        PLATE,
        VIN,
        "bev",
        date(2028, 5, 1),
    )
    assert (car.last_mileage, car.last_mileage_on, car.avg_daily_km) == (24_800, date(2026, 5, 15), Quantity.of(33))
    assert Plate.objects.get(vehicle=car).number == PLATE
    assert VehicleOwnership.objects.get(vehicle=car).from_on == date(2025, 5, 1)
    assert (MileageReading.objects.get(vehicle=car).km, MileageReading.objects.get(vehicle=car).source) == (
        24_800,
        PAPER,
    )
    assert VehicleStore.objects.get(vehicle=car).last_visit_on == date(2026, 5, 15)
    assert [one.id for one in queries.search("wjg", store=street.home, viewer=street.advisor()).cars] == [car.pk]
    assert audited("vehicles.vehicle.imported")[0].facts["count"] == 1


def test_the_keys_are_those_that_one_by_one_would_have_written(street):
    bulk(street, row("1"))
    add_car(street, store=street.near)
    with anywhere():
        home, near = (
            set(SearchKey.objects.filter(store_id=store.pk).values_list("key", "rank"))
            for store in (street.home, street.near)
        )
    assert home == near != set()


def test_the_same_list_twice_doubles_none(street):
    rows = [row("1"), row("2", GREEN, ""), row("3", "", OTHER_VIN)]
    first, second = bulk(street, *rows), bulk(street, *rows)
    assert (kinds(first), kinds(second)) == (["new"] * 3, ["here"] * 3)
    assert [one.vehicle_id for one in first] == [one.vehicle_id for one in second]
    assert Vehicle.objects.count() == 3


def test_a_car_that_stands_twice_is_one_and_one_plate_on_two_vins_is_refused(street):
    outcomes = bulk(street, row("1"), row("2", "沪A-80001", ""), row("3", PLATE, OTHER_VIN))
    assert kinds(outcomes) == ["new", "here", "refused"]
    assert (outcomes[2].problem.code, outcomes[2].problem.facts["tail"]) == ("vehicles.vehicle.plate_taken", VIN[-6:])
    outcomes = bulk(street, row("4", PLATE, OTHER_VIN))
    assert outcomes[0].problem.code == "vehicles.vehicle.plate_taken"


def test_bad_rows_are_refused_with_their_reason_and_a_row_may_insist(street):
    outcomes = bulk(
        street,
        row("1", "", ""),
        row("2", "", "LSVAU2180N2183294"),
        row("3", "", "LSVAU2180N2183294", confirmed=("vehicles.vehicle.check_digit",)),
        row("4", mileage=2_000_001),
    )
    assert kinds(outcomes) == ["refused", "refused", "new", "refused"]
    assert [one.problem.code for one in outcomes if one.problem] == [
        "vehicles.vehicle.plate_or_vin",
        "vehicles.vehicle.check_digit",
        "vehicles.mileage.out_of_range",
    ]


def test_a_sister_stores_car_is_linked(street):
    first = add_car(street, store=street.near)
    outcome = bulk(street, row("1"))[0]
    assert (outcome.kind, outcome.vehicle_id) == ("linked", first.pk)


def test_five_hundred_rows_take_fewer_than_eighty_statements(street):
    rows = [row(str(number), f"沪A{80_000 + number}", made_vin(number), mileage=number) for number in range(500)]
    with CaptureQueriesContext(connection) as statements:
        outcomes = bulk(street, *rows)
    assert set(kinds(outcomes)) == {"new"}
    assert len(statements) < 80
