"""A store gets to know a customer: by a paper, or by taking him over from a sister store (design.md 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from cheyi.customers.actions import keys
from cheyi.customers.events import CustomerAdopted
from cheyi.customers.models import Customer, CustomerStore, Reveal
from cheyi.customers.queries.elsewhere import Elsewhere, elsewhere, strangers
from cheyi.customers.rules.limits import may_probe
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused

PROBE_WINDOW_HOURS = 1
KNOWN = Question(lambda store, customer: CustomerStore.objects.filter(store_id=store, customer_id=customer))


@act
def know(
    customer: Customer, *, store: Store, paper: Source, by: Viewer, now: datetime, visit_on: date | None = None
) -> CustomerStore:
    """Make a customer known to a store by the paper that is being opened; harmless when he is known already.

    Whoever opens the paper becomes the person who serves him; ``visit_on`` dates his visit. One statement when he is
    known and nothing else is to be read.
    """
    row = KNOWN.first(store=store.pk, customer=customer.pk)
    if row is None:
        row = link(customer, store=store, paper=paper, by=by, now=now)
        audit(by, "customers.customer.adopted", customer, now=now, paper=paper.kind, paper_id=paper.id)
        announce(CustomerAdopted(customer_id=customer.pk, store_id=store.pk, happened_at=now))
    _mark(row, by=by, visit_on=visit_on)
    return row


def link(customer: Customer, *, store: Store, paper: Source, by: Viewer, now: datetime) -> CustomerStore:
    """The row and the search keys by which a store knows a customer; inside an act."""
    row = CustomerStore(
        store=store,
        customer=customer,
        source_kind=paper.kind,
        source_id=paper.id,
        source_label=paper.label,
        served_by_id=by.employee_id,
        created_at=now,
        created_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return CustomerStore.objects.get(store=store, customer=customer)
    keys.write_for(customer, [store], fresh=True)
    return row


def _mark(row: CustomerStore, *, by: Viewer, visit_on: date | None) -> None:
    changes: dict[str, Any] = {}
    if by.employee_id and row.served_by_id != by.employee_id:
        changes["served_by_id"] = by.employee_id
    if visit_on and (row.last_visit_on is None or row.last_visit_on < visit_on):
        changes["last_visit_on"] = visit_on
    if changes:
        CustomerStore.objects.filter(pk=row.pk).update(**changes)
        for name, value in changes.items():
            setattr(row, name, value)


@act
def date_visits(days: Mapping[int, date], *, store: Store) -> None:
    """Date the last visits of customers whom the store knows, from papers of the past; a later date on file stays."""
    rows = [row for row in CustomerStore.objects.filter(store=store, customer_id__in=days) if _is_later(row, days)]
    for row in rows:
        row.last_visit_on = days[row.customer_id]
    CustomerStore.objects.bulk_update(rows, ["last_visit_on"], batch_size=500)


def _is_later(row: CustomerStore, days: Mapping[int, date]) -> bool:
    return row.last_visit_on is None or row.last_visit_on < days[row.customer_id]


@act
def adopt(
    *, number: str, store: Store, by: Viewer, now: datetime, paper: Source | None = None, customer_id: int | None = None
) -> Customer:
    """Take over a customer whom a sister store knows; the whole number proves that he is meant.

    ``customer_id`` says whom, where several share the number. Raises Refused ``customers.customer.not_elsewhere`` when
    nobody who may be shown has it, ``customers.customer.several_elsewhere`` when the choice is open.
    """
    found = [row for row in strangers(number, store=store) if customer_id in {None, row.pk}]
    if not found:
        raise Refused("customers.customer.not_elsewhere", field="mobile")
    if len(found) > 1:
        raise Refused("customers.customer.several_elsewhere", field="mobile", count=len(found))
    customer = found[0]
    know(customer, store=store, paper=paper or Source("customers.customer", customer.pk), by=by, now=now)
    return customer


@act
def look_elsewhere(number: str, *, store: Store, by: Viewer, now: datetime) -> list[Elsewhere]:
    """Ask who in the group has a whole number; each hit on a stranger is written down as a probe (reliability.md 5.7).

    Raises Refused ``customers.search.too_many`` after 30 such hits within an hour.
    """
    hits = elsewhere(number, store=store)
    if hits and by.user_id is not None:
        _count_probes(hits, store=store, by=by, user_id=by.user_id, now=now)
    return hits


def _count_probes(hits: list[Elsewhere], *, store: Store, by: Viewer, user_id: int, now: datetime) -> None:
    since = now - timedelta(hours=PROBE_WINDOW_HOURS)
    probes = Reveal.objects.filter(user_id=user_id, kind=Reveal.Kind.PROBE, created_at__gt=since)
    may_probe(probes_last_hour=probes.count())
    Reveal.objects.bulk_create(
        Reveal(
            group_id=store.group_id,
            customer_id=hit.customer_id,
            user_id=user_id,
            kind=Reveal.Kind.PROBE,
            field="mobile",
            seen_on=store.business_date(now),
            created_at=now,
            created_by_id=by.user_id,
        )
        for hit in hits
    )
    for hit in hits:
        audit(by, "customers.customer.probed", None, now=now, customer_id=hit.customer_id)
