"""The catalogue: one part per number and brand, findable however it is typed, its look-alikes known."""

from datetime import date

import pytest

from cheyi.foundation.search import look_up
from cheyi.kernel import Refused
from cheyi.parts import actions
from cheyi.parts.engine.fitment import Car
from cheyi.parts.models import Interchange, LookAlike, Part
from cheyi.parts.queries import judge
from tests.foundation.org import NOW
from tests.parts.stockroom import q, yuan


def test_a_part_is_found_by_number_segment_name_and_pinyin(stockroom):
    part = stockroom.part("BYD-BMS-2023A", "电池管理模块", name_en="Battery module")
    for text in ("BYD-BMS-2023A", "bydbms", "2023a", "电池", "管理", "dcgl", "battery"):
        assert [hit.target_id for hit in look_up(text, stockroom.store, things=["part"])] == [part.pk], text
    actions.edit_part(part, name_zh="控制器", by=stockroom.keeper, now=NOW)
    assert look_up("电池", stockroom.store, things=["part"]) == []
    assert [hit.target_id for hit in look_up("kzq", stockroom.store, things=["part"])] == [part.pk]


def test_the_same_number_of_a_brand_is_added_once_however_it_is_written(stockroom):
    stockroom.part("BP-HAN-F", brand="博世")
    stockroom.part("BP-HAN-F", brand="曼牌")
    with pytest.raises(Refused) as refusal:
        stockroom.part("bp.han f", brand="博世")
    assert refusal.value.code == "parts.part.already_here"
    assert Part.objects.count() == 2


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({"part_no": " -- "}, "parts.part.number_missing", "part_no"),
        ({"part_no": "X" * 41}, "parts.part.number_too_long", "part_no"),
        ({"name": "  "}, "parts.part.name_missing", "name_zh"),
        ({"retail_price": yuan("-1")}, "parts.part.bad_value", "retail_price"),
        ({"qty_step": q(0)}, "parts.part.bad_value", "qty_step"),
        ({"grade": "stolen"}, "parts.part.bad_value", "grade"),
    ],
)
def test_a_part_that_cannot_be_is_refused_beside_its_field(stockroom, details, code, field):
    with pytest.raises(Refused) as refusal:
        stockroom.part(**{"part_no": "A1", **details})
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Part.objects.exists()
    assert not LookAlike.objects.exists()


def test_look_alike_numbers_share_a_key(stockroom):
    one, other = stockroom.part("BYD-BMS-2023A", "甲"), stockroom.part("BYD-BMS-2023B", "乙")
    keys = [set(LookAlike.objects.filter(part=part).values_list("key", flat=True)) for part in (one, other)]
    assert keys[0] & keys[1] == {"BYDBMS2023"}


def test_numbers_cannot_replace_each_other_in_a_circle(stockroom):
    one, two, three = (stockroom.part(number, "件") for number in ("AA11", "BB22", "CC33"))
    for part, successor in ((one, two), (two, three)):
        actions.supersede(part, successor=successor, on=date(2026, 1, 1), by=stockroom.keeper, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.supersede(three, successor=one, on=date(2026, 1, 1), by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.part.superseded_in_a_circle"
    three.refresh_from_db()
    assert three.superseded_by_id is None
    with pytest.raises(Refused):
        actions.supersede(three, successor=three, on=date(2026, 1, 1), by=stockroom.keeper, now=NOW)


def test_a_substitute_is_approved_once_and_never_for_itself(stockroom):
    one, two = stockroom.part("AA11", "件"), stockroom.part("BB22", "件")
    for _ in range(2):
        actions.allow_substitute(one, substitute=two, by=stockroom.keeper, now=NOW)
    assert Interchange.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        actions.allow_substitute(one, substitute=one, by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.part.own_substitute"


def test_a_stores_own_settings_stay_in_the_store(stockroom):
    part = stockroom.part()
    row = actions.set_in_store(
        part, store=stockroom.store, min_stock=q(1), max_stock=q(4), by=stockroom.keeper, now=NOW
    )
    again = actions.set_in_store(part, store=stockroom.store, retail_price=yuan("600"), by=stockroom.keeper, now=NOW)
    assert (again.pk, again.min_stock, again.retail_price) == (row.pk, q(1), yuan("600"))
    with pytest.raises(Refused) as refusal:
        actions.set_in_store(part, store=stockroom.store, min_stock=q(5), max_stock=q(4), by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.part.bad_value"


def test_setting_up_a_store_twice_changes_nothing(stockroom):
    place = actions.set_up_store(store=stockroom.store, by=stockroom.keeper, now=NOW)
    assert place == stockroom.bins["SH01"]
    with pytest.raises(Refused) as refusal:
        actions.add_warehouse(
            code="MAIN", name="又一个", kind="main", store=stockroom.store, by=stockroom.keeper, now=NOW
        )
    assert refusal.value.code == "parts.warehouse.already_here"


def car_model(stockroom):
    from cheyi.vehicles.models import Brand, Series, VehicleModel

    stamp = {"group": stockroom.town.group, "created_at": NOW}
    brand = Brand.objects.create(**stamp, code="BYD", name="比亚迪")
    series = Series.objects.create(**stamp, brand=brand, code="HAN", name="汉")
    return VehicleModel.objects.create(**stamp, series=series, code="HAN-EV", name="汉 EV 2022", energy="bev")


def test_the_guard_reads_what_fits_what_is_replaced_and_what_is_confusable(stockroom):
    model = car_model(stockroom)
    right, wrong = stockroom.part("BYD-BMS-2023A", "甲"), stockroom.part("BYD-BMS-2023B", "乙")
    old = stockroom.part("OLD-1", "旧")
    actions.add_fit(right, model=model, year_from=2021, by=stockroom.keeper, now=NOW)
    actions.add_fit(wrong, model=model, excluded=True, by=stockroom.keeper, now=NOW)
    actions.supersede(old, successor=right, on=date(2026, 1, 1), by=stockroom.keeper, now=NOW)
    car = Car(brand="比亚迪", series="汉", model="汉 EV 2022", year=2022)
    good = judge("byd bms 2023a", car=car, scanned=True)
    assert (good.part.key, good.fit.answer, good.open_findings()) == (right.pk, "confirmed", ())
    typed = judge("BYD-BMS-2023A", car=car)
    assert [finding.code for finding in typed.open_findings()] == ["parts.part.look_alike"]
    bad = judge("BYD-BMS-2023B", car=car, scanned=True)
    assert bad.open_findings()[0].code == "parts.part.does_not_fit"
    assert judge("OLD-1").successor.key == right.pk
    with pytest.raises(Refused) as refusal:
        judge("BYD-BMS-2023C").demand()
    assert refusal.value.code == "parts.part.unknown_number"


def test_a_fit_must_say_something_and_years_run_forwards(stockroom):
    part = stockroom.part()
    with pytest.raises(Refused) as refusal:
        actions.add_fit(part, excluded=True, by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.fitment.says_nothing"
    with pytest.raises(Refused) as refusal:
        actions.add_fit(part, year_from=2024, year_to=2020, by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.fitment.years"
