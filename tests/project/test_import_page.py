"""Taking over a business's own tables in the browser: tried first, written whole, by who runs the store."""

from __future__ import annotations

import base64
import re
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.models import AuditEntry, IdempotencyKey
from cheyi.foundation.scope import within
from cheyi.foundation.tables import opened
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.parts.models import Balance, Part
from cheyi.project import import_page
from tests.project.moving_in import FILES, begun

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true"}
GOOD = FILES["customers"]
BAD = "姓名,手机号\n王小明,19900001234\n李梅,1990000\n赵强,19900005555\n"
_keys = count(1)


@pytest.fixture
def boss():
    user, store = begun()
    client = Client()
    session = client.session
    session[SESSION_USER] = user.pk
    session.save()
    client.store = store
    return client


def sent(client, act, text=None, *, kind="customers", name="名单.csv", **more):
    file = (
        {} if text is None else {"file": SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())}
    )
    return client.post(f"/import/{act}", {"table": kind, "_key": f"i{next(_keys)}", **file} | more, headers=PARTIAL)


def shown(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def customers(client):
    with within(client.store):
        return sorted(Customer.objects.values_list("name", flat=True))


def test_each_kind_has_its_columns_and_an_empty_file_to_fill_in(boss):
    for kind in import_page.OFFERED:
        page = boss.get(f"/import/{kind}").content.decode()
        assert f'href="/import/{kind}/template"' in page
    content = boss.get("/import/stock/template").content
    with opened(content) as table:
        ((_number, head),) = list(table.rows())
    assert head[:2] == ["配件编号*", "品牌"]
    assert boss.get("/import/staff").status_code == 404
    assert boss.get("/import").status_code == 200


def test_a_try_says_what_would_become_of_the_file_and_writes_nothing(boss):
    answer = sent(boss, "try", GOOD)
    text = shown(answer)
    assert answer.status_code == 200
    for piece in ("2 行", "新建 2", "已有 0", "写入 2 行"):
        assert piece in text
    assert customers(boss) == []
    assert not IdempotencyKey.objects.exists()


def test_what_is_right_is_written_whole_and_the_same_file_again_doubles_nobody(boss):
    answer = sent(boss, "apply", GOOD)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/import/customers")
    assert customers(boss) == ["李梅", "王小明"]
    entry = AuditEntry.objects.get(code="project.import.customers")
    assert (entry.facts["rows"], entry.facts["file"], entry.actor_name) == (2, "名单.csv", "店主")
    assert "已有 2" in shown(sent(boss, "try", GOOD))
    sent(boss, "apply", GOOD)
    assert customers(boss) == ["李梅", "王小明"]


def test_a_row_that_is_wrong_is_named_and_comes_back_in_a_file_to_correct(boss):
    answer = sent(boss, "try", BAD)
    text = shown(answer)
    assert "要改 1" in text
    assert "写入" not in text.replace("都不写入", "")
    (packed,) = re.findall(r'href="data:text/csv;base64,([^"]+)"', answer.content.decode())
    with opened(base64.b64decode(packed)) as table:
        rows = [cells for _number, cells in table.rows()]
    assert rows[0] == ["姓名", "手机号", "问题"]
    assert rows[1][:2] == ["李梅", "1990000"]
    assert rows[1][2].startswith("手机：")
    assert [row[0] for row in rows[2:]] == ["王小明", "赵强"]


def test_a_file_with_a_wrong_row_is_not_written_though_somebody_asks_for_it(boss):
    answer = sent(boss, "apply", BAD)
    assert answer.status_code == 422
    assert "有 1 行要改" in shown(answer)
    assert customers(boss) == []


def test_cells_that_can_be_spared_stay_empty_when_he_says_so_and_their_text_goes_into_the_note(boss):
    text = "姓名,手机号,生日,备注\n李梅,1990000,昨天,喝茶\n王小明,19900001234,,\n"
    assert 'name="spare"' in boss.get("/import/customers").content.decode()
    assert 'name="spare"' not in boss.get("/import/stock").content.decode()
    tried = shown(sent(boss, "try", text, spare="on"))
    assert "写入 2 行" in tried
    assert "手机：1990000 读不出" in tried
    sent(boss, "apply", text, spare="on")
    with within(boss.store):
        row = CustomerStore.objects.select_related("customer").get(customer__name="李梅")
    assert (row.customer.mobile.clear(), row.customer.birthday_on) == ("", None)
    assert row.note == "喝茶；生日：昨天；手机：1990000"


def test_what_a_row_is_known_by_is_never_spared(boss):
    assert "要改 1" in shown(sent(boss, "try", "姓名,手机号\n,1990000\n", spare="on"))
    cars = "车牌号,车架号,里程\n浙A1234,LSVA42A15FE000001,很多\n浙A12345,,很多\n"
    tried = shown(sent(boss, "try", cars, kind="vehicles", spare="on"))
    assert "要改 1" in tried
    assert "新建 1" in tried


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "先选文件"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "这不是 .xlsx 或 .csv 文件"),
        ("", "空"),
        ("甲,乙\n1,2\n", "姓名"),
        ("姓名,手机号\n", "没有"),
    ],
    ids=["none", "picture", "empty", "no_head", "no_rows"],
)
def test_what_is_no_table_is_refused_beside_the_field_and_says_how_to_go_on(boss, text, said):
    answer = sent(boss, "try", text)
    assert (answer.status_code, 'data-field="file"' in answer.content.decode()) == (422, True)
    assert said in shown(answer)


def test_more_rows_than_others_can_wait_for_are_left_to_the_command(boss, monkeypatch):
    monkeypatch.setattr(import_page, "MOST_ROWS", 2)
    answer = sent(boss, "apply", "姓名\n" + "".join(f"王{sign}\n" for sign in "伟芳娜"))
    assert answer.status_code == 422
    assert "cheyi import customers" in shown(answer)
    assert customers(boss) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(boss, monkeypatch):
    monkeypatch.setattr(import_page, "LARGEST_BYTES", 1024**2)
    monkeypatch.setattr(import_page, "run_file", None)
    answer = sent(boss, "try", b"," * (1024**2 + 1))
    assert (answer.status_code, "1 MB" in shown(answer)) == (422, True)


def test_a_kind_that_is_not_offered_is_not_there(boss):
    assert [sent(boss, act, GOOD, kind="staff").status_code for act in ("try", "apply")] == [404, 404]


def test_parts_and_their_stock_come_one_after_the_other(boss):
    sent(boss, "apply", FILES["parts"], kind="parts")
    sent(boss, "apply", FILES["stock"], kind="stock")
    with within(boss.store):
        assert sorted(Part.objects.values_list("part_no", flat=True)) == ["FLT-X1", "OIL-X1"]
        assert sum(row.on_hand.parts for row in Balance.objects.all()) == 52_000
