"""Cars from a file: the columns of its template, how a row is read, how rows are applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cheyi.customers.engine import phones
from cheyi.customers.imports import day, one_of, read_cells, whole, yes
from cheyi.customers.models import Customer
from cheyi.customers.queries import by_old_numbers, known, names_agree
from cheyi.foundation.access import Viewer
from cheyi.foundation.importing import Applied, Column, Fault, ImportKind, Prepared
from cheyi.foundation.models import Store
from cheyi.foundation.sealed import blind_index
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.vehicles import actions
from cheyi.vehicles.actions import BulkRow, Details
from cheyi.vehicles.actions.identifying import read_plate, read_vin
from cheyi.vehicles.models import VehicleModel
from cheyi.vehicles.rules.mending import mended
from cheyi.vehicles.rules.mileage import MOST_KM
from cheyi.vehicles.rules.naming import MERE_DOUBTS

ENERGIES = {
    "汽油": "petrol",
    "柴油": "diesel",
    "混动": "hev",
    "油电混动": "hev",
    "插混": "phev",
    "插电混动": "phev",
    "增程": "erev",
    "纯电": "bev",
    "燃料电池": "fcev",
    "天然气": "cng",
}
USES = {"家用": "family", "营运": "business", "公务": "company", "网约": "ride_hailing", "租赁": "rental"}
STATES = {"在用": "in_use", "已转手": "resold", "报废": "scrapped", "被盗": "stolen", "迁出": "left_area"}


def kilometres(cell: str) -> int:
    """A mileage of 0 to 2,000,000 km. Raises Refused ``vehicles.mileage.out_of_range``."""
    km = whole(cell)
    if not 0 <= km <= MOST_KM:
        raise Refused("vehicles.mileage.out_of_range", field="mileage", km=km, most=MOST_KM)
    return km


COLUMNS = (
    Column("plate", "车牌号", "Plate", "沪A80001", also=("车牌", "车牌号码", "牌照号")),
    Column("vin", "车架号", "VIN", "LSVAA4184N2183294", also=("VIN", "VIN码", "车辆识别代号", "底盘号")),
    Column("vin_checked", "车架号已核对", "VIN compared with the car", "", parse=yes),
    Column("owner_no", "客户编号", "Customer no.", "K00012", also=("车主编号", "客户代码")),
    Column("owner", "车主", "Owner", "王建国", also=("客户名称", "客户姓名", "姓名", "车主姓名")),
    Column("owner_mobile", "车主手机", "Owner's mobile", "19900000123", also=("手机", "电话", "联系电话", "车主电话")),
    Column("brand", "品牌", "Brand", "比亚迪"),
    Column("series", "车系", "Series", "海豹"),
    Column("model", "车型", "Model", "海豹 550km 精英型", also=("车型名称", "车款")),
    Column("model_year", "年款", "Model year", "2023", parse=whole),
    Column(
        "energy", "能源类型", "Energy", "纯电", parse=one_of(ENERGIES), also=("燃料", "燃料种类", "燃料类型", "动力")
    ),
    Column("engine_no", "发动机号", "Engine no.", ""),
    Column("motor_no", "电机号", "Motor no.", ""),
    Column("body_colour", "车身颜色", "Body colour", "白", also=("颜色",)),
    Column("use", "使用性质", "Use", "家用", parse=one_of(USES)),
    Column("purchase_on", "购车日期", "Bought on", "2023-04-01", parse=day),
    Column("first_registered_on", "注册日期", "First registered", "2023-04-10", parse=day, also=("上牌日期",)),
    Column(
        "mileage", "里程", "Mileage", "24800", parse=kilometres, also=("行驶里程", "公里数", "最近里程", "最后里程")
    ),
    Column("mileage_on", "里程日期", "Mileage read on", "2026-05-15", parse=day),
    Column("last_service_on", "上次保养日期", "Last service on", "2026-01-15", parse=day),
    Column("last_service_km", "上次保养里程", "Last service at km", "20000", parse=kilometres),
    Column("next_service_on", "下次保养日期", "Next service on", "2026-09-22", parse=day),
    Column("next_service_km", "下次保养里程", "Next service at km", "30000", parse=kilometres),
    Column("insurer", "保险公司", "Insurer", "", also=("承保公司",)),
    Column("insurance_until", "保险到期", "Insured until", "2027-04-01", parse=day, also=("保险到期日",)),
    Column("inspection_due_on", "年检到期", "Inspection due", "2029-04-30", parse=day, also=("年审到期",)),
    Column("last_visit_on", "最近来店", "Last visit", "2026-05-20", parse=day, also=("最近进厂",)),
    Column("status", "状态", "Status", "在用", parse=one_of(STATES), also=("车辆状态",)),
    Column("note", "备注", "Note", ""),
)
ROW_FIELDS = frozenset(
    (
        *("plate", "vin", "mileage", "mileage_on", "last_service_on", "last_service_km"),
        *("next_service_on", "next_service_km", "last_visit_on", "note"),
    )
)
AT_ONCE = 500
WANTED_FIELDS = frozenset(["owner_no", "owner", "owner_mobile", "brand", "series", "model", "vin_checked"])


@dataclass(frozen=True, slots=True)
class CarFromFile:
    """A car of a file that was read: the row for ``bulk_add``, and whose and which model the file says it is."""

    row: BulkRow
    owner_no: str = ""
    owner: str = ""
    owner_mobile: str = ""
    model_words: tuple[str, ...] = ()


def prepare(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row: plate or VIN must be there and right; a VIN compared with the car may have an odd check digit."""
    values, faults = read_cells(COLUMNS, cells)
    mendings = mended(values)
    confirmed = {*MERE_DOUBTS, *(["vehicles.vehicle.check_digit"] if values.get("vin_checked") else [])}
    faults = (*faults, *_identity_faults(values, confirmed))
    if faults:
        return Prepared(None, faults)
    details: Any = {code: value for code, value in values.items() if code not in ROW_FIELDS | WANTED_FIELDS}
    row = BulkRow(
        ref=ref,
        confirmed=frozenset(confirmed),
        details=details,
        **{code: value for code, value in values.items() if code in ROW_FIELDS},
    )
    words = tuple(filter(None, (values.get(code, "") for code in ("brand", "series", "model"))))
    mobile = values.get("owner_mobile", "")
    return Prepared(
        CarFromFile(row, values.get("owner_no", ""), values.get("owner", ""), mobile, words), notes=mendings
    )


