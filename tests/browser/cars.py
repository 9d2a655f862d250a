"""Cars of the demo that suit a test, found in its database: the tail of the plate, and for some the owner's initials, lead to them alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.browser.base import Base

# A car with a blue plate (no battery: anybody may be proposed) that is not in the shop, with its one owner, and the texts under which the home store finds the two.
AWAY = """
select distinct v.id, v.plate, o.customer_id from vehicles_vehicle v
join vehicles_vehiclestore s on s.vehicle_id = v.id and s.store_id = :store
join vehicles_vehicleownership o on o.vehicle_id = v.id and o.role = 'owner' and o.until_on is null
where v.status = 'in_use' and length(v.plate) = 7 and v.model_id is not null
and not exists (select 1 from workshop_workorder w where w.vehicle_id = v.id
                and w.state not in ('closed', 'cancelled', 'delivered'))
and not exists (select 1 from workshop_appointment a where a.vehicle_id = v.id)
and (select count(*) from vehicles_vehicleownership a where a.customer_id = o.customer_id) = 1
order by v.id
"""
LEADS = (
    "select distinct thing, target_id from foundation_searchkey where store_id = :store and key >= :low and key < :high"
)


@dataclass(frozen=True)
class Car:
    """One car of the home store with the shortest texts that find it first; no initials where others have the same."""

    vehicle_id: int
    plate: str
    initials: str = ""

    @property
    def tail(self) -> str:
        """The plate's last four signs."""
        return self.plate[-4:]


def cars_away(base: Base) -> list[Car]:
    """Cars of the home store that are not here; at the end those whose owner's three initials belong to nobody else."""
    store = base.rows("select id from foundation_store where code = 'HZ01'")[0][0]
    tails = Counter(plate[-4:] for (plate,) in base.rows("select plate from vehicles_vehicle where plate is not null"))
    found = []
    for vehicle_id, plate, customer_id in base.rows(AWAY, store=store):
        if tails[plate[-4:]] == 1:
            found.append(Car(vehicle_id, plate, _initials(base, store, customer_id)))
    return sorted(found, key=lambda car: bool(car.initials))


def _initials(base: Base, store: int, customer_id: int) -> str:
    own = "select key from foundation_searchkey where thing = 'customer' and target_id = :id and length(key) = 3"
    keys = [key for (key,) in base.rows(own, id=customer_id) if key.isascii() and key.isalpha()]
    alone = (key for key in keys if _leads_to(base, store, key) == {("customer", customer_id)})
    return next(alone, "")


def _leads_to(base: Base, store: int, key: str) -> set[tuple[str, int]]:
    rows = base.rows(LEADS, store=store, low=key, high=key[:-1] + chr(ord(key[-1]) + 1))
    return {(thing, target) for thing, target in rows if thing in {"customer", "vehicle", "order"}}
