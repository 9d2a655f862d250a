"""Operations and technicians' skills from a file: the columns of the templates, how rows are read and applied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cheyi.customers.imports import day, money, one_of, read_cells, whole, yes
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.importing import Applied, Column, Fault, ImportKind, Prepared
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Hours, Money, Quantity, Refused
from cheyi.parts.engine.numbers import normalise
from cheyi.parts.models import Part
from cheyi.workshop.actions.cataloguing import OperationEntry, put_operations, put_technician, set_kit
from cheyi.workshop.models import LabourOp, Skill, TechnicianProfile
from cheyi.workshop.rules.pricing import VEHICLE_CLASSES

BAYS = {
    "机电": "general",
    "四轮定位": "align",
    "钣金": "body",
    "喷漆": "paint",
    "洗车": "wash",
    "新能源": "ev",
    "质检": "inspection",
    "快保": "express",
}
CLASSES = {
    "整车修理": "overhaul",
    "总成修理": "assembly",
    "二级维护": "level_2",
    "一级维护": "level_1",
    "小修": "minor",
    "专项修理": "special",
    "无": "none",
}
ENERGIES = {
    "汽油": "petrol",
    "柴油": "diesel",
    "混动": "hev",
    "油电混合": "hev",
    "插混": "phev",
    "增程": "erev",
    "纯电": "bev",
    "燃料电池": "fcev",
    "燃气": "cng",
}
SPLIT = re.compile(r"[、，,;；/\s]+")
KIT_PART = re.compile(r"(?P<number>.+?)\s*[×xX*]\s*(?P<quantity>[\d.]+)")
LEVEL = re.compile(r"(?P<skill>\D+?)\s*(?P<level>\d)\s*级?")
LONGEST_HOURS = Hours.of(200)


def hours(cell: str) -> Hours:
    """Standard hours, at most 200. Raises Refused ``workshop.import.bad_hours``."""
    try:
        found = Hours.of(cell.lower().removesuffix("h"))
    except Refused:
        raise Refused("workshop.import.bad_hours", text=cell) from None
    if not Hours(0) <= found <= LONGEST_HOURS:
        raise Refused("workshop.import.bad_hours", text=cell)
    return found


def level(cell: str) -> int:
    """A skill level from 1 to 5. Raises Refused ``workshop.import.bad_level``."""
    found = whole(cell)
    if not 1 <= found <= 5:
        raise Refused("workshop.import.bad_level", text=cell)
    return found


def energies(cell: str) -> tuple[str, ...]:
    """A list like 汽油、混动; raises Refused as ``one_of``."""
    read = one_of(ENERGIES)
    return tuple(dict.fromkeys(read(word) for word in SPLIT.split(cell) if word))


def kit(cell: str) -> tuple[tuple[str, Quantity], ...]:
    """A list like ``OIL-5W30×4；FLT-001×1``. Raises Refused ``workshop.import.bad_kit``."""
    found = []
    for piece in re.split(r"[、；;\n]+", cell):
        match = KIT_PART.fullmatch(piece.strip())
        if piece.strip() and match is None:
            raise Refused("workshop.import.bad_kit", text=piece.strip())
        if match is not None:
            found.append((match["number"].strip(), Quantity.of(match["quantity"])))
    return tuple(found)


def skill_levels(cell: str) -> dict[str, int]:
    """A list like 机电4、电器3. Raises Refused ``workshop.import.bad_skills``."""
    found: dict[str, int] = {}
    for piece in (words.strip() for words in re.split(r"[、，,;；/\n]+", cell)):
        match = LEVEL.fullmatch(piece)
        if piece and (match is None or not 1 <= int(match["level"]) <= 5):
            raise Refused("workshop.import.bad_skills", text=piece)
        if match is not None:
            found[match["skill"].strip(":：")] = int(match["level"])
    return found


OPERATION_COLUMNS = (
    Column("code", "项目编号", "Operation code", "MA001", required=True, also=("编号", "项目代码", "工时代码")),
    Column(
        "name", "项目名称", "Name", "小保养（机油机滤）", required=True, also=("名称", "项目", "维修项目", "工时名称")
    ),
    Column("name_en", "英文名称", "English name", "Oil and filter service"),
    Column("system", "系统", "System", "MA", also=("分类", "类别")),
    Column("small", "小型车工时", "Hours small car", "0.5", parse=hours),
    Column("mid", "中型车工时", "Hours mid-size car", "0.6", parse=hours, also=("工时", "标准工时", "定额工时")),
    Column("large", "大型车工时", "Hours large car", "0.8", parse=hours),
    Column("fixed_price", "包干价", "Fixed price", "", parse=money, also=("一口价", "固定价")),
    Column("rate_code", "工时单价代码", "Rate code", "M", also=("工种代码",)),
    Column("skill", "技能", "Skill", "机电", also=("工种",)),
    Column("min_level", "最低等级", "Least level", "1", parse=level),
    Column("difficult", "难活", "Difficult", "否", parse=yes),
    Column("bay_kind", "工位类型", "Kind of bay", "快保", parse=one_of(BAYS)),
    Column("high_voltage", "高压作业", "High voltage", "否", parse=yes),
    Column("regulatory_class", "维修类别", "Repair class", "一级维护", parse=one_of(CLASSES)),
    Column("qa_km", "质保公里", "Guarantee in km", "5000", parse=whole),
    Column("qa_days", "质保天数", "Guarantee in days", "90", parse=whole),
    Column("energies", "适用能源", "Energies", "汽油、混动", parse=energies),
    Column("search_words", "搜索词", "Search words", "常规保养 换机油"),
    Column("kit", "配件", "Kit", "OIL-5W30×4；FLT-001×1", parse=kit, also=("用料", "所需配件")),
)
SKILL_COLUMNS = (
    Column("employee_no", "工号", "Employee no.", "E012", required=True, also=("员工编号", "编号")),
    Column("name", "姓名", "Name", "王建国"),
    Column(
        "skills", "技能等级", "Skills and levels", "机电4、电器3", required=True, parse=skill_levels, also=("技能",)
    ),
    Column("high_voltage_no", "高压电工证号", "High-voltage certificate no.", "HV-0001", also=("电工证号",)),
    Column("high_voltage_until", "电工证有效期至", "Certificate valid until", "2027-12-31", parse=day),
    Column("hourly_cost", "小时成本", "Hourly cost", "60", parse=money),
)
OWN_COLUMNS = frozenset(["kit", *VEHICLE_CLASSES])


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation of a file with its kit by part number."""

    ref: str
    entry: OperationEntry
    kit: tuple[tuple[str, Quantity], ...]


