"""The store's flow profiles for machines."""

from __future__ import annotations

from typing import Any

from ninja import Field, Router, Schema

from cheyi.foundation.api import Body, question, verb
from cheyi.workshop import actions
from cheyi.workshop.models import FlowProfile
from cheyi.workshop.queries.flows import flows_of
from cheyi.workshop.rules.flow import Flow

router = Router()
EDIT = "workshop.flow.edit"


class FlowIn(Body):
    """A profile: each step ``off``, ``optional`` (also when it is not named) or ``required``, and its order types."""

    code: str = Field(max_length=20)
    steps: dict[str, str] = Field(max_length=20)
    order_types: list[str] = Field(max_length=20)
    start_from_open: bool
    advisor_dispatches: bool

    def wanted(self) -> Flow:
        """As the action takes it."""
        return Flow(**{**self.model_dump(), "order_types": tuple(self.order_types)})


class FlowsIn(Body):
    """The profiles that change; the others stay. A type that moves is left out of one and named in the other."""

    flows: list[FlowIn] = Field(min_length=1, max_length=20)


class FlowOut(Schema):
    """A profile as it stands."""

    code: str
    name: str
    steps: dict[str, str]
    order_types: list[str]
    start_from_open: bool
    advisor_dispatches: bool


class FlowsOut(Schema):
    """All profiles of the store."""

    flows: list[FlowOut]

    @classmethod
    def of(cls, rows: list[FlowProfile]) -> FlowsOut:
        """The shape of the rows."""
        return cls(flows=[FlowOut.model_validate(row, from_attributes=True) for row in rows])


@question(router, "/flows", permission=EDIT, response=FlowsOut)
def list_flows(request: Any) -> FlowsOut:
    """Which steps the store takes for which order types."""
    return FlowsOut.of(flows_of(request.store))


@verb(router, "/flows/set", permission=EDIT, response=FlowsOut)
def set_flows(request: Any, body: FlowsIn) -> FlowsOut:
    """Change profiles, one or all at once; what the law demands cannot be switched off."""
    wanted = [one.wanted() for one in body.flows]
    return FlowsOut.of(actions.set_flows(wanted, store=request.store, by=request.viewer, now=request.now))
