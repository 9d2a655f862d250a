"""Presenting bills for a document, and withdrawing them while nothing is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw_many
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Rate, Refused
from cheyi.settlement.actions.credit import give_room_back
from cheyi.settlement.actions.posting import book, unbook
from cheyi.settlement.events import BillDue, BillVoided
from cheyi.settlement.models import Bill, BillLine, BillTax, Receivable, TaxRate
from cheyi.settlement.rules import life
from cheyi.settlement.rules.figures import BillFigures, ChargedLine, Gap, settle

NOTHING = Money(0)
STANDARD_RATE = Rate.percent(13)
THIRD_PARTY_DAYS = 30
ROUNDING_OFF_LIMIT = Money.yuan(5)
THIRD_PARTIES = ("insurer", "oem")


@dataclass(frozen=True, slots=True)
class BillLineDraft:
    """A line as its document has it: words, prices, payer. ``kind`` is labour, part, sublet or fee."""

    payer: str
    kind: str
    name: str
    gross: Money
    discount: Money = NOTHING
    line_id: int | None = None
    code: str = ""
    grade: str = ""
    amount_text: str = ""
    unit: str = ""
    unit_price: Money | None = None
    tax_kind: str = "goods"
    couponable: bool = True


@act
def build(
    source: Source,
    lines: Sequence[BillLineDraft],
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    customer_id: int | None = None,
    coupon: Money = NOTHING,
    gap: Gap | None = None,
    round_to: Money | None = None,
) -> list[Bill]:
    """Present one bill per payer; earlier unpaid bills of the same document are voided first.

    Insurer and maker are billed on credit at once (30 days), internal work is charged to the house. 抹零 by default
    floors the customer's bill to the store's setting ``round_to_fen``; ``round_to`` chooses another step by hand. Raises
    Refused as ``rules.figures.settle``, ``settlement.bill.no_lines`` and ``settlement.bill.rounding_too_large``.
    """
    if not lines:
        raise Refused("settlement.bill.no_lines")
    void_unpaid(source, store=store, by=by, now=now)
    rates = _rates(store, now)
    charged = [
        ChargedLine(one.payer, one.gross, one.discount, rates.get(one.tax_kind, STANDARD_RATE), one.couponable)
        for one in lines
    ]
    step = round_to or Money(int(store.setting("round_to_fen", 100)))
    figures = settle(charged, coupon=coupon, gap=gap, round_to=step)
    if round_to is not None:
        _may_round_off(figures, store=store, by=by)
    bills = [
        _bill(source, one, no, store=store, now=now, by=by, customer_id=customer_id)
        for one, no in zip(figures.values(), draw_many(store, "BL", now, len(figures)), strict=True)
    ]
    Bill.objects.bulk_create(bills)
    _write_lines(bills, list(figures.values()), lines, charged, now=now, by=by)
    for bill, one in zip(bills, figures.values(), strict=True):
        _book(bill, one, store=store, now=now, by=by)
    return bills


def _may_round_off(figures: Mapping[str, BillFigures], *, store: Store, by: Viewer) -> None:
    """Who rounds off by hand gives away five yuan at most, or needs the right to approve discounts (domain.md 10.4)."""
    most = Money(int(store.setting("rounding_off_limit_fen", ROUNDING_OFF_LIMIT.fen)))
    given = max((one.rounding_off for one in figures.values()), default=NOTHING)
    if given > most and not by.may("settlement.bill.round_more"):
        raise Refused("settlement.bill.rounding_too_large", field="round_to", amount=given, limit=most)


def _rates(store: Store, now: datetime) -> dict[str, Rate]:
    day = store.business_date(now)
    rows = TaxRate.objects.filter(legal_entity_id=store.legal_entity_id, valid_from__lte=day).order_by("valid_from")
    return {row.kind: row.rate for row in rows if row.valid_to is None or row.valid_to > day}


def _bill(
    source: Source,
    one: BillFigures,
    no: str,
    *,
    store: Store,
    now: datetime,
    by: Viewer,
    customer_id: int | None,
) -> Bill:
    state = life.BILL.after(life.BILL.after("", "build"), "present")
    later = one.payer in (*THIRD_PARTIES, "internal")
    if later and one.net_due:
        state = life.BILL.after(state, "put_on_credit")
    elif not one.net_due:
        state = life.BILL.after(state, "pay_rest")
    return Bill(
        store=store,
        legal_entity_id=store.legal_entity_id,
        source_kind=source.kind,
        source_id=source.id,
        source_label=source.label,
        no=no,
        payer_type=one.payer,
        payer_id=customer_id if one.payer in ("customer", "fleet") else None,
        gross=one.gross,
        line_discount=one.line_discount,
        coupon=one.coupon,
        package_offset=one.package_offset,
        gap_amount=one.gap_amount,
        rounding_off=one.rounding_off,
        net_due=one.net_due,
        tax=one.tax,
        credit=one.net_due if later else NOTHING,
        state=state,
        presented_at=now,
        met_at=now if later or not one.net_due else None,
        created_at=now,
        created_by_id=by.user_id,
    )


def _write_lines(
    bills: list[Bill],
    figures: list[BillFigures],
    lines: Sequence[BillLineDraft],
    charged: Sequence[ChargedLine],
    *,
    now: datetime,
    by: Viewer,
) -> None:
    own: dict[str, list[tuple[BillLineDraft, ChargedLine]]] = defaultdict(list)
    for draft, priced in zip(lines, charged, strict=True):
        own[draft.payer].append((draft, priced))
    rows = [
        BillLine(
            store_id=bill.store_id,
            bill=bill,
            seq=seq,
            kind=draft.kind,
            line_id=draft.line_id,
            name=draft.name,
            code=draft.code,
            grade=draft.grade,
            amount_text=draft.amount_text,
            unit=draft.unit,
            unit_price=draft.unit_price,
            gross=draft.gross,
            discount=draft.gross - net,
            net=net,
            tax_rate=priced.tax_rate,
            created_at=now,
            created_by_id=by.user_id,
        )
        for bill, one in zip(bills, figures, strict=True)
        for seq, ((draft, priced), net) in enumerate(zip(own[bill.payer_type], one.line_nets, strict=True), 1)
    ]
    BillLine.objects.bulk_create(rows)
    BillTax.objects.bulk_create(
        [
            BillTax(store_id=bill.store_id, bill=bill, rate=part.rate, net=part.net, tax=part.tax, created_at=now)
            for bill, one in zip(bills, figures, strict=True)
            for part in one.taxes
        ]
    )


def _book(bill: Bill, one: BillFigures, *, store: Store, now: datetime, by: Viewer) -> None:
    book(bill, store=store, now=now, by=by)
    if bill.payer_type in THIRD_PARTIES and bill.net_due:
        _owe_later(bill, store.business_date(now) + timedelta(days=THIRD_PARTY_DAYS), now=now, by=by)
    audit(by, "settlement.bill.due", bill, now=now, payer=bill.payer_type, net_due=one.net_due.parts)
    announce(
        BillDue(
            store_id=bill.store_id,
            happened_at=now,
            bill_id=bill.pk,
            source_kind=bill.source_kind,
            source_id=bill.source_id,
        )
    )


def _owe_later(bill: Bill, due_on: date, *, now: datetime, by: Viewer) -> None:
    Receivable.objects.create(
        legal_entity_id=bill.legal_entity_id,
        store_id=bill.store_id,
        bill=bill,
        payer_type=bill.payer_type,
        amount=bill.net_due,
        due_on=due_on,
        created_at=now,
        created_by_id=by.user_id,
    )


@act
def void_unpaid(source: Source, *, store: Store, by: Viewer, now: datetime) -> list[Bill]:
    """Withdraw the living bills of a document with reversing entries.

    Raises Refused ``settlement.bill.paid_already`` when something was paid or collected on one of them.
    """
    rows = Bill.objects.filter(source_kind=source.kind, source_id=source.id).exclude(state__in=life.DEAD)
    living = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for bill in living:
        if bill.paid:
            raise Refused("settlement.bill.paid_already", no=bill.no)
    for bill in living:
        _void(bill, store=store, by=by, now=now)
    return living


def _void(bill: Bill, *, store: Store, by: Viewer, now: datetime) -> None:
    if bill.state == "on_credit":
        give_room_back(bill, bill.credit)
        bill.state = life.BILL.after(bill.state, "take_off_credit")
        Receivable.objects.filter(bill=bill).update(closed_at=now)
    if bill.state == "paid":  # a bill of nothing was met when it was made
        bill.state = life.BILL.after(bill.state, "refund_all")
    else:
        bill.state = life.BILL.after(bill.state, "void")
    bill.credit, bill.met_at = NOTHING, None
    bill.save(update_fields=["state", "credit", "met_at"])
    unbook(bill, store=store, now=now, by=by)
    audit(by, "settlement.bill.voided", bill, now=now)
    announce(
        BillVoided(
            store_id=bill.store_id,
            happened_at=now,
            bill_id=bill.pk,
            source_kind=bill.source_kind,
            source_id=bill.source_id,
        )
    )
