"""The demo's firm: two legal entities, three stores with calendars, tax rates and bays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Group, LegalEntity, Store
from cheyi.foundation.scope import within
from cheyi.project.furnishing import furnish

STORES = (
    ("HZ01", "滨江店", Store.Kind.DEALER, 0),
    ("HZ02", "西湖店", Store.Kind.GARAGE, 0),
    ("HZ03", "萧山电动中心", Store.Kind.DEALER, 1),
)
# (store, kind, count, safe for high voltage): 22 bays of all types
BAYS = (
    ("HZ01", "general", 4, False),
    ("HZ01", "express", 2, False),
    ("HZ01", "align", 1, False),
    ("HZ01", "body", 1, False),
    ("HZ01", "paint", 1, False),
    ("HZ01", "ev", 1, True),
    ("HZ01", "inspection", 1, False),
    ("HZ01", "wash", 1, False),
    ("HZ02", "general", 3, False),
    ("HZ02", "express", 1, False),
    ("HZ02", "wash", 1, False),
    ("HZ03", "ev", 2, True),
    ("HZ03", "general", 2, True),
    ("HZ03", "wash", 1, False),
)


@dataclass(frozen=True, slots=True)
class Firm:
    """The demo's group and stores by code."""

    group: Group
    stores: dict[str, Store]

    @property
    def home(self) -> Store:
        """The store in which the shown accounts work."""
        return self.stores["HZ01"]


def found(now: datetime, zone: str) -> Firm:
    """Make group, legal entities, stores, calendars, tax rates and bays."""
    group = Group.objects.create(name="恒远汽车（演示）", demo=True, created_at=now)
    firms = [
        LegalEntity.objects.create(group=group, name=name, uscc=uscc, bank="演示银行", created_at=now)
        for name, uscc in (
            ("恒远汽车服务（演示）有限公司", "91310000MA1FL00030"),
            ("恒远新能源（演示）有限公司", "91310000MA1FL0022Y"),
        )
    ]
    stores = {
        code: Store.objects.create(
            group=group,
            legal_entity=firms[entity],
            code=code,
            name=name,
            kind=kind,
            zone=zone,
            region_code="330100",
            address=f"演示路 {100 + entity} 号",
            phone=f"0571-000000{code[-2:]}",
            repair_licence=f"DEMO-{code}",
            created_at=now,
        )
        for code, name, kind, entity in STORES
    }
    for store in stores.values():
        with within(store):
            furnish(store, now=now, bays=[row[1:] for row in BAYS if row[0] == store.code])
    return Firm(group, stores)
