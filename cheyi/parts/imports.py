"""Parts and opening stock from a file: the columns of the templates, how a row is read, how rows are applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cheyi.customers.engine.verdicts import narrow
from cheyi.customers.imports import day, money, one_of, read_cells, whole, yes
from cheyi.foundation.access import Viewer
from cheyi.foundation.importing import Applied, Column, ImportKind, Prepared
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import (
    BulkPart,
    BulkStock,
    Outcome,
    bulk_add_parts,
    bulk_open_stock,
    bulk_set_in_store,
    set_up_store,
)
from cheyi.parts.engine.numbers import normalise
from cheyi.parts.models import Part
from cheyi.parts.queries import siblings_of

GRADES = {
    "原厂": "original",
    "原厂件": "original",
    "同质": "equivalent",
    "同质件": "equivalent",
    "品牌件": "equivalent",
    "修复": "refurbished",
    "再制造": "refurbished",
    "自备": "customer",
}
CLASSES = {letter: letter for letter in "ABC"}
IN_STORE = ("reorder_point", "min_stock", "max_stock", "abc")
NAMED = ("part_no", "name_zh", "brand")
MEASURED = frozenset(["升", "公升", "l", "千克", "公斤", "kg", "米", "m"])
STEP_OF_MEASURED = Quantity.of("0.1")  # oil is filled in by tenths of a litre
SEPARATORS = re.compile(r"[\s/_.\-‐-―−]+")
RUN_TOGETHER = re.compile(r"([A-Z])(\d\d)(\d\d?)(\d\d)")
UNIT_BEHIND = re.compile(r"(\d)\s*[^\W\d]{1,3}")


def bin_code(cell: str) -> str:
    """A bin as people write it: ``d/11/01/08``, ``Ｄ－１１－０１－０８`` and ``D110108`` are ``D-11-01-08``."""
    code = SEPARATORS.sub("-", narrow(cell)).upper()
    together = RUN_TOGETHER.fullmatch(code)
    return "-".join(together.groups()) if together else code


def pieces(cell: str) -> Quantity:
    """What lies there, with or without its unit behind (``27个``). Raises as ``Quantity.of`` and ``parts.import.negative``."""
    text = narrow(cell)
    behind = UNIT_BEHIND.search(text)
    quantity = Quantity.of(text[: behind.end(1)] if behind and behind.end() == len(text) else text)
    if quantity < Quantity.zero():
        raise Refused("parts.import.negative", quantity=quantity)
    return quantity


PART_COLUMNS = (
    Column(
        "part_no",
        "配件编号",
        "Part number",
        "BP-HAN-F",
        required=True,
        also=("配件", "编号", "零件号", "配件号", "图号"),
    ),
    Column("name_zh", "名称", "Name", "前刹车片（套）", required=True, also=("配件名称", "品名", "零件名称")),
    Column("name_en", "英文名称", "English name", "Front brake pads"),
    Column("brand", "品牌", "Brand", "比亚迪", also=("厂牌",)),
    Column("grade", "品质", "Grade", "原厂", parse=one_of(GRADES), also=("配件性质", "等级")),
    Column("category", "类别", "Category", "刹车", also=("分类", "配件类别")),
    Column("spec", "规格", "Specification", "前轴", also=("规格型号",)),
    Column("unit", "单位", "Unit", "套", also=("计量单位",)),
    Column("qty_step", "最小数量", "Quantity step", "1", parse=Quantity.of),
    Column("pack_qty", "包装数量", "Pack quantity", "1", parse=Quantity.of),
    Column("barcode", "条码", "Barcode", "6901234567892", also=("条形码",)),
    Column(
        "retail_price",
        "零售价",
        "Retail price",
        "620.00",
        required=True,
        parse=money,
        also=("销售价", "售价", "含税价", "零售价(含税)"),
    ),
    Column("member_price", "会员价", "Member price", "589.00", parse=money),
    Column("claim_price", "索赔价", "Claim price", "420.00", parse=money),
    Column("internal_price", "内部价", "Internal price", "450.00", parse=money),
    Column("shelf_life_days", "保质期天数", "Shelf life in days", "730", parse=whole, also=("保质期",)),
    Column("lot_tracked", "按批次管理", "Kept by batch", "否", parse=yes, also=("批次管理",)),
    Column("abc", "ABC 类", "ABC class", "A", parse=one_of(CLASSES), also=("ABC", "ABC分类")),
    Column("reorder_point", "补货点", "Reorder point", "4", parse=Quantity.of, also=("订货点",)),
    Column("min_stock", "最低库存", "Least stock", "2", parse=Quantity.of, also=("库存下限", "安全库存")),
    Column("max_stock", "最高库存", "Most stock", "12", parse=Quantity.of, also=("库存上限",)),
)
STOCK_COLUMNS = (
    Column("part_no", "配件编号", "Part number", "BP-HAN-F", required=True, also=("配件", "编号", "零件号", "配件号")),
    Column("brand", "品牌", "Brand", "比亚迪", also=("厂牌",)),
    Column("bin", "货位", "Bin", "A-03-2-01", parse=bin_code, also=("存放", "库位", "仓位")),
    Column("quantity", "数量", "Quantity", "6", required=True, parse=pieces, also=("库存数量", "库存", "结存数量")),
    Column(
        "unit_cost", "成本价", "Unit cost", "402.00", parse=money, also=("成本单价", "单价", "进价", "不含税成本价")
    ),
    Column("value", "库存金额", "Value", "2412.00", parse=money, also=("金额", "结存金额")),
    Column("batch", "批次", "Batch", "B2026-06", also=("批号",)),
    Column("expires_on", "有效期至", "Good until", "2027-06-15", parse=day, also=("有效期", "失效日期")),
)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a file, with what it says of the store's own levels."""

    part: BulkPart
    levels: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """A line of a stock list; without a value it is worth its unit cost times the quantity."""

    ref: str
    part_no: str
    brand: str
    bin: str
    quantity: Quantity
    unit_cost: Money | None
    value: Money | None
    batch: str
    expires_on: date | None


