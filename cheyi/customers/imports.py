"""Customers from a file: the columns of its template, how a row is read, how rows are applied.

The readers of cells are here for the other packages' files too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cheyi.customers import actions
from cheyi.customers.actions import BulkRow
from cheyi.customers.actions.reading import columns_of
from cheyi.customers.engine import phones
from cheyi.customers.engine.verdicts import NOTHING, narrow
from cheyi.foundation.access import Viewer
from cheyi.foundation.importing import Applied, Column, Fault, ImportKind, Prepared
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")
_YES = frozenset(["是", "有", "Y", "YES", "1", "√", "TRUE", "对"])
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SHEETS_BEGIN, SHEETS_END = date(1899, 12, 30), 73_050  # a spreadsheet's day 0; its number of 2099-12-31
CENTURIES = ("19", "20")
LONGEST_WHOLE = 9
_NO = frozenset(["否", "无", "N", "NO", "0", "×", "FALSE"])


def day(cell: str) -> date:
    """A day as people write it: 2026-06-15, 2026/6/15, 2026年6月15日, 20260615, with or without a time behind.

    Five digits are a spreadsheet's own number of the day (46188), which is left when a cell has lost its format; those
    that begin like a year (19850) are more likely a date that lost its end, and are asked about.
    Raises Refused ``customers.import.bad_date``.
    """
    text = narrow(cell)
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) <= SHEETS_END and not text.startswith(CENTURIES):
        return SHEETS_BEGIN + timedelta(days=int(serial[1]))
    match = _DAY.fullmatch(text)
    try:
        return date(*(int(piece) for piece in match.groups() if piece)) if match else date(0, 1, 1)
    except ValueError:
        raise Refused("customers.import.bad_date", text=cell) from None


def whole(cell: str) -> int:
    """A whole number, with or without thousands commas and ``km`` or 公里 behind. Raises ``.bad_number``, ``.too_large``."""
    text = re.sub(r"(?:,|\s|km|公里)", "", narrow(cell).lower()).removesuffix(".0")
    if not re.fullmatch(r"-?\d+", text):
        raise Refused("customers.import.bad_number", text=cell)
    if len(text.lstrip("-0")) > LONGEST_WHOLE:
        raise Refused("customers.import.too_large", text=cell)
    return int(text)


def money(cell: str) -> Money:
    """An amount in yuan, with or without ¥ before it, 元 behind it or commas. Raises Refused as ``Money.yuan``."""
    return Money.yuan(re.sub(r"^(-?)[¥￥]", r"\1", cell.strip()).removesuffix("元").strip())


def yes(cell: str) -> bool:
    """是 or 否, in a few spellings. Raises Refused ``customers.import.bad_choice``."""
    text = narrow(cell).upper()
    if text in _YES | _NO:
        return text in _YES
    raise Refused("customers.import.bad_choice", text=cell, choices="是、否")


def one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    """Reads one of some words (Chinese or English, given as word: code); the code itself is understood too."""
    known = {word.casefold(): code for word, code in choices.items()} | {code: code for code in choices.values()}
    words = "、".join(word for word in choices if not word.isascii())

    def read(cell: str) -> str:
        code = known.get(narrow(cell).casefold())
        if code is None:
            raise Refused("customers.import.bad_choice", text=cell, choices=words)
        return code

    return read


def read_cells(columns: Sequence[Column], cells: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The parsed values of the filled cells by code, and a fault for each that is missing or cannot be read.

    A cell that says it knows nothing (无, 不详, -) is as good as empty where it may be.
    """
    values: dict[str, Any] = {}
    faults = []
    for column in columns:
        cell = cells.get(column.code, "").strip()
        try:
            if cell and (column.required or column.parse is yes or narrow(cell).casefold() not in NOTHING):
                values[column.code] = column.parse(cell)
            elif column.required:
                raise Refused("customers.import.cell_missing", column=column.zh)  # noqa: TRY301 - gathered like the others
        except Refused as refused:
            faults.append(Fault(column.code, refused))
    return values, tuple(faults)


KINDS = {
    "个人": "person",
    "单位": "company",
    "公司": "company",
    "企业": "company",
    "车队": "fleet",
    "保险": "insurer",
    "厂家": "oem",
    "个人客户": "person",
    "私人": "person",
    "公户": "company",
    "单位客户": "company",
    "企业客户": "company",
    "保险公司": "insurer",
}
GENDERS = {"男": "male", "女": "female", "先生": "male", "女士": "female", "m": "male", "f": "female"}
CHANNELS = {
    "电话": "phone",
    "短信": "sms",
    "微信": "wechat",
    "企业微信": "wecom",
    "邮件": "email",
    "不联系": "none",
}
LEVELS = {"普通": "normal", "银卡": "silver", "金卡": "gold", "钻石": "diamond"}

