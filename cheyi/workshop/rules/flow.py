"""Flow profiles: which steps a shop takes for which orders, and the verb before which a required step must stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cheyi.kernel import Refused

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
SWITCHES = (OFF, OPTIONAL, REQUIRED)

BEFORE: Mapping[str, str] = {
    "walk_around": "start",
    "approval": "start",
    "interview": "settle",
    "self_check": "settle",
    "team_check": "settle",
    "final_check": "settle",
    "wash": "settle",
}
"""The steps that a profile switches and the verb each must come before when required (design.md 7)."""

STATUTORY = frozenset({"level_2", "assembly", "overhaul"})
"""二级维护, 总成修理, 整车修理: final check and certificate are law (domain.md 8.1)."""

PAST_CHECK = frozenset({"wash", "ready", "settled", "delivered", "closed"})

ORDER_TYPES = (
    "maintenance",
    "repair",
    "accident",
    "warranty",
    "recall",
    "free_service",
    "rework",
    "accessory",
    "pdi",
    "internal",
    "detailing",
)
REGULATORY_CLASSES = ("overhaul", "assembly", "level_2", "level_1", "minor", "special", "none")


@dataclass(frozen=True, slots=True)
class Flow:
    """A profile's switches; steps that are not named are optional."""

    code: str
    steps: Mapping[str, str]
    order_types: tuple[str, ...] = ()
    start_from_open: bool = False
    advisor_dispatches: bool = False

    def switch(self, step: str, regulatory_class: str = "none") -> str:
        """``off``, ``optional`` or ``required``; the law's final check is always required."""
        if step == "final_check" and regulatory_class in STATUTORY:
            return REQUIRED
        return self.steps.get(step, OPTIONAL)


SHIPPED: tuple[Flow, ...] = (
    Flow(
        code="express",
        order_types=("maintenance", "free_service", "detailing", "pdi", "internal"),
        steps={
            "walk_around": OPTIONAL,
            "approval": OFF,
            "interview": OFF,
            "self_check": REQUIRED,
            "team_check": OFF,
            "final_check": OFF,
            "wash": OPTIONAL,
        },
        start_from_open=True,
        advisor_dispatches=True,
    ),
    Flow(
        code="standard",
        order_types=("repair", "warranty", "recall", "rework", "accessory"),
        steps={
            "walk_around": OPTIONAL,
            "approval": OPTIONAL,
            "interview": OPTIONAL,
            "self_check": REQUIRED,
            "team_check": OFF,
            "final_check": REQUIRED,
            "wash": OPTIONAL,
        },
        advisor_dispatches=True,
    ),
    Flow(
        code="major",
        order_types=("accident",),
        steps={
            "walk_around": REQUIRED,
            "approval": REQUIRED,
            "interview": OPTIONAL,
            "self_check": REQUIRED,
            "team_check": REQUIRED,
            "final_check": REQUIRED,
            "wash": OPTIONAL,
        },
    ),
)


def check_steps(steps: Mapping[str, str]) -> None:
    """Whether a profile may be saved.

    Raises Refused ``workshop.flow.unknown_step`` or ``workshop.flow.unknown_switch`` with field and value.
    """
    for step, switch in steps.items():
        if step not in BEFORE:
            raise Refused("workshop.flow.unknown_step", field="steps", step=step)
        if switch not in SWITCHES:
            raise Refused("workshop.flow.unknown_switch", field="steps", step=step, switch=switch)


def is_law(code: str, step: str) -> bool:
    """Whether a profile's switch is fixed: 总成 and 整车修理 always take the major one, and their final check is law."""
    return (code, step) == ("major", "final_check")


def check_flows(flows: Sequence[Flow]) -> None:
    """Whether these may be all profiles of a store: every order type goes one way, and the law's check stays.

    Raises Refused ``workshop.order.unknown_type``, ``workshop.flow.type_nowhere``, ``.type_twice``, ``.check_is_law`` and
    those of ``check_steps``.
    """
    for one in flows:
        check_steps(one.steps)
        for step in BEFORE:
            if is_law(one.code, step) and one.switch(step) != REQUIRED:
                raise Refused("workshop.flow.check_is_law", field=f"step-{one.code}-{step}")
        for kind in one.order_types:
            if kind not in ORDER_TYPES:
                raise Refused("workshop.order.unknown_type", field="order_types", order_type=kind)
    for kind in ORDER_TYPES:
        takers = sum(one.order_types.count(kind) for one in flows)
        if takers != 1:
            code = "type_twice" if takers else "type_nowhere"
            raise Refused(f"workshop.flow.{code}", field=f"type-{kind}", order_type=kind)


def profile_for(order_type: str, regulatory_class: str, profiles: Mapping[str, tuple[str, ...]]) -> str:
    """The code of the profile for an order: 总成 and 整车修理 go the major way, else the first that lists the type.

    ``profiles`` maps a code to its order types. Raises Refused ``workshop.flow.no_profile``.
    """
    if regulatory_class in {"assembly", "overhaul"} and "major" in profiles:
        return "major"
    for code, types in profiles.items():
        if order_type in types:
            return code
    raise Refused("workshop.flow.no_profile", order_type=order_type)


def strictest(classes: list[str]) -> str:
    """The regulatory class of an order is the heaviest of its lines'; ``none`` without lines."""
    return next((one for one in REGULATORY_CLASSES if one in classes), "none")


def skips_after_finish(flow: Flow, *, regulatory_class: str, self_checked: bool, wash_wanted: bool) -> tuple[str, ...]:
    """The steps that fall away in the same act when the work is finished (domain.md 5, general rules).

    Without a final check in the profile and with the self-check done the order goes through ``skip_check``; the wash
    falls away when it is off or not wanted.
    """
    if flow.switch("final_check", regulatory_class) != OFF:
        return ()
    if flow.switch("self_check") == REQUIRED and not self_checked:
        return ()
    if flow.switch("team_check") == REQUIRED:
        return ()
    return ("skip_check", *skips_wash(flow, wash_wanted=wash_wanted))


def skips_wash(flow: Flow, *, wash_wanted: bool) -> tuple[str, ...]:
    """``skip_wash`` when the wash is off, or optional and not wanted."""
    switch = flow.switch("wash")
    return () if switch == REQUIRED or (switch == OPTIONAL and wash_wanted) else ("skip_wash",)


def was_checked(checks: Collection[str]) -> bool:
    """Whether somebody made the final check of the work as it stands; a job of an order without one is done, no more."""
    return "final_check" in checks


def has_check(flow: Flow, regulatory_class: str, *, state: str, checks: Collection[str]) -> bool:
    """Whether an order has a final check: once past it whether it was made, until then whether one is to be made."""
    return was_checked(checks) if state in PAST_CHECK else flow.switch("final_check", regulatory_class) != OFF


def may_skip_check(flow: Flow, regulatory_class: str) -> None:
    """Whether the final check may be left out by hand, with a reason.

    Raises Refused ``workshop.order.check_is_law`` or ``workshop.order.check_required``.
    """
    if regulatory_class in STATUTORY:
        raise Refused("workshop.order.check_is_law", regulatory_class=regulatory_class)
    if flow.switch("final_check") == REQUIRED:
        raise Refused("workshop.order.check_required", profile=flow.code)
