"""The rows of the permission table: each address with its method, and what each role gets there."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from cheyi.foundation.access.permissions import granted
from cheyi.foundation.pages.addresses import Address, addresses
from tests.permissions.world import EMPLOYEES

TABLE = Path(__file__).parent / "table.csv"
HEAD = ("address", "method", "door", "thing", *EMPLOYEES)
ANSWERS = {
    "no": "lacks the right: 403",
    "yes": "may; the address names no row",
    "none": "may, but sees no row of the kind: 404 even in his own store",
    "own": "may for his own rows; a colleague's and a sister store's are not there: 404",
    "store": "may for the rows of the open store; a sister store's are not there: 404",
    "group": "may for the rows of the group; a stranger's are not there: 404",
    "open": "needs no right",
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")

# What an argument of an address names, and by which permission rows of that kind are seen where it is not the door's.
THINGS = {
    "customer_id": "customer",
    "contact_id": "contact",
    "hold_id": "hold",
    "vehicle_id": "vehicle",
    "order_id": "order",
    "line_id": "line",
    "finding_id": "finding",
    "request_id": "request",
    "part_id": "part",
    "store_id": "store",
    "balance_id": "balance",
    "row_id": "appointment",
    "todo_id": "todo",
    "employee_id": "employee",
    "bill_id": "bill",
    "payment_id": "payment",
    "prepayment_id": "prepayment",
    "approval_id": "approval",
    "shift_id": "shift",
    "clock_id": "clock",
    "technician_id": "technician",
    "op_id": "operation",
    "warehouse_id": "warehouse",
    "ownership_id": "ownership",
    "absence_id": "absence",
    "bay_id": "bay",
}
UNSPECIFIC = {"kind", "code", "piece", "purpose", "field", "slot", "uid", "token", "question", "asked", "table"}
SEEN_BY = {
    "order": "workshop.order.view",
    "line": "workshop.order.view",
    "part_line": "workshop.order.view",
    "finding": "workshop.order.view",
    "file": "workshop.finding.view",
    "request": "parts.request.view",
    "request_line": "parts.request.view",
    "clock": "workshop.order.view",
    "ownership": "vehicles.vehicle.edit",
}
OWN_REACH = {"workshop.order.record_call"}
"""Doors that see fewer orders than the list of orders does: an advisor calls his own customers only."""
ONE_STORE = {
    "order",
    "line",
    "finding",
    "file",
    "request",
    "request_line",
    "store",
    "balance",
    "appointment",
    "bill",
    "payment",
    "prepayment",
    "approval",
    "shift",
    "clock",
    "warehouse",
    "part_line",
}
PLAIN = {
    "part": "group",
    "operation": "group",
    "store": "store",
    "technician": "store",
    "absence": "store",
    "bay": "store",
}
TODO_FOR = "technician"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    address: str
    method: str
    door: str
    thing: str
    answers: dict[str, str]

    def cells(self) -> list[str]:
        """The line as it is written."""
        return [self.address, self.method, self.door, self.thing, *(self.answers[role] for role in EMPLOYEES)]


def committed() -> list[Row]:
    """The table as it was reviewed."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Row(row["address"], row["method"], row["door"], row["thing"], {role: row[role] for role in EMPLOYEES})
        for row in rows
    ]


def computed() -> list[Row]:
    """The table as doors and capability matrix say it should be; for review, never for the test."""
    return [_row(address, method) for address in addresses() for method in methods(address)]


def methods(address: Address) -> list[str]:
    """The methods that an address answers."""
    return sorted(address.door.methods) if address.door else []


def thing_of(address: Address) -> str:
    """What the arguments of an address name, nothing when it names no row."""
    arguments = set(ARGUMENT.findall(address.pattern)) - UNSPECIFIC
    unknown = arguments - set(THINGS)
    if unknown:
        raise LookupError(f"{address.pattern}: nobody says what {unknown} names")
    if address.pattern.startswith("files/"):
        return "file"
    if address.pattern.startswith(("parts/lines/", "api/v1/parts-request-lines/")):
        return "request_line"
    if address.pattern.startswith("api/v1/lines/part/"):
        return "part_line"
    return next((THINGS[name] for name in arguments), "")


def _row(address: Address, method: str) -> Row:
    door = address.door
    assert door is not None, address.pattern
    if door.kind != "permission":
        return Row(f"/{address.pattern}", method, f"{door.kind}: {door.reason}", "", dict.fromkeys(EMPLOYEES, "open"))
    thing = thing_of(address)
    answers = {role: _answer(role, door.permission, thing) for role in EMPLOYEES}
    return Row(f"/{address.pattern}", method, door.permission, thing, answers)


def _answer(role: str, permission: str, thing: str) -> str:
    if granted(role, permission) is None:
        return "no"
    if not thing:
        return "yes"
    if thing in PLAIN:
        return PLAIN[thing]
    if thing == "todo":
        return "own" if role == TODO_FOR else "none"
    seen_by = permission if permission in OWN_REACH else SEEN_BY.get(thing, permission)
    if thing == "vehicle" and permission.startswith("workshop."):
        seen_by = "vehicles.vehicle.view"
    found = granted(role, seen_by)
    reach = found.reach if found else "numbers"
    if reach == "numbers":
        return "none"
    return "store" if reach == "group" and thing in ONE_STORE else reach
