"""Opening, counting, closing and auditing a cashier's shift (domain.md 5.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Money, Refused
from cheyi.settlement.actions.guards import difference_limit, lapse
from cheyi.settlement.models import CashierShift, ShiftCount
from cheyi.settlement.queries import movements_of
from cheyi.settlement.rules import shifts as rules
from cheyi.settlement.rules.approvals import AGREERS
from cheyi.settlement.rules.shifts import SHIFT, Tally
from cheyi.settlement.rules.tendering import MOST


@act
def open_shift(*, float_amount: Money, store: Store, by: Viewer, now: datetime) -> CashierShift:
    """Start a shift with so much change in the till (备用金). Raises Refused ``settlement.shift.running``, ``.float``."""
    if by.user_id is None:
        raise ValueError("only a person answers for a till")
    if not Money(0) <= float_amount <= MOST:
        raise Refused("settlement.shift.float", field="float_amount")
    shift = CashierShift(
        store=store,
        cashier_id=by.user_id,
        cashier_name=by.name,
        opened_at=now,
        float_amount=float_amount,
        state=SHIFT.after("", "open_shift"),
        created_at=now,
        created_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            shift.save(force_insert=True)
    except IntegrityError:
        raise Refused("settlement.shift.running") from None
    audit(by, "settlement.shift.opened", shift, now=now, float_amount=float_amount.parts)
    return shift


@act
def count(shift: CashierShift, *, counted: Mapping[str, Money], by: Viewer, now: datetime) -> CashierShift:
    """Write down what was counted, by way of paying; counting again replaces it.

    Raises Refused ``settlement.shift.not_yours``, ``.not_counted``, ``.impossible`` (cash below nothing, or more than a
    till holds), ``.not_now``, ``settlement.payment.unknown_method``.
    """
    shift = lock(shift)
    if shift.cashier_id != by.user_id:
        raise Refused("settlement.shift.not_yours", cashier=shift.cashier_name)
    shift.state = SHIFT.after(shift.state, "count")
    rules.demand_possible(counted)
    rows = rules.tallies(_should(shift), counted)
    shift.counted_at = now
    shift.save(update_fields=["state", "counted_at"])
    ShiftCount.objects.filter(shift=shift).delete()
    ShiftCount.objects.bulk_create(
        ShiftCount(
            store_id=shift.store_id,
            shift=shift,
            method=row.method,
            expected=row.expected,
            counted=row.counted,
            created_at=now,
            created_by_id=by.user_id,
        )
        for row in rows
    )
    audit(by, "settlement.shift.counted", shift, now=now, counted={row.method: row.counted.parts for row in rows})
    return shift


@act
def close_shift(
    shift: CashierShift, *, note: str = "", approver: Viewer | None = None, store: Store, by: Viewer, now: datetime
) -> CashierShift:
    """Hand the till over. Raises Refused ``settlement.shift.not_yours``, ``.count_again`` (money moved since the count),
    ``.note_missing``, ``.manager`` (a difference above the store's ``shift_difference_fen``), ``.not_now``.
    """
    shift = lock(shift)
    rows = _tallies_to_close(shift, by)
    shift.state = SHIFT.after(shift.state, "close_shift")
    has_manager = (
        approver is not None
        and approver.user_id != by.user_id
        and any(approver.may(code) for code in AGREERS["close_shift"])
    )
    rules.demand_explained(rows, note=note, has_manager=has_manager, manager_above=difference_limit(store))
    shift.closed_at, shift.note = now, note
    shift.approved_by_id = approver.user_id if approver is not None and has_manager else None
    shift.save(update_fields=["state", "closed_at", "note", "approved_by_id"])
    difference = sum(row.difference.parts for row in rows)
    lapse("close_shift", shift.pk, now=now)
    audit(
        by,
        "settlement.shift.closed",
        shift,
        now=now,
        difference=difference,
        note=note,
        approved_by=shift.approved_by_id,
    )
    return shift


def _tallies_to_close(shift: CashierShift, by: Viewer) -> list[Tally]:
    if shift.cashier_id != by.user_id:
        raise Refused("settlement.shift.not_yours", cashier=shift.cashier_name)
    SHIFT.after(shift.state, "close_shift")
    rows = [Tally(row.method, row.expected, row.counted) for row in ShiftCount.objects.filter(shift=shift)]
    if {row.method: row.expected for row in rows if row.expected} != {
        method: amount for method, amount in _should(shift).items() if amount
    }:
        raise Refused("settlement.shift.count_again")
    return rows


def demand_closable(shift: CashierShift, *, note: str, by: Viewer) -> Money:
    """By how much a counted till differs, if only the manager is missing to hand it over.

    Raises Refused ``settlement.shift.not_yours``, ``.not_now``, ``.count_again``, ``.note_missing``.
    """
    rows = _tallies_to_close(shift, by)
    rules.demand_explained(rows, note=note, has_manager=True)
    return max((row.difference for row in rows), key=abs, default=Money(0))


@act
def audit_shift(shift: CashierShift, *, by: Viewer, now: datetime) -> CashierShift:
    """Check a closed shift (稽核). Raises Refused ``settlement.shift.own`` for whoever worked it, ``.not_now``."""
    shift = lock(shift)
    shift.state = SHIFT.after(shift.state, "audit_shift")
    if shift.cashier_id == by.user_id:
        raise Refused("settlement.shift.own")
    shift.audited_at = now
    shift.save(update_fields=["state", "audited_at"])
    audit(by, "settlement.shift.audited", shift, now=now)
    return shift


def _should(shift: CashierShift) -> dict[str, Money]:
    return rules.expected(shift.float_amount, movements_of(shift))
