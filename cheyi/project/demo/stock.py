"""The demo's catalogue of parts, its kits, and what lies on the shelves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Quantity
from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.parts.models import Part
from cheyi.project.demo.organisation import Firm
from cheyi.workshop.actions.cataloguing import set_kit
from cheyi.workshop.models import LabourOp

# number stem, name, category, price in yuan, unit, operation that takes it, quantity
KITS = (
    ("OIL-5W30", "机油 5W-30", "油液", 95, "升", "MA001", "4"),
    ("OIL-5W30", "机油 5W-30", "油液", 95, "升", "MA002", "4.5"),
    ("FLT-OIL-01", "机油滤清器", "滤清", 68, "个", "MA001", "1"),
    ("FLT-OIL-01", "机油滤清器", "滤清", 68, "个", "MA002", "1"),
    ("FLT-AIR-01", "空气滤清器", "滤清", 88, "个", "MA002", "1"),
    ("FLT-AIR-01", "空气滤清器", "滤清", 88, "个", "MA005", "1"),
    ("FLT-CAB-01", "空调滤芯", "滤清", 118, "个", "MA004", "1"),
    ("FLT-CAB-01", "空调滤芯", "滤清", 118, "个", "MA003", "1"),
    ("PLUG-IR-04", "铱金火花塞", "发动机", 86, "个", "MA006", "4"),
    ("BF-DOT4-1L", "制动液 DOT4 1L", "油液", 88, "瓶", "MA007", "1"),
    ("ATF-LV-1L", "变速箱油", "油液", 128, "升", "MA008", "4"),
    ("COOL-4L", "防冻液 4L", "油液", 136, "桶", "MA010", "1"),
    ("BP-HAN-F", "前刹车片（套）", "制动", 620, "套", "CH001", "1"),
    ("BP-HAN-R", "后刹车片（套）", "制动", 540, "套", "CH002", "1"),
    ("BD-HAN-F", "前刹车盘（只）", "制动", 380, "只", "CH003", "2"),
    ("BAT-12V-60", "12V 蓄电池 60Ah", "电器", 680, "个", "EL001", "1"),
    ("WIP-MOT-01", "雨刮电机", "电器", 420, "个", "EL003", "1"),
    ("LAMP-H-L01", "左前大灯总成", "灯具", 2680, "个", "EL002", "1"),
    ("TYRE-22545R18", "轮胎 225/45R18", "轮胎", 760, "条", "CH008", "1"),
    ("AC-GAS-01", "制冷剂 R134a", "空调", 96, "瓶", "EL008", "1"),
    ("BYD-BMS-2023A", "动力电池管理模块", "新能源三电", 3980, "个", "EV003", "1"),
    ("RO-75W", "减速器油 75W", "油液", 138, "升", "EV010", "1"),
)
NAMES = (
    ("前保险杠", "车身外观", 980),
    ("后保险杠", "车身外观", 920),
    ("左后视镜", "车身外观", 650),
    ("右后视镜", "车身外观", 650),
    ("前减振器", "底盘", 720),
    ("下摆臂", "底盘", 560),
    ("轮毂轴承", "底盘", 430),
    ("球头", "底盘", 180),
    ("稳定杆连杆", "底盘", 120),
    ("水泵", "发动机", 520),
    ("正时套件", "发动机", 1280),
    ("气门室盖垫", "发动机", 160),
    ("附件皮带", "发动机", 210),
    ("发电机", "电器", 1450),
    ("起动机", "电器", 1180),
    ("玻璃升降器", "电器", 390),
    ("倒车雷达", "电器", 220),
    ("空调压缩机", "空调", 2380),
    ("冷凝器", "空调", 860),
    ("左尾灯", "灯具", 540),
    ("右尾灯", "灯具", 540),
    ("雨刮片", "精品", 68),
    ("脚垫", "精品", 298),
    ("行车记录仪", "精品", 599),
    ("充电口总成", "新能源三电", 1180),
)
# Tracked by batch, and about to expire.
BATCHED = (
    ("机油 0W-20 4L", "油液", 328),
    ("防冻液 2L", "油液", 88),
    ("密封胶", "车身外观", 46),
    ("轮胎 205/55R16", "轮胎", 520),
    ("蓄电池 70Ah", "电器", 760),
    ("制动液 DOT5.1", "油液", 118),
)
SIBLINGS = 30
STOCKED = 0.72
# What a store has none of, so that a transfer has a reason.
SHORT_OF = {"HZ01": "BP-HAN-F", "HZ02": "LAMP-H-L01", "HZ03": "BYD-BMS-2023A"}
SHELVES = {"HZ01": 1.0, "HZ02": 0.5, "HZ03": 0.4}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The demo's parts: those of the kits by number, and all of them."""

    kit: dict[str, Part]
    all: list[Part]


