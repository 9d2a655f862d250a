"""A business moves in with its own tables: set-up, files tried out, corrected, applied once, and the first order."""

import csv

import pytest
from django.utils import translation

from cheyi.customers.models import Customer
from cheyi.foundation.access import SYSTEM, viewer_of
from cheyi.foundation.models import Employee, Store, User
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.models import Balance, Part
from cheyi.project import cli
from cheyi.project.importing import KINDS, run_file, write_template
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.models import LabourOp, PartLine, TechnicianProfile
from tests.project.moving_in import FILES, NOW, begun, taken_over


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def home(db) -> Store:
    """A freshly set-up installation."""
    return begun()[1]


def test_a_title_and_a_date_above_the_head_are_passed_over_and_rows_keep_their_numbers(home, tmp_path):
    text = "车辆档案,,\n2026-06-30 导出,,\n车牌号,车架号,备注\n浙A12345,,\n,,\n浙A123,,\n"
    outcome = taken_over("vehicles", text, home, tmp_path)
    assert [row.number for row in outcome.rows] == [4, 6]
    assert [row.number for row in outcome.bad] == [6]
    assert outcome.head == ["车牌号", "车架号", "备注"]


def test_a_file_without_any_known_head_is_refused_once_instead_of_row_by_row(home, tmp_path):
    with pytest.raises(Refused) as refused:
        taken_over("vehicles", "供应商,税号\n甲,1\n乙,2\n", home, tmp_path)
    assert refused.value.code == "project.import.no_head"
    assert refused.value.facts == {"columns": "车牌号、车架号", "kind": "vehicles"}


def test_a_print_s_heads_page_numbers_and_totals_are_no_rows(home, tmp_path):
    text = (
        "姓名,手机,地址\n王小明,19900001234,示例路 1 号\n第1页,,\n姓名,手机,地址\n李梅,19900009999,注：后门\n"
        ",,示例路\n合计,2人,\n注：红色为重点客户,,\n制表：        审核：,,\n"
    )
    outcome = taken_over("customers", text, home, tmp_path)
    assert outcome.printed == (3, 4, 7, 8, 9)
    assert [(row.number, row.reasons) for row in outcome.rows] == [(2, []), (5, []), (6, ["姓名：“姓名”是空的。填上"])]


def test_rows_of_one_part_that_differ_only_in_what_is_not_taken_over_are_one(home, tmp_path):
    text = "配件编号,名称,零售价,产地\nOIL-X1,机油,95,杭州\nOIL-X1,机油,95,宁波\n"
    outcome = taken_over("parts", text, home, tmp_path)
    assert (outcome.bad, outcome.counts["new"]) == ([], 1)


