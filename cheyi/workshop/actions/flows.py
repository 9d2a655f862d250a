"""Changing the store's flow profiles: which steps each takes, and which order types go which way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.workshop.models import FlowProfile
from cheyi.workshop.rules.flow import Flow, check_flows

EDIT = "workshop.flow.edit"


@act
def set_flows(wanted: Collection[Flow], *, store: Store, by: Viewer, now: datetime) -> list[FlowProfile]:
    """Change some or all of the store's profiles; those that are not named stay. All active ones, in their order.

    Switches count at once, also for orders in the shop; order types choose the profile of orders opened from now on.
    Raises Refused ``workshop.flow.unknown`` for a profile that the store has not, and those of ``rules.flow.check_flows``.
    """
    lock(store)
    rows = {row.code: row for row in FlowProfile.objects.filter(store=store, active=True).order_by("pk")}
    for one in wanted:
        if one.code not in rows:
            raise Refused("workshop.flow.unknown", field="code", name=one.code)
    flows = {code: row.flow for code, row in rows.items()} | {one.code: one for one in wanted}
    check_flows(list(flows.values()))
    former = {code: _plain(rows[code].flow) for code in flows}
    changed = [code for code, flow in flows.items() if _plain(flow) != former[code]]
    for code in changed:
        _write(rows[code], flows[code])
    if changed:
        before, after = ({code: plain[code] for code in changed} for plain in (former, _all(flows)))
        undo = (EDIT, {"former": before, "instead": after})
        audit(by, "workshop.flow.changed", rows[changed[0]], now=now, undo=undo, before=before, after=after)
    return list(rows.values())


@act
def take_back_flows(
    *, former: Mapping[str, Any], instead: Mapping[str, Any], store: Store, by: Viewer, now: datetime
) -> list[FlowProfile]:
    """What undo does: the profiles as they were. Raises Refused ``foundation.undo.impossible`` when changed meanwhile."""
    lock(store)
    rows = FlowProfile.objects.filter(store=store, active=True, code__in=list(instead))
    if {row.code: _plain(row.flow) for row in rows} != instead:
        raise Refused("foundation.undo.impossible")
    return set_flows([_read(code, plain) for code, plain in former.items()], store=store, by=by, now=now)


def _write(row: FlowProfile, flow: Flow) -> None:
    row.steps, row.order_types = dict(flow.steps), list(flow.order_types)
    row.start_from_open, row.advisor_dispatches = flow.start_from_open, flow.advisor_dispatches
    row.save(update_fields=["steps", "order_types", "start_from_open", "advisor_dispatches"])


def _all(flows: Mapping[str, Flow]) -> dict[str, Any]:
    return {code: _plain(flow) for code, flow in flows.items()}


def _plain(flow: Flow) -> dict[str, Any]:
    return {
        "steps": dict(flow.steps),
        "order_types": list(flow.order_types),
        "start_from_open": flow.start_from_open,
        "advisor_dispatches": flow.advisor_dispatches,
    }


def _read(code: str, plain: Mapping[str, Any]) -> Flow:
    return Flow(code=code, **{**plain, "order_types": tuple(plain["order_types"])})