def _identity_faults(values: Mapping[str, Any], confirmed: set[str]) -> tuple[Fault, ...]:
    if not (values.get("plate") or values.get("vin")):
        return (Fault("plate", Refused("vehicles.vehicle.plate_or_vin", field="plate")),)
    found = []
    try:
        read_plate(values.get("plate", ""), confirmed=confirmed)
    except Refused as refused:
        found.append(Fault("plate", refused))
    try:
        read_vin(values.get("vin", ""), this_year=date.max.year, confirmed=confirmed)
    except Refused as refused:
        found.append(Fault("vin", refused))
    if values.get("owner_mobile") and not phones.check(values["owner_mobile"]).valid:
        problem = phones.check(values["owner_mobile"]).errors[0]
        found.append(Fault("owner_mobile", Refused(problem.code, field="owner_mobile", **dict(problem.facts))))
    return tuple(found)


def apply(rows: Sequence[CarFromFile], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Put the rows on file with their owners, who must be on file, and their models, where the catalogue has them.

    A model that is not in the catalogue is kept as text and noted. See ``actions.bulk_add``.
    """
    models = _Models()
    answers: dict[str, Applied] = {}
    notes: dict[str, tuple[Refused, ...]] = {}
    ready: list[BulkRow] = []
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        owners = _Owners(some, store)
        for one in some:
            try:
                ready.append(_settled(one, owners, models, notes))
            except Refused as refused:
                answers[one.row.ref] = Applied(one.row.ref, "refused", refused)
    for outcome in actions.bulk_add(ready, store=store, by=by, now=now, paper=paper):
        answers[outcome.ref] = Applied(outcome.ref, outcome.kind, outcome.problem, notes.get(outcome.ref, ()))
    return [answers[one.row.ref] for one in rows]


def _settled(one: CarFromFile, owners: _Owners, models: _Models, notes: dict[str, tuple[Refused, ...]]) -> BulkRow:
    """The row with its owner and model. Raises Refused when the owner is not on file."""
    model = models.find(one.model_words)
    details = Details(**one.row.details)
    if one.model_words and model is None:
        details["model_text"] = " ".join(one.model_words)[:80]
        notes[one.row.ref] = (Refused("vehicles.import.no_model", text=details["model_text"]),)
    return replace(one.row, owner_id=owners.of(one), model=model, details=details)


class _Owners:
    """The known customers that the rows name, by old number, phone and name. Three queries."""

    def __init__(self, rows: Sequence[CarFromFile], store: Store) -> None:
        self.by_number = by_old_numbers({row.owner_no for row in rows if row.owner_no}, store)
        self.by_index: dict[str, list[Customer]] = defaultdict(list)
        self.by_name: dict[str, list[Customer]] = defaultdict(list)
        indexes = {_index(row.owner_mobile) for row in rows} - {""}
        for customer in known().filter(mobile_index__in=indexes):
            self.by_index[customer.mobile_index].append(customer)
        for customer in known().filter(second_mobile_index__in=indexes):
            self.by_index[customer.second_mobile_index].append(customer)
        for customer in known().filter(name__in={row.owner for row in rows if row.owner}):
            self.by_name[customer.name].append(customer)

    def of(self, row: CarFromFile) -> int | None:
        """The owner of a car, None where the file names none. Raises ``.no_owner``, ``.several_owners``."""
        named = row.owner_no or row.owner or row.owner_mobile
        if not named:
            return None
        if row.owner_no in self.by_number:
            return self.by_number[row.owner_no]
        found = self.by_index.get(_index(row.owner_mobile)) or []
        if row.owner and len(found) > 1:
            found = [one for one in found if names_agree(one.name, row.owner)]
        if not row.owner_mobile:
            found = self.by_name.get(row.owner, [])
        if len(found) != 1:
            code = "vehicles.import.several_owners" if found else "vehicles.import.no_owner"
            raise Refused(code, field="owner", text=row.owner or row.owner_no)
        return found[0].pk


def _index(mobile: str) -> str:
    verdict = phones.check(mobile)
    return blind_index(verdict.value) if verdict.valid else ""


class _Models:
    """The catalogue's models by the words that a file may name them with. One query."""

    def __init__(self) -> None:
        self.by_words: dict[str, list[VehicleModel]] = defaultdict(list)
        for model in VehicleModel.objects.select_related("series__brand"):
            brand, series = model.series.brand.name, model.series.name
            for words in {model.code, model.name, f"{series}{model.name}", f"{brand}{series}{model.name}"}:
                self.by_words[_plain(words)].append(model)

    def find(self, words: Sequence[str]) -> VehicleModel | None:
        """The one model that the last word, the last two or all of them name."""
        for start in range(len(words)):
            found = self.by_words.get(_plain("".join(words[start:])), [])
            if len(found) == 1:
                return found[0]
        return None


def _plain(words: str) -> str:
    return "".join(words.split()).casefold()


IDENTITY = frozenset(["plate", "vin", "vin_checked", "owner_no", "owner", "owner_mobile", "note"])
SPARE = frozenset(column.code for column in COLUMNS) - IDENTITY
KIND = ImportKind("vehicles", _("Cars"), COLUMNS, prepare, apply, spare=SPARE, note="note")
