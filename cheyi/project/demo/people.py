"""The demo's 48 employees: every role, skills, certificates, shifts, and one shown account per role."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from cheyi.foundation import demo_accounts
from cheyi.foundation.access import SYSTEM
from cheyi.foundation.models import Employee, Grant, Store, Team, User, WorkShift
from cheyi.foundation.scope import within
from cheyi.foundation.sign_in import DemoAccount, add_user
from cheyi.kernel import Money
from cheyi.project.demo import names
from cheyi.project.demo.organisation import Firm
from cheyi.workshop.actions import cataloguing as workshop

# role: how many in each of the three stores
STAFF = {
    "advisor": (4, 2, 2),
    "technician": (8, 3, 4),
    "foreman": (1, 1, 1),
    "inspector": (1, 1, 1),
    "parts_keeper": (2, 1, 1),
    "cashier": (1, 1, 1),
    "buyer": (1, 0, 0),
    "accountant": (1, 0, 0),
    "consultant": (1, 0, 0),
    "sales_manager": (1, 0, 0),
    "care_agent": (1, 0, 0),
    "store_manager": (1, 0, 1),
    "service_manager": (1, 0, 0),
    "headquarters": (1, 0, 0),
    "region_manager": (1, 0, 0),
    "oem_desk": (1, 0, 0),
    "administrator": (1, 0, 0),
}
GROUP_ROLES = {"headquarters", "region_manager", "oem_desk"}
TRADES = (
    ("机电", "电器", 5),
    ("机电", "变速箱", 5),
    ("机电", "新能源三电", 4),
    ("机电", "诊断", 4),
    ("机电", "电器", 3),
    ("机电", "美容", 2),
    ("钣金", "机电", 4),
    ("喷漆", "美容", 4),
)
AHEAD_DAYS, BEHIND_DAYS = 14, 3


@dataclass(frozen=True, slots=True)
class Staff:
    """Employees by store code and role, in the order in which they were hired."""

    rows: dict[tuple[str, str], list[Employee]]

    def of(self, store: Store, role: str) -> list[Employee]:
        """The people of a role in a store."""
        return self.rows.get((store.code, role), [])


def hire(firm: Firm, random: Random, now: datetime) -> Staff:
    """Hire everybody, with skills and shifts; accounts of the home store are written for the sign-in page."""
    rows: dict[tuple[str, str], list[Employee]] = {}
    used: set[str] = set()
    for place, store in enumerate(firm.stores.values()):
        with within(store):
            for role, counts in STAFF.items():
                for _ in range(counts[place]):
                    one = _employee(store, _fresh_name(random, used), len(used), now)
                    rows.setdefault((store.code, role), []).append(one)
            technicians = rows.get((store.code, "technician"), [])
            _train(store, technicians, random, now)
            _plan(store, [one for (code, _), people in rows.items() if code == store.code for one in people], now)
            _team(store, rows[store.code, "foreman"][0], technicians, now)
    _open_accounts(firm, rows, now)
    return Staff(rows)


def _fresh_name(random: Random, used: set[str]) -> str:
    name = names.person(random)
    while name in used:
        name = names.person(random)
    used.add(name)
    return name


def _employee(store: Store, name: str, number: int, now: datetime) -> Employee:
    return Employee.objects.create(
        group_id=store.group_id,
        no=f"E{number:03d}",
        name=name,
        home_store=store,
        hired_on=date(2019 + number % 6, 3, 1),
        created_at=now,
    )


def _train(store: Store, technicians: list[Employee], random: Random, now: datetime) -> None:
    """Two trades each; six hold a valid high-voltage certificate, one an expired one."""
    for place, employee in enumerate(technicians):
        first, second, level = TRADES[place % len(TRADES)]
        electric = store.code == "HZ03" or (store.code == "HZ01" and place in {1, 2, 4})
        until = now.date() + timedelta(days=400 if place != 4 else -30)
        levels = {first: level, second: max(level - 1, 1), "美容": 2, "诊断": max(level - 1, 1)}
        if electric:
            levels["新能源三电"] = max(level, 3)
        workshop.put_technician(
            employee,
            store=store,
            skills=levels,
            high_voltage_no=f"HV{employee.no}" if electric else "",
            high_voltage_until=until if electric else None,
            hourly_cost=Money.yuan(random.randint(38, 66)),
            by=SYSTEM,
            now=now,
        )


def _plan(store: Store, people: Iterable[Employee], now: datetime) -> None:
    """Shifts 08:30-18:00 with lunch 12:00-13:00, from three days ago to two weeks ahead."""
    zone, today = ZoneInfo(store.zone), store.business_date(now)

    def at(day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=zone)

    days = [today + timedelta(days=offset) for offset in range(-BEHIND_DAYS, AHEAD_DAYS)]
    WorkShift.objects.bulk_create(
        [
            WorkShift(
                store=store,
                employee=one,
                starts_at=at(day, 8, 30),
                ends_at=at(day, 18),
                break_starts_at=at(day, 12),
                break_ends_at=at(day, 13),
                created_at=now,
            )
            for one in people
            for day in days
        ]
    )


def _team(store: Store, leader: Employee, members: list[Employee], now: datetime) -> None:
    team = Team.objects.create(store=store, name="机电一组", leader=leader, created_at=now)
    team.members.set(members)


def _open_accounts(firm: Firm, rows: dict[tuple[str, str], list[Employee]], now: datetime) -> None:
    """A sign-in for everybody who works; the first of each role in the home store stands on the sign-in page."""
    shown = []
    with within(firm.home):
        for (code, role), people in rows.items():
            if code == firm.home.code:
                shown.append(_open_account(people[0], role, firm.home, now))
    demo_accounts.keep(shown)


def _open_account(employee: Employee, role: str, store: Store, now: datetime) -> DemoAccount:
    password = secrets.token_urlsafe(9)
    user = add_user(name=role.replace("_", "-"), password=password, now=now)
    _grant(user, role, store, now)
    Employee.objects.filter(pk=employee.pk).update(user=user)
    return DemoAccount(user.name, role, employee.name, password)


def _grant(user: User, role: str, store: Store, now: datetime) -> None:
    node = {"group_id": store.group_id} if role in GROUP_ROLES else {"store": store}
    Grant.objects.create(user=user, role=role, created_at=now, **node)