COLUMNS = (
    Column("external_no", "客户编号", "Customer no.", "K00012", also=("编号", "档案号", "客户代码")),
    Column("name", "姓名", "Name", "王建国", required=True, also=("客户名称", "客户姓名", "客户", "车主")),
    Column("mobile", "手机", "Mobile", "19900000123", also=("手机号", "电话", "联系电话", "手机号码", "移动电话")),
    Column("second_mobile", "备用电话", "Second phone", "0571-88880000", also=("电话2", "其他电话")),
    Column("kind", "类型", "Kind", "个人", parse=one_of(KINDS), also=("客户类型", "性质")),
    Column("gender", "性别", "Gender", "男", parse=one_of(GENDERS)),
    Column("birthday_on", "生日", "Birthday", "1985-03-08", parse=day, also=("出生日期",)),
    Column("wechat", "微信", "WeChat", "wjg_1985", also=("微信号",)),
    Column("email", "邮箱", "E-mail", "wang@example.com", also=("电子邮箱", "邮件")),
    Column("id_no", "证件号", "ID number", "", also=("身份证号", "身份证", "证件号码")),
    Column("address", "地址", "Address", "杭州市滨江区示例路 1 号", also=("联系地址", "住址")),
    Column("origin", "来源", "Origin", "到店", also=("客户来源",)),
    Column("preferred_channel", "首选联系方式", "Preferred channel", "微信", parse=one_of(CHANNELS)),
    Column("level", "级别", "Level", "金卡", parse=one_of(LEVELS), also=("会员级别", "会员等级", "客户级别")),
    Column("first_seen_on", "建档日期", "On file since", "2021-05-06", parse=day, also=("登记日期", "建档时间")),
    Column("last_visit_on", "最近来店", "Last visit", "2026-05-20", parse=day, also=("最近进厂", "末次来店")),
    Column("note", "备注", "Note", "喜欢周末来"),
)
ROW_FIELDS = frozenset(["name", "mobile", "external_no", "note", "last_visit_on"])


def prepare(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row; the clean form is what ``bulk_add`` takes."""
    values, faults = read_cells(COLUMNS, cells)
    notes = _with_numbers_apart(values)
    details: Any = {code: value for code, value in values.items() if code not in ROW_FIELDS}
    row = BulkRow(
        ref=ref,
        name=values.get("name", ""),
        mobile=values.get("mobile", ""),
        external_no=values.get("external_no", ""),
        note=values.get("note", ""),
        last_visit_on=values.get("last_visit_on"),
        details=details,
    )
    faults = (*faults, *_further(row, faults))
    return Prepared(None, faults) if faults else Prepared(row, notes=notes)


def _with_numbers_apart(values: dict[str, Any]) -> tuple[Refused, ...]:
    """Two numbers in the mobile's cell become mobile and second number, what stands behind them a note.

    A made-up number is left out, which the answer says. A cell of three numbers, or of two where a second number has a
    cell of its own, is left for a person.
    """
    typed = values.get("mobile", "")
    if not typed or phones.check(typed).kind:
        if typed and phones.is_placeholder(phones.normalise(typed)):
            del values["mobile"]
            return (Refused("customers.import.dummy_left_out", text=typed),)
        return ()
    found = sorted(phones.labelled(typed), key=lambda one: not phones.MOBILE.fullmatch(one[0]))
    if not found or len(found) > (1 if values.get("second_mobile") else 2):
        return ()
    for field, (number, label) in zip(("mobile", "second_mobile"), found, strict=False):
        values[field] = number
        if label:
            title = next(column.zh for column in COLUMNS if column.code == field)
            values["note"] = "；".join(filter(None, (values.get("note", ""), f"{title}：{label}")))
    return (Refused("customers.import.numbers_apart", text=" ".join(typed.split())),) if len(found) > 1 else ()


def _further(row: BulkRow, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """What the checks of typing say of name and numbers; nothing beside a cell that is at fault already."""
    at_fault = {fault.column for fault in faults}
    found = []
    typed: dict[str, Any] = {"name": row.name, "mobile": row.mobile, **row.details}
    for field in ("name", "mobile", "second_mobile", "id_no"):
        if typed.get(field) and field not in at_fault:
            try:
                columns_of({field: typed[field]})
            except Refused as refused:
                found.append(Fault(field, refused))
    return tuple(found)


def apply(rows: Sequence[BulkRow], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Put the rows on file; see ``actions.bulk_add``."""
    outcomes = actions.bulk_add(rows, store=store, by=by, now=now, paper=paper)
    return [Applied(one.ref, one.kind, one.problem, _stays(one.stays)) for one in outcomes]


def _stays(fields: Sequence[str]) -> tuple[Refused, ...]:
    """That somebody on file keeps what he has, where the file says otherwise."""
    titles = "、".join(column.zh for column in COLUMNS if column.code in fields)
    return (Refused("customers.import.stays", columns=titles),) if titles else ()


SPARE = frozenset(column.code for column in COLUMNS) - {"external_no", "name", "note"}
KIND = ImportKind("customers", _("Customers"), COLUMNS, prepare, apply, spare=SPARE, note="note")