def prepare_part(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row of a parts list; what is measured goes in tenths where the list names no step."""
    values, faults = read_cells(PART_COLUMNS, cells)
    if faults:
        return Prepared(None, faults)
    if narrow(values.get("unit", "")).casefold() in MEASURED:
        values.setdefault("qty_step", STEP_OF_MEASURED)
    details = {code: value for code, value in values.items() if code not in {*NAMED, *IN_STORE}}
    named = {code: values.get(code, "") for code in NAMED}
    levels = {code: values[code] for code in IN_STORE if code in values}
    return Prepared(PartRow(BulkPart(ref=ref, **named, details=details), levels))


def prepare_stock(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row of a stock list."""
    values, faults = read_cells(STOCK_COLUMNS, cells)
    if faults:
        return Prepared(None, faults)
    row = StockRow(
        ref=ref,
        part_no=values["part_no"],
        brand=values.get("brand", ""),
        bin=values.get("bin", ""),
        quantity=values["quantity"],
        unit_cost=values.get("unit_cost"),
        value=values.get("value"),
        batch=values.get("batch", ""),
        expires_on=values.get("expires_on"),
    )
    return Prepared(row)


def apply_parts(rows: Sequence[PartRow], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Put the rows into the group's catalogue; levels hold for the store alone. See ``actions.bulk_add_parts``."""
    outcomes = bulk_add_parts([row.part for row in rows], group_id=store.group_id, by=by, now=now, label=paper.label)
    levels = {outcome.id: row.levels for row, outcome in zip(rows, outcomes, strict=True) if row.levels and outcome.id}
    if levels:
        bulk_set_in_store(levels, store=store, by=by, now=now)
    alike = _look_alikes(outcome.id for outcome in outcomes if outcome.kind == "new")
    return [_applied(outcome, alike.get(outcome.id or 0)) for outcome in outcomes]


def apply_stock(rows: Sequence[StockRow], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Post opening stock; a part is named by its number, and by its brand where two share it. A row of none posts nothing."""
    set_up_store(store=store, by=by, now=now)
    parts = _parts_by_number(rows)
    outcomes: dict[str, Outcome] = {}
    wanted: list[BulkStock] = []
    for row in rows:
        try:
            opening = _opening(row, parts)
            if opening.quantity:
                wanted.append(opening)
            else:
                outcomes[row.ref] = Outcome(row.ref, "here", opening.part_id)
        except Refused as refused:
            outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
    outcomes |= {one.ref: one for one in bulk_open_stock(wanted, store=store, by=by, now=now, label=paper.label)}
    alike = _look_alikes(one.part_id for one in wanted)
    looks_like = {one.ref: alike[one.part_id] for one in wanted if one.part_id in alike}
    return [_applied(outcomes[row.ref], looks_like.get(row.ref)) for row in rows]


def _applied(outcome: Outcome, doubt: Refused | None) -> Applied:
    return Applied(outcome.ref, outcome.kind, outcome.problem, (doubt,) if doubt and not outcome.problem else ())


def _look_alikes(part_ids: Iterable[int | None]) -> dict[int, Refused]:
    """A doubt for each of these parts whose number can be mistaken for another live one's."""
    wanted = sorted({part_id for part_id in part_ids if part_id})
    doubts: dict[int, Refused] = {}
    for start in range(0, len(wanted), 200):
        parts = {part.pk: part for part in Part.objects.filter(pk__in=wanted[start : start + 200])}
        for part_id, siblings in siblings_of(parts.values()).items():
            if siblings:
                others = "、".join(f"{other.part_no} {other.name}" for other in siblings)
                doubts[part_id] = Refused("parts.import.looks_like", number=parts[part_id].part_no, others=others)
    return doubts


def _parts_by_number(rows: Sequence[StockRow]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    keys = sorted({normalise(row.part_no) for row in rows})
    for start in range(0, len(keys), 500):
        for part in Part.objects.filter(number_key__in=keys[start : start + 500]).order_by("pk"):
            found.setdefault(part.number_key, []).append(part)
    return found


def _opening(row: StockRow, parts: Mapping[str, list[Part]]) -> BulkStock:
    found = parts.get(normalise(row.part_no), [])
    if row.brand:
        found = [part for part in found if part.brand.casefold() == row.brand.casefold()]
    if not found:
        raise Refused("parts.part.unknown_number", field="part_no", number=row.part_no)
    if len(found) > 1:
        raise Refused("parts.part.several_brands", field="brand", number=row.part_no)
    if not row.quantity:
        return BulkStock(ref=row.ref, part_id=found[0].pk, quantity=row.quantity, value=Money(0))
    value = row.unit_cost.times(row.quantity) if row.value is None and row.unit_cost is not None else row.value
    if value is None:
        raise Refused("parts.import.no_value", field="value", part_no=row.part_no)
    return BulkStock(
        ref=row.ref,
        part_id=found[0].pk,
        quantity=row.quantity,
        value=value,
        bin_code=row.bin,
        batch=row.batch,
        expires_on=row.expires_on,
    )


def _same_part(row: PartRow) -> tuple[str, str]:
    return normalise(row.part.part_no), row.part.brand.casefold()


PARTS = ImportKind("parts", _("Parts catalogue"), PART_COLUMNS, prepare_part, apply_parts, _same_part)
STOCK = ImportKind("stock", _("Stock"), STOCK_COLUMNS, prepare_stock, apply_stock)
KINDS = (PARTS, STOCK)
