"""Staff from a file: who works here, with which roles and skills; accounts wait for a password."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cheyi.customers.imports import day, read_cells
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.colleagues.actions import hire
from cheyi.foundation.importing import Applied, Column, Fault, ImportKind, Prepared
from cheyi.foundation.models import Employee, Store, User
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.workshop.imports import SKILL_COLUMNS, SkillRow, apply_skills, prepare_skills

ROLE_WORDS = {
    "服务顾问": "advisor",
    "顾问": "advisor",
    "技师": "technician",
    "车间主管": "foreman",
    "质检员": "inspector",
    "配件员": "parts_keeper",
    "库管": "parts_keeper",
    "采购": "buyer",
    "收银": "cashier",
    "会计": "accountant",
    "销售顾问": "consultant",
    "销售经理": "sales_manager",
    "客服": "care_agent",
    "店长": "store_manager",
    "服务经理": "service_manager",
    "索赔员": "warranty_clerk",
    "保险专员": "insurance_clerk",
    "前台": "receptionist",
    "人事": "hr",
}


def roles(cell: str) -> tuple[str, ...]:
    """Roles of one store, by their Chinese names or codes: ``技师、质检员``. Raises ``project.import.bad_role``."""
    found = []
    for piece in filter(None, re.split(r"[、，,;；/\s]+", cell)):
        role = ROLE_WORDS.get(piece, piece.casefold().replace("-", "_"))
        if role not in ROLE_WORDS.values():
            raise Refused("project.import.bad_role", role=piece, roles="、".join(ROLE_WORDS))
        found.append(role)
    return tuple(dict.fromkeys(found))


SKILLS = tuple(column for column in SKILL_COLUMNS if column.code not in {"employee_no", "name"})
COLUMNS = (
    Column("employee_no", "工号", "Employee no.", "E012", required=True, also=("员工编号", "编号")),
    Column("name", "姓名", "Name", "王建国", required=True, also=("员工姓名",)),
    Column("roles", "岗位", "Roles", "技师、质检员", required=True, parse=roles, also=("角色", "职务")),
    Column("sign_in", "登录名", "Sign-in name", "wangjg", also=("账号", "用户名")),
    Column("hired_on", "入职日期", "Hired on", "2021-03-01", parse=day),
    *(Column(each.code, each.zh, each.en, each.example, parse=each.parse, also=each.also) for each in SKILLS),
)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of a file; ``skills`` are there for technicians only."""

    ref: str
    no: str
    name: str
    roles: tuple[str, ...]
    sign_in: str
    hired_on: date | None
    skills: SkillRow | None


def prepare(ref: str, cells: Mapping[str, str]) -> Prepared:
    """Read one row; who has skills must be a technician."""
    values, faults = read_cells(COLUMNS, cells)
    if not faults and "skills" in values and "technician" not in values["roles"]:
        faults = (Fault("skills", Refused("project.import.skills_of_no_technician", name=values["name"])),)
    if faults:
        return Prepared(None, faults)
    trained = prepare_skills(ref, cells) if "skills" in values else Prepared()
    return Prepared(_row(ref, values, trained.clean), trained.faults)


def _row(ref: str, values: Mapping[str, Any], skills: SkillRow | None) -> StaffRow:
    return StaffRow(
        ref=ref,
        no=values["employee_no"],
        name=values["name"],
        roles=values["roles"],
        sign_in=values.get("sign_in", "").casefold(),
        hired_on=values.get("hired_on"),
        skills=skills,
    )


@act
def apply(rows: Sequence[StaffRow], *, store: Store, by: Viewer, now: datetime, paper: Source) -> list[Applied]:
    """Hire the people of a file; who is on file by number stays as they are.

    A sign-in name makes an account with the roles in this store. He signs in once he has set a password by the link
    that the page of colleagues makes; there is no default one.
    """
    numbers = [row.no for row in rows]
    known = set(Employee.objects.filter(group_id=store.group_id, no__in=numbers).values_list("no", flat=True))
    taken = set(User.objects.filter(name__in=[row.sign_in for row in rows]).values_list("name", flat=True))
    answers = []
    for row in rows:
        if row.no in known:
            answers.append(Applied(row.ref, "here"))
        elif row.sign_in in taken:
            problem = Refused("project.import.sign_in_taken", field="sign_in", name=row.sign_in)
            answers.append(Applied(row.ref, "refused", problem))
        else:
            answers.append(_hired(row, store=store, by=by, now=now))
            known.add(row.no)
            taken |= {row.sign_in} if row.sign_in else set()
    return _trained(rows, answers, store=store, by=by, now=now, paper=paper)


def _hired(row: StaffRow, *, store: Store, by: Viewer, now: datetime) -> Applied:
    try:
        hire(
            name=row.name,
            no=row.no,
            sign_in=row.sign_in or None,
            roles=[(store.pk, role) for role in row.roles],
            home_store=store,
            hired_on=row.hired_on,
            by=by,
            now=now,
        )
    except Refused as refused:
        return Applied(row.ref, "refused", refused)
    return Applied(row.ref, "new")


def _trained(
    rows: Sequence[StaffRow],
    answers: list[Applied],
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    paper: Source,
) -> list[Applied]:
    """Write the skills of the new people; a refusal there is a refusal of the person."""
    new = {answer.ref for answer in answers if answer.kind == "new"}
    skilled = [row.skills for row in rows if row.skills is not None and row.ref in new]
    if not skilled:
        return answers
    trained = {answer.ref: answer for answer in apply_skills(skilled, store=store, by=by, now=now, paper=paper)}
    return [
        trained[answer.ref] if answer.ref in trained and trained[answer.ref].kind == "refused" else answer
        for answer in answers
    ]


STAFF = ImportKind("staff", _("Staff"), COLUMNS, prepare, apply, lambda row: row.no.casefold())
