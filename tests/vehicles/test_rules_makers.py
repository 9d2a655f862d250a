"""The maker that a VIN names."""

import re

import pytest

from cheyi.vehicles.rules.makers import maker_of, makers
from cheyi.vehicles.rules.naming import confirm_code, vin_stem


@pytest.mark.parametrize(
    ("vin", "maker"),
    [("LSVAA4184N2183294", "上汽大众"), ("LGXCE4CB9P0123456", "比亚迪"), ("LRW3E7EK6SC000777", "特斯拉(上海)")],
)
def test_the_first_three_characters_name_the_maker(vin, maker):
    assert maker_of(vin).name == maker


@pytest.mark.parametrize("vin", ["", "LSV", "ZZZAA4184N2183294"])
def test_an_unknown_or_incomplete_vin_names_none(vin):
    assert maker_of(vin) is None


def test_every_line_of_the_list_is_whole():
    assert all(re.fullmatch("[A-HJ-NPR-Z0-9]{3}", wmi) and made.name and made.name_en for wmi, made in makers().items())


def test_cars_of_one_model_share_the_stem_whatever_their_check_digit_and_serial():
    assert vin_stem("LSVAA4184N2183294") == vin_stem("LSVAA4180N2999999") == "LSVAA418N"
    assert vin_stem("LSVAA4184N") == ""


def test_only_doubts_and_the_check_digit_may_be_insisted_on():
    assert confirm_code("customers.vin.wrong_check_digit", "error") == "vehicles.vehicle.check_digit"
    assert confirm_code("customers.vin.wrong_check_digit", "warn") == "vehicles.vehicle.foreign_check_digit"
    assert confirm_code("customers.vin.forbidden_letter", "error") == ""
