"""What the bodies of all packages are made of: bounded ids, money, quantities, days, times and moments with their zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict
from pydantic_core import PydanticCustomError

MOST = 10**12
LARGEST_ID = 2**63 - 1
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _near_our_time(moment: datetime) -> datetime:
    if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
        raise PydanticCustomError("far_from_our_time", "between 1900 and 2199")
    return moment.astimezone(UTC)


def _day_of_our_time(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("far_from_our_time", "between 1900 and 2199")
    return day


def _time_of_day(text: str) -> str:
    if not re.fullmatch(CLOCK, text):
        raise PydanticCustomError("not_a_time", "a time like 08:30")
    return text


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Cursor = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Fen = Annotated[int, Field(ge=-MOST, le=MOST)]
Thousandths = Annotated[int, Field(ge=-MOST, le=MOST)]
Moment = Annotated[AwareDatetime, AfterValidator(_near_our_time)]
Clock = Annotated[str, Field(json_schema_extra={"pattern": CLOCK}), AfterValidator(_time_of_day)]
Day = Annotated[date, AfterValidator(_day_of_our_time)]


class Body(Schema):
    """What a call says; a field that nobody knows is refused, so that a slip of the pen is heard of."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """A verb that needs nothing said: an empty object."""


class ReasonIn(Body):
    """A verb that asks why."""

    reason: str = Field(default="", max_length=100)