def test_the_command_says_what_many_rows_have_in_common_once(home, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")
    file = tmp_path / "cars.csv"
    rows = ["浙A8O001,甲", "浙A80002,乙", "浙A80003,乙", "第1页,"]
    file.write_text("\n".join(["车牌,车系", *rows]), "utf-8")
    assert cli.main(["import", "vehicles", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Left out as headings, page numbers or totals: rows 5",
        "3 rows: 3 new, 0 on file already, 0 linked, 0 to correct",
        "  2 rows from row 3 on, please look: There is no model “乙” on file; the text is kept beside the car",
        "  row 2, please look: “浙A8O001” was read as 浙A80001",
        "  row 2, please look: There is no model “甲” on file; the text is kept beside the car",
        "Nothing was written. With --apply it is.",
    ]


def test_a_garage_moves_in_and_opens_its_first_order(home, tmp_path):
    for kind, text in FILES.items():
        outcome = taken_over(kind, text, home, tmp_path)
        assert (kind, [row.reasons for row in outcome.bad], outcome.applied) == (kind, [], True)
    with within(home):
        advisor = viewer_of(User.objects.get(name="chen").pk, store_id=home.pk)
        assert advisor is not None
        order = actions.open_order(
            vehicle=Vehicle.objects.get(),
            jobs=[JobWanted("ZZ01")],
            by=advisor,
            now=NOW,
        )
        assert (order.no, order.customer and order.customer.name, order.state) == ("ROSL012606150001", "王小明", "open")
        lines = PartLine.objects.filter(order=order).order_by("pk")
        assert [(one.part_no, str(one.quantity), one.state) for one in lines] == [
            ("OIL-X1", "4", "reserved"),
            ("FLT-X1", "1", "reserved"),
        ]


def test_every_file_can_be_applied_again_without_doubling(home, tmp_path):
    def counts():
        with within(home):
            models = (Employee, TechnicianProfile, Customer, Vehicle, Part, Balance, LabourOp)
            return [model.objects.count() for model in models]

    for kind, text in FILES.items():
        taken_over(kind, text, home, tmp_path)
    before = counts()
    again = [taken_over(kind, text, home, tmp_path).counts for kind, text in FILES.items()]
    assert [outcome.get("new", 0) for outcome in again] == [0] * 6
    assert counts() == before


def test_a_dry_run_writes_nothing_and_counts_the_same(home, tmp_path):
    outcome = taken_over("customers", FILES["customers"], home, tmp_path, apply=False)
    assert (outcome.counts, outcome.applied) == ({"new": 2, "refused": 0}, False)
    with within(home):
        assert Customer.objects.count() == 0


def test_one_bad_row_keeps_the_whole_file_out(home, tmp_path):
    outcome = taken_over("customers", FILES["customers"] + "赵六,1380013800,K3\n", home, tmp_path)
    assert [(row.number, len(row.reasons)) for row in outcome.bad] == [(4, 1)]
    assert (outcome.counts, outcome.applied) == ({"new": 2, "refused": 1}, False)
    with within(home):
        assert Customer.objects.count() == 0


def test_a_gbk_file_is_read_and_a_broken_one_says_so(home, tmp_path):
    outcome = taken_over("customers", FILES["customers"].encode("gb18030"), home, tmp_path)
    assert outcome.applied
    with within(home):
        assert set(Customer.objects.values_list("name", flat=True)) == {"王小明", "李梅"}
    with pytest.raises(Refused) as refused:
        taken_over("customers", b"\xff\xfe\x00", home, tmp_path)
    assert refused.value.code.startswith("foundation.table.")


def test_a_file_without_a_needed_column_says_which(home, tmp_path):
    with pytest.raises(Refused) as refused:
        taken_over("parts", "配件编号,名称\nA,B\n", home, tmp_path)
    assert (refused.value.code, refused.value.facts["kind"]) == ("project.import.missing_columns", "parts")


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_a_head_for_every_column(home, tmp_path, kind):
    for name in ("t.xlsx", "t.csv"):
        write_template(KINDS[kind], tmp_path / name)
        with pytest.raises(Refused, match=r"project.import.no_rows"):
            run_file(KINDS[kind], tmp_path / name, store=home, by=SYSTEM, now=NOW, apply=True)


def test_the_empty_file_the_trial_and_the_staff_taken_over_each_say_the_next_command(
    home, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["import", "--template", "staff", "--store", "SL01"]) == 0
    assert capsys.readouterr().out == (
        "Written: staff.xlsx\nFill it in, then try it: cheyi import staff staff.xlsx --store SL01\n"
    )
    (tmp_path / "staff.csv").write_text(FILES["staff"], "utf-8")
    assert cli.main(["import", "staff", "staff.csv"]) == 0
    assert capsys.readouterr().out.endswith("Nothing was written. With --apply it is.\n")
    assert cli.main(["import", "staff", "staff.csv", "--apply"]) == 0
    assert capsys.readouterr().out.endswith(
        "Written.\nEach new account sets its password by a link: the administrator makes one on the page Colleagues\n"
    )


def test_the_command_writes_a_file_to_correct_and_takes_it_back_when_corrected(home, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")
    file = tmp_path / "people.csv"
    file.write_text(FILES["customers"] + "赵六,1380013800,K3\n", "utf-8")
    assert cli.main(["import", "customers", str(file), "--apply"]) == 1
    assert "3 rows: 2 new, 0 on file already, 0 linked, 1 to correct" in capsys.readouterr().out
    wrong = tmp_path / "people-to-correct.csv"
    rows = list(csv.reader(wrong.read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["姓名", "赵六", "王小明", "李梅"]
    assert rows[0][-1] == "What is wrong"
    wrong.write_text(wrong.read_text("utf-8").replace("1380013800", "19900013800"), "utf-8")
    assert cli.main(["import", "customers", str(wrong), "--apply"]) == 0
    with within(home):
        assert Customer.objects.count() == 3


def test_an_imported_account_waits_for_a_password_and_stock_is_worth_what_the_file_says(home, tmp_path):
    for kind in ("staff", "parts", "stock"):
        assert taken_over(kind, FILES[kind], home, tmp_path).bad == []
    assert not User.objects.get(name="chen").has_usable_password()
    with within(home):
        held = {one.part.part_no: one.on_hand for one in Balance.objects.select_related("part") if one.on_hand}
        assert held == {"OIL-X1": Quantity.of(40), "FLT-X1": Quantity.of(12)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("staff", "工号,姓名,岗位\nE01,陈顾问,服务顾问\ne01,王技师,技师\n"),
        ("parts", "配件编号,名称,零售价\nOIL-X1,机油,95\nＯＩＬ x1,机油,59\n"),
        ("operations", "项目编号,项目名称,工时\nZZ01,小保养,0.6\nzz01,小保养,0.8\n"),
    ],
)
def test_two_rows_of_one_thing_that_say_different_things_are_not_taken_over(home, tmp_path, kind, text):
    outcome = taken_over(kind, text, home, tmp_path)
    assert not outcome.applied
    assert [(row.number, row.reasons) for row in outcome.bad] == [(3, ["第 2 行编号相同，内容不同。只留一行"])]


def test_the_same_row_twice_is_one_thing(home, tmp_path):
    outcome = taken_over("parts", "配件编号,名称,零售价\nOIL-X1,机油,95\nOIL-X1,机油,95\n", home, tmp_path)
    with within(home):
        assert (outcome.applied, outcome.counts["new"], Part.objects.count()) == (True, 1, 1)


def test_money_is_read_with_its_sign_and_a_number_with_a_digit_too_many_says_so(home, tmp_path):
    assert taken_over("parts", '配件编号,名称,零售价\nOIL-X1,机油,"￥1,095.50元"\n', home, tmp_path).applied
    with within(home):
        assert Part.objects.get().retail_price == Money.yuan("1095.50")
    outcome = taken_over("vehicles", "车牌号,里程\n浙A12345,123456789012\n", home, tmp_path)
    assert outcome.bad[0].reasons == ["里程：“123456789012”太大了。看看是不是多了一位"]
