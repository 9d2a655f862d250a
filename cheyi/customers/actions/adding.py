"""A new customer on file, unless he is there already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Unpack

from django.db import IntegrityError, transaction

from cheyi.customers.actions.knowing import know, link
from cheyi.customers.actions.reading import Details, columns_of
from cheyi.customers.engine.marks import Marks
from cheyi.customers.events import CustomerCreated
from cheyi.customers.models import Customer, DuplicatePair
from cheyi.customers.queries.likeness import LookAlike, look_alikes, marks_typed, names_agree
from cheyi.customers.rules.birthdays import check_birthday
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused

HERE = Source("customers.customer", 0)


@act
def add(
    *,
    name: str,
    mobile: str = "",
    store: Store,
    by: Viewer,
    now: datetime,
    paper: Source | None = None,
    confirmed_new: bool = False,
    shared_phone: bool = False,
    confirmed: Collection[str] = (),
    **details: Unpack[Details],
) -> Customer:
    """Put somebody on file and make him known to the store; gives the row on file when a sister store has him already.

    - The same number (WeChat, ID) as somebody known here: Refused ``customers.customer.already_here``, unless
      ``shared_phone`` says that two people with different names share it.
    - The same number as somebody whom only sister stores know: his row is linked when the names agree; else Refused
      ``customers.customer.phone_elsewhere`` where he may be shown, and a row of its own where he may not.
    - A near miss (60–99 points): Refused ``customers.customer.maybe_same`` with masked candidates, unless
      ``confirmed_new``; then the pair is kept for review.

    ``confirmed`` names faults a person insists on (``customers.phone.placeholder``).
    """
    typed = {"name": name, "mobile": mobile, **details}
    columns = columns_of(typed, confirmed=confirmed)
    check_birthday(columns.get("birthday_on"), today=store.business_date(now))
    alike = look_alikes(marks_in(columns), store=store)
    settled = settle(columns["name"], alike, confirmed_new=confirmed_new, shared_phone=shared_phone)
    if settled.link is not None:
        customer: Customer = settled.link
        know(customer, store=store, paper=paper or Source(HERE.kind, customer.pk), by=by, now=now)
        return customer
    customer = _insert(columns, store=store, by=by, now=now, shared_phone=settled.shares_phone)
    keep_pairs(customer, settled.pairs, by=by, now=now)
    link(customer, store=store, paper=paper or Source(HERE.kind, customer.pk), by=by, now=now)
    audit(by, "customers.customer.created", customer, now=now, maybe_same=[one.customer.pk for one in settled.pairs])
    announce(CustomerCreated(customer_id=customer.pk, store_id=store.pk, happened_at=now))
    return customer


def marks_in(columns: dict[str, Any]) -> Marks:
    """What of the columns is evidence."""
    return marks_typed(
        columns.get("name", ""),
        (columns.get("mobile", ""), columns.get("second_mobile", "")),
        address=columns.get("address", ""),
        wechat_index=columns.get("wechat_index", ""),
        id_index=columns.get("id_no_index", ""),
    )


class Settled:
    """What becomes of somebody typed in: linked to a row on file, or new with pairs to review."""

    def __init__(self, link: Customer | None, pairs: Sequence[LookAlike], *, shares_phone: bool) -> None:
        self.link = link
        self.pairs = pairs
        self.shares_phone = shares_phone


def settle(name: str, alike: Sequence[LookAlike], *, confirmed_new: bool, shared_phone: bool) -> Settled:
    """Decide between the row on file, a new row, and asking; see ``add`` for the refusals."""
    same = [one for one in alike if one.match.answer == "same"]
    for one in same:
        agree = names_agree(name, one.customer.name)
        only_phone = not {"id_no", "wechat"} & set(one.match.reasons)
        if one.here and not (shared_phone and only_phone and not agree):
            raise _already_here(one)
        if not one.here and (agree or not only_phone):
            return Settled(one.customer, (), shares_phone=False)
        if not one.here and one.showable and not shared_phone:
            raise Refused(
                "customers.customer.phone_elsewhere", field="mobile", who=one.who, customer_id=one.customer.pk
            )
    maybe = [one for one in alike if one.match.answer == "maybe"]
    shown = [one for one in maybe if one.showable]
    if shown and not confirmed_new:
        raise _maybe_same(shown)
    return Settled(None, [*same, *maybe], shares_phone=any(one.by_phone for one in alike))


def _already_here(one: LookAlike) -> Refused:
    field = one.match.reasons[0]
    return Refused(
        "customers.customer.already_here", field=field, who=one.who, customer_id=one.customer.pk, by_what=field
    )


def _maybe_same(shown: Sequence[LookAlike]) -> Refused:
    return Refused(
        "customers.customer.maybe_same",
        field="mobile",
        who="、".join(one.who for one in shown),
        count=len(shown),
        candidates=tuple((one.customer.pk, one.who, one.match.points) for one in shown),
    )


def _insert(columns: dict[str, Any], *, store: Store, by: Viewer, now: datetime, shared_phone: bool) -> Customer:
    customer = Customer(
        **{"first_seen_on": store.business_date(now), **columns},
        group_id=store.group_id,
        shared_phone=shared_phone,
        created_at=now,
        created_by_id=by.user_id,
        updated_at=now,
        updated_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError:
        raise Refused("customers.customer.just_added", field="mobile") from None
    return customer


def keep_pairs(customer: Customer, alike: Sequence[LookAlike], *, by: Viewer, now: datetime) -> None:
    """Keep who may be the same person for review."""
    DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(
                group_id=customer.group_id,
                first_id=min(one.customer.pk, customer.pk),
                second_id=max(one.customer.pk, customer.pk),
                points=one.match.points,
                reasons=list(one.match.reasons),
                created_at=now,
                created_by_id=by.user_id,
            )
            for one in alike
        ],
        ignore_conflicts=True,
    )
