"""The demo's wall clock: a demo shows a shop at work, so its stores stand where it is working time now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

HOME = "Asia/Shanghai"
AT_WORK = range(13, 16)
MIDDAY = 13


def zone(now: datetime, *, midday: bool = False) -> str:
    """The stores' zone: home in its early afternoon, when boards are fullest, else (or always, with ``midday``) one where it is past one o'clock.

    A board at night is empty, and a first look at the product happens at any hour.
    """
    if not midday and now.astimezone(ZoneInfo(HOME)).hour in AT_WORK:
        return HOME
    ahead = MIDDAY - now.astimezone(ZoneInfo("Etc/GMT")).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
