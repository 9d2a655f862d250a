"""The tables of the foundation."""

from cheyi.foundation.models.organisation import Group, LegalEntity, Region, Store, Team
from cheyi.foundation.models.people import Absence, ApiToken, Attendance, Employee, Grant, User, WorkShift
from cheyi.foundation.models.records import (
    AuditEntry,
    Fact,
    IdempotencyKey,
    Job,
    OneTimeLink,
    PasswordLink,
    SetupLink,
)
from cheyi.foundation.models.services import (
    CalendarException,
    CalendarSpan,
    Message,
    NumberSeries,
    SearchKey,
    StoredFile,
    Todo,
)

__all__ = [
    "Absence",
    "ApiToken",
    "Attendance",
    "AuditEntry",
    "CalendarException",
    "CalendarSpan",
    "Employee",
    "Fact",
    "Grant",
    "Group",
    "IdempotencyKey",
    "Job",
    "LegalEntity",
    "Message",
    "NumberSeries",
    "OneTimeLink",
    "PasswordLink",
    "Region",
    "SearchKey",
    "SetupLink",
    "Store",
    "StoredFile",
    "Team",
    "Todo",
    "User",
    "WorkShift",
]