def fill(firm: Firm, random: Random, now: datetime, *, count: int) -> Shelf:
    """Catalogue, kits, look-alike pairs, supersessions, and opening stock two years ago in three stores."""
    begin = now - timedelta(days=730)
    with within(firm.home):
        kit = _kit_parts(firm, begin)
        rest = _other_parts(firm, random, begin, count=max(count - len(kit) - count // 50, 0))
        _bind_kits(kit, begin)
        _supersede(rest, begin)
        batched = _batched_parts(firm, begin, count=max(count // 50, len(BATCHED)))
    shelf = Shelf(kit, [*kit.values(), *rest])
    for code, share in SHELVES.items():
        with within(firm.stores[code]):
            _lay_in(firm, code, shelf, random, begin, share)
    with within(firm.home):
        _lay_in_batches(firm, batched, random, now)
    return shelf


def _add(
    firm: Firm,
    now: datetime,
    no: str,
    name: str,
    category: str,
    yuan: int,
    unit: str = "个",
    *,
    lot_tracked: bool = False,
) -> Part:
    return parts.add_part(
        part_no=no,
        name_zh=name,
        group_id=firm.group.pk,
        by=SYSTEM,
        now=now,
        category=category,
        unit=unit,
        lot_tracked=lot_tracked,
        retail_price=Money.yuan(yuan),
        claim_price=Money.yuan(yuan).share(85, 100),
        qty_step=Quantity.of("0.5" if unit == "升" else "1"),
    )


def _kit_parts(firm: Firm, now: datetime) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for no, name, category, yuan, unit, _op, _quantity in KITS:
        if no not in found:
            found[no] = _add(firm, now, no, name, category, yuan, unit)
    found["BYD-BMS-2023B"] = _add(firm, now, "BYD-BMS-2023B", "动力电池管理模块 B 型", "新能源三电", 4180)
    return found


def _other_parts(firm: Firm, random: Random, now: datetime, *, count: int) -> list[Part]:
    """Invented numbers; the first sixty are thirty pairs that differ in one character."""
    made = []
    for number in range(count):
        name, category, yuan = NAMES[number % len(NAMES)]
        series = number // len(NAMES)
        if number < 2 * SIBLINGS:
            no = f"LK{number // 2 * 733 % 1000:03d}-{number // 2 * 419 % 1000:03d}{'AB'[number % 2]}"
        else:
            no = f"{chr(65 + series % 26)}{random.randint(100, 999)}-{number:05d}-{random.choice('KMPX')}{number % 7}"
        price = max(yuan * random.randint(70, 140) // 100, 8)
        made.append(_add(firm, now, no, f"{name} {series + 1} 型", category, price))
    return made


def _batched_parts(firm: Firm, now: datetime, *, count: int) -> list[Part]:
    return [
        _add(
            firm, now, f"LOT{number * 733 % 1000:03d}-{number * 419 % 1000:03d}", name, category, yuan, lot_tracked=True
        )
        for number, (name, category, yuan) in zip(range(count), cycle(BATCHED), strict=False)
    ]


def _lay_in_batches(firm: Firm, batched: list[Part], random: Random, now: datetime) -> None:
    """One batch of each, with days or weeks left to live."""
    came = now - timedelta(days=200)
    rows = [
        replace(
            _incoming(part, random.randint(1, 6)),
            batch=f"B{came:%y%m}{place:02d}",
            expires_on=(now + timedelta(days=random.randint(6, 80))).date(),
        )
        for place, part in enumerate(batched)
    ]
    parts.receive_opening(incoming=rows, store=firm.home, by=SYSTEM, now=came)


def _bind_kits(kit: dict[str, Part], now: datetime) -> None:
    ops = {op.code: op for op in LabourOp.objects.filter(code__in={row[5] for row in KITS})}
    for no, _name, _category, _yuan, _unit, op, quantity in KITS:
        if op in ops:
            set_kit(ops[op], part=kit[no], quantity=Quantity.of(quantity), by=SYSTEM, now=now)


def _supersede(rest: list[Part], now: datetime) -> None:
    """Of every 73 numbers one was replaced by a newer one: forty of three thousand."""
    for place in range(60, len(rest) - 1, 73):
        parts.supersede(rest[place], successor=rest[place + 1], on=now.date(), by=SYSTEM, now=now)


def _lay_in(firm: Firm, code: str, shelf: Shelf, random: Random, now: datetime, share: float) -> None:
    store = firm.stores[code]
    rows = [
        _incoming(part, round(random.randint(24, 60) * share * (8 if part.unit == "升" else 1)) + 2)
        for part in shelf.kit.values()
        if part.part_no != SHORT_OF[code]
    ]
    rest = [part for part in shelf.all[len(shelf.kit) :] if random.random() < STOCKED * share]
    rows += [_incoming(part, random.randint(1, 6)) for part in rest]
    for start in range(0, len(rows), 100):
        parts.receive_opening(incoming=rows[start : start + 100], store=store, by=SYSTEM, now=now)


def _incoming(part: Part, pieces: int) -> Incoming:
    quantity = Quantity.of(pieces)
    return Incoming(part.pk, quantity, unit_cost(part).times(quantity))


def unit_cost(part: Part) -> Money:
    """What the demo pays for a part without tax: three fifths of its retail price."""
    return part.retail_price.share(60, 100)
