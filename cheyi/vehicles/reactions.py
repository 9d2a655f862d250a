"""A customer's cars come with him when a store gets to know him (design.md 13)."""

from __future__ import annotations

from cheyi.customers.events import ConsentGiven, CustomerAdopted
from cheyi.customers.queries import may_see_shared, stores_that_know
from cheyi.foundation.access import SYSTEM
from cheyi.foundation.events import together
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sources import Source
from cheyi.vehicles import actions
from cheyi.vehicles.models import VehicleOwnership


@together(CustomerAdopted)
def bring_cars(event: CustomerAdopted) -> None:
    """Where the stores may share him, the store that took him over knows his cars too."""
    store = Store.objects.get(pk=event.store_id or 0)
    if may_see_shared(event.customer_id, store=store):
        _know_cars(event.customer_id, store, event)


@together(ConsentGiven)
def open_cars(event: ConsentGiven) -> None:
    """Once he consents to sharing in the group, every store that knows him knows his cars."""
    if event.purpose == "sharing_group":
        with everywhere("a consent opens a customer's cars to every store that knows him"):
            for store in stores_that_know(event.customer_id):
                _know_cars(event.customer_id, store, event)


def _know_cars(customer_id: int, store: Store, event: CustomerAdopted | ConsentGiven) -> None:
    paper = Source("customers.customer", customer_id)
    rows = VehicleOwnership.objects.filter(customer_id=customer_id, until_on=None, role__in=["owner", "user"])
    for row in rows.select_related("vehicle").order_by("pk"):
        actions.know(row.vehicle, store=store, paper=paper, by=SYSTEM, now=event.happened_at)
