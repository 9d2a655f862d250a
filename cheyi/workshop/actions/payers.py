"""Who pays a line, and what it costs him: the list of the house, of the maker or of the customer (domain.md 4.3, 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.kernel import Money, Rate, Refused
from cheyi.workshop.actions.lines import AnyLine
from cheyi.workshop.actions.moves import retotal
from cheyi.workshop.actions.prices import judge, opened, priced_anew
from cheyi.workshop.actions.settling import rebill
from cheyi.workshop.models import LabourLine, PartLine, WorkOrder
from cheyi.workshop.queries.catalogue import car_kind, part_facts, rates_of
from cheyi.workshop.rules import pricing
from cheyi.workshop.rules.pricing import Given


@act
def split_payers(
    line: AnyLine, *, payer: str, shares: Mapping[str, Rate] | None = None, by: Viewer, now: datetime
) -> AnyLine:
    """Say who pays a line: one payer, or several with shares that make a whole. The parts of a job go with it.

    A price that is the list's becomes that of the new payer's list (claim rate, internal price); one that was put down
    stays and is judged against the new list like any other (``change_price``). Raises Refused
    ``workshop.line.unknown_payer``, ``workshop.line.shares_not_whole``, ``workshop.line.bad_share``.
    """
    order, line = opened(line, "split_payers")
    parts = dict(shares or {})
    for name in (payer, *parts):
        if name not in pricing.PAYERS:
            raise Refused("workshop.line.unknown_payer", field="payer", payer=name)
    if parts:
        pricing.check_shares(parts)
    before = {"payer": line.payer, "shares": line.shares}
    own = list(PartLine.objects.filter(labour_line=line).order_by("pk")) if isinstance(line, LabourLine) else []
    lists = _lists(order, [line, *own], payer, now)
    for one in (line, *own):
        one.shares = [[name, share.parts] for name, share in parts.items()]
        _give_to(order, one, payer, lists.get((one.kind, one.pk)), by=by)
    retotal(order)
    rebill(order, by=by, now=now)
    audit(
        by,
        "workshop.line.payers_split",
        order,
        now=now,
        undo=("workshop.line.split_payers", {"kind": line.kind, "line_id": line.pk, **before}),
        line=line.pk,
        payer=payer,
        shares=line.shares,
    )
    return line


def _lists(order: WorkOrder, lines: list[AnyLine], payer: str, now: datetime) -> dict[tuple[str, int], Money]:
    """What the lines cost by the payer's list; nothing for fees, sublet work, fixed prices and what has left the lists."""
    found: dict[tuple[str, int], Money] = {}
    part_ids = {one.part_id for one in lines if isinstance(one, PartLine) and one.part_id}
    kits = part_facts(part_ids, store_id=order.store_id) if part_ids else {}
    jobs = [one for one in lines if isinstance(one, LabourLine) and one.fixed_price is None]
    rates = rates_of(car_kind(order.vehicle).vehicle_class, on=order.store.business_date(now)) if jobs else {}
    for job in jobs:
        job.rate_code = pricing.rate_code(job.op.rate_code, payer)
        if job.rate_code in rates:
            found[job.kind, job.pk] = rates[job.rate_code]
    for one in lines:
        if isinstance(one, PartLine) and one.part_id in kits:
            found[one.kind, one.pk] = kits[one.part_id].unit_price(payer)
    return found


def _give_to(order: WorkOrder, line: AnyLine, payer: str, listed: Money | None, *, by: Viewer) -> None:
    gave, line.payer = Given.of(line), payer
    fields = ["payer", "shares", *(["rate_code"] if isinstance(line, LabourLine) else [])]
    if listed is not None and listed != line.list_price:
        is_by_list = line.list_price == (line.unit_price if isinstance(line, PartLine) else line.rate)  # type: ignore[union-attr]
        line.list_price = listed
        fields += ["list_price", *priced_anew(order, line, listed if is_by_list else None)]
        judge(order, line, gave, field="payer", by=by)
    line.save(update_fields=fields)
