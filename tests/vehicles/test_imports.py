"""Cars from a file: owners by number, phone or name, models by their words, none doubled."""

from datetime import date

import pytest

from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.vehicles.imports import COLUMNS, KIND
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from tests.customers.people import NOW
from tests.vehicles.cars import GREEN, OTHER_VIN, PLATE, VIN, seal_model

PAPER = Source("onboarding.batch", 8, "2026-06-15")


def take(street, *cells: dict[str, str]):
    prepared = [KIND.prepare(str(number), row) for number, row in enumerate(cells)]
    assert [one.faults for one in prepared] == [()] * len(cells)
    with within(street.home):
        return KIND.apply([one.clean for one in prepared], store=street.home, by=street.advisor(), now=NOW, paper=PAPER)


def owner_of(plate: str) -> str:
    rows = VehicleOwnership.objects.filter(vehicle__plate=plate, role="owner").values_list("customer__name", flat=True)
    return ", ".join(rows)


@pytest.mark.parametrize(
    ("cells", "plate", "vin", "notes"),
    [
        ({"plate": "沪AI2345"}, "沪A12345", "", [("plate", "沪AI2345", "沪A12345")]),
        ({"vin": "lgxce4cb9pO123456"}, "", OTHER_VIN, [("vin", "lgxce4cb9pO123456", OTHER_VIN)]),
        ({"plate": "未上牌", "vin": VIN}, "", VIN, []),
        ({"plate": "临牌", "vin": VIN}, "", VIN, []),
        ({"plate": PLATE, "owner": "王建国", "owner_mobile": "1.99E+10"}, PLATE, "", []),
        ({"plate": PLATE, "owner_mobile": "19900174730(司机)"}, PLATE, "", []),
    ],
)
def test_what_can_only_have_been_meant_one_way_is_read_so_and_told(cells, plate, vin, notes):
    read = KIND.prepare("1", cells)
    assert read.faults == ()
    assert (read.clean.row.plate, read.clean.row.vin) == (plate, vin)
    told = [(note.field, note.facts["text"], note.facts["meant"]) for note in read.notes]
    assert told == notes


def test_a_word_for_no_plate_needs_the_vin_and_an_owner_known_by_a_bad_number_alone_is_a_fault():
    def faults(cells):
        return [(fault.column, fault.refused.code) for fault in KIND.prepare("1", cells).faults]

    assert faults({"plate": "无牌"}) == [("plate", "customers.plate.unknown_form")]
    assert faults({"plate": PLATE, "owner_mobile": "1.99E+10"}) == [
        ("owner_mobile", "customers.phone.rounded_by_spreadsheet")
    ]


def test_every_example_is_read():
    assert KIND.prepare("1", {column.code: column.example for column in COLUMNS}).faults == ()


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ({}, [("plate", "vehicles.vehicle.plate_or_vin")]),
        ({"plate": "沪AI234"}, [("plate", "customers.plate.too_short")]),
        ({"vin": "LSVAU218ON2183294"}, [("vin", "customers.vin.forbidden_letter")]),
        ({"vin": "LSVAU2180N2183294"}, [("vin", "vehicles.vehicle.check_digit")]),
        ({"vin": "LSVAU2180N2183294", "vin_checked": "是"}, []),
        ({"vin": "WP0ZZZ99ZTS392124"}, []),
        (
            {"plate": PLATE, "mileage": "-5", "energy": "蒸汽", "owner_mobile": "123"},
            [
                ("energy", "customers.import.bad_choice"),
                ("mileage", "vehicles.mileage.out_of_range"),
                ("owner_mobile", "customers.phone.too_short"),
            ],
        ),
    ],
)
def test_all_faults_of_a_row_come_at_once(cells, faults):
    assert [(fault.column, fault.refused.code) for fault in KIND.prepare("1", cells).faults] == faults


def test_a_file_applied_twice_doubles_none_and_knows_owner_and_model(street):
    street.add()
    model = seal_model(street)
    cells = {
        "plate": "沪ad·80001",
        "vin": VIN,
        "owner": "王先生",
        "owner_mobile": "138 0013 8000",
        "brand": "比亚迪",
        "series": "海豹",
        "model": "海豹 550km 精英型",
        "mileage": "24,800 km",
        "mileage_on": "2026/5/15",
        "insurance_until": "2027-04-01",
    }
    answers = [take(street, cells)[0].kind for _ in range(2)]
    assert answers == ["new", "here"]
    car = Vehicle.objects.get()
    assert (car.plate, car.model, car.last_mileage, car.insurance_until) == (GREEN, model, 24_800, date(2027, 4, 1))
    assert owner_of(GREEN) == "王建国"


def test_an_unknown_model_is_kept_as_text_and_noted(street):
    answer = take(street, {"plate": PLATE, "brand": "大众", "series": "途观 L"})[0]
    assert (answer.kind, [note.code for note in answer.notes]) == ("new", ["vehicles.import.no_model"])
    assert Vehicle.objects.get().model_text == "大众 途观 L"


def test_owners_are_found_by_old_number_name_and_phone_or_the_row_is_refused(street):
    from cheyi.customers import actions as customers
    from cheyi.customers.actions import BulkRow

    rows = [
        BulkRow(ref="1", name="王建国", mobile="13800138000", external_no="K1"),
        BulkRow(ref="2", name="李梅", mobile="13911112222"),
        BulkRow(ref="3", name="张三", mobile="13733334444"),
        BulkRow(ref="4", name="张三", mobile="13622225555"),
    ]
    customers.bulk_add(rows, store=street.home, by=street.advisor(), now=NOW, paper=PAPER)
    answers = take(
        street,
        {"plate": "沪A80001", "owner_no": "K1"},
        {"plate": "沪A80002", "owner": "李梅"},
        {"plate": "沪A80003", "owner_mobile": "13733334444"},
        {"plate": "沪A80004", "owner": "张三"},
        {"plate": "沪A80005", "owner": "赵六"},
        {"plate": "沪A80006"},
    )
    assert [one.kind for one in answers] == ["new", "new", "new", "refused", "refused", "new"]
    assert [one.problem.code for one in answers if one.problem] == [
        "vehicles.import.several_owners",
        "vehicles.import.no_owner",
    ]
    assert [owner_of(f"沪A8000{n}") for n in (1, 2, 3, 6)] == ["王建国", "李梅", "张三", ""]


def test_a_plate_on_two_vins_is_refused_with_the_others_tail(street):
    answers = take(street, {"plate": PLATE, "vin": VIN}, {"plate": PLATE, "vin": OTHER_VIN})
    assert [one.kind for one in answers] == ["new", "refused"]
    assert answers[1].problem.facts["tail"] == VIN[-6:]