@dataclass(frozen=True, slots=True)
class SkillRow:
    """What a file says of one technician."""

    ref: str
    employee_no: str
    skills: Mapping[str, int]
    high_voltage_no: str
    high_voltage_until: date | None
    hourly_cost: Money | None


def prepare_operation(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row of an operations list; one of the three hours is enough, or a fixed price."""
    values, faults = read_cells(OPERATION_COLUMNS, cells)
    by_class = {name: values[name] for name in VEHICLE_CLASSES if name in values}
    if not by_class and "fixed_price" not in values and not faults:
        faults = (Fault("mid", Refused("workshop.import.no_hours", operation=values["code"])),)
    if faults:
        return Prepared(None, faults)
    code = values["code"].upper()
    details = {name: value for name, value in values.items() if name not in {*OWN_COLUMNS, "code", "system"}}
    entry = OperationEntry(
        code=code,
        system=values.get("system", "").upper() or re.sub(r"[^A-Z].*", "", code)[:4] or "GE",
        hours=by_class,
        is_fee=not by_class,
        **details,
    )
    return Prepared(OperationRow(ref, entry, values.get("kit", ())))


def prepare_skills(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row of a skills list."""
    values, faults = read_cells(SKILL_COLUMNS, cells)
    if faults:
        return Prepared(None, faults)
    row = SkillRow(
        ref=ref,
        employee_no=values["employee_no"],
        skills=values["skills"],
        high_voltage_no=values.get("high_voltage_no", ""),
        high_voltage_until=values.get("high_voltage_until"),
        hourly_cost=values.get("hourly_cost"),
    )
    return Prepared(row)


@act
def apply_operations(
    rows: Sequence[OperationRow], *, store: Store, by: Viewer, now: datetime, paper: Source
) -> list[Applied]:
    """Put new operations into the group's catalogue; codes that are there stay as they are."""
    known = set(LabourOp.objects.filter(code__in=[row.entry.code for row in rows]).values_list("code", flat=True))
    skills = {skill.name: skill.code for skill in Skill.objects.all()}
    skills |= {code: code for code in skills.values()}
    parts = _parts_by_number(rows)
    answers: list[Applied] = []
    fresh: list[OperationRow] = []
    for row in rows:
        if row.entry.code in known:
            answers.append(Applied(row.ref, "here"))
            continue
        problem = _problem(row, skills, parts)
        answers.append(Applied(row.ref, "refused" if problem else "new", problem))
        known.add(row.entry.code)
        if problem is None:
            entry = replace(row.entry, skill=skills.get(row.entry.skill, ""))
            fresh.append(OperationRow(row.ref, entry, row.kit))
    put_operations([row.entry for row in fresh], store=store, by=by, now=now)
    _put_kits(fresh, parts, by=by, now=now)
    audit(by, "workshop.catalogue.imported", store, now=now, rows=len(fresh), paper=paper.label)
    return answers


@act
def apply_skills(rows: Sequence[SkillRow], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Write what technicians can do; who has something on file already keeps it as it is."""
    people = {one.no: one for one in Employee.objects.filter(no__in=[row.employee_no for row in rows])}
    filled = Q(skills__isnull=False) | ~Q(high_voltage_no="") | Q(hourly_cost__isnull=False)
    known = set(TechnicianProfile.objects.filter(filled).values_list("employee_id", flat=True))
    answers = []
    for row in rows:
        person = people.get(row.employee_no)
        if person is None:
            problem = Refused("workshop.import.nobody", field="employee_no", number=row.employee_no)
            answers.append(Applied(row.ref, "refused", problem))
        elif person.pk in known:
            answers.append(Applied(row.ref, "here"))
        else:
            answers.append(_trained(row, person, store=store, by=by, now=now))
            known.add(person.pk)
    audit(by, "workshop.technician.imported", store, now=now, rows=len(rows), paper=paper.label)
    return answers


def _trained(row: SkillRow, person: Employee, *, store: Store, by: Viewer, now: datetime) -> Applied:
    try:
        put_technician(
            person,
            store=store,
            skills=row.skills,
            high_voltage_no=row.high_voltage_no,
            high_voltage_until=row.high_voltage_until,
            hourly_cost=row.hourly_cost,
            by=by,
            now=now,
        )
    except Refused as refused:
        return Applied(row.ref, "refused", refused)
    return Applied(row.ref, "new")


def _parts_by_number(rows: Sequence[OperationRow]) -> dict[str, Part]:
    keys = {normalise(number) for row in rows for number, _ in row.kit}
    return {part.number_key: part for part in Part.objects.filter(number_key__in=keys, active=True).order_by("-pk")}


def _problem(row: OperationRow, skills: Mapping[str, str], parts: Mapping[str, Part]) -> Refused | None:
    if row.entry.skill and row.entry.skill not in skills:
        return Refused("workshop.technician.unknown_skill", field="skill", skill=row.entry.skill)
    for number, quantity in row.kit:
        if normalise(number) not in parts:
            return Refused("parts.part.unknown_number", field="kit", number=number)
        if quantity <= Quantity(0):
            return Refused("workshop.line.bad_quantity", field="kit", quantity=str(quantity))
    return None


def _put_kits(rows: Sequence[OperationRow], parts: Mapping[str, Part], *, by: Viewer, now: datetime) -> None:
    with_kit = [row for row in rows if row.kit]
    ops = {op.code: op for op in LabourOp.objects.filter(code__in=[row.entry.code for row in with_kit])}
    for row in with_kit:
        for number, quantity in row.kit:
            set_kit(ops[row.entry.code], part=parts[normalise(number)], quantity=quantity, by=by, now=now)


OPERATIONS = ImportKind(
    "operations",
    _("Operations"),
    OPERATION_COLUMNS,
    prepare_operation,
    apply_operations,
    lambda row: row.entry.code.casefold(),
)
STAFF_SKILLS = ImportKind("staff-skills", _("Technicians' skills"), SKILL_COLUMNS, prepare_skills, apply_skills)
KINDS = (OPERATIONS, STAFF_SKILLS)
