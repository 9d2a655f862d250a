"""The words of codes, looked up once for each language instead of once for each row."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from django.db import models
from django.utils.translation import get_language

from cheyi.workshop.models.choices import HoldReason, LabourState, OrderState
from cheyi.workshop.rules.flow import was_checked


def labels(choices: type[models.TextChoices]) -> dict[str, str]:
    """Each code of a list with its word in the language of the request."""
    return _in_language(choices, get_language() or "")


def state_words(state: str, hold_reason: str = "") -> str:
    """Where an order stands, in one word: a held one names what it waits for (ux/guide.md 5), unless that is nothing."""
    waits = state == "hold" and hold_reason not in {"", "other"}
    return labels(HoldReason)[hold_reason] if waits else labels(OrderState)[state]


def job_words(checks: Collection[str]) -> dict[str, str]:
    """Where a job of an order with these checks stands, in words: nothing has passed a check that nobody made."""
    words = labels(LabourState)
    return words if was_checked(checks) else words | {LabourState.PASSED: words[LabourState.DONE]}


def job_word(state: str, pause_reason: str, checks: Collection[str]) -> str:
    """Where one job stands, in one word: a paused one names what it waits for, unless it waits for nothing."""
    waits = state == LabourState.PAUSED and pause_reason in HoldReason.values and pause_reason != HoldReason.OTHER
    return labels(HoldReason)[pause_reason] if waits else job_words(checks)[state]


@cache
def _in_language(choices: type[models.TextChoices], language: str) -> dict[str, str]:  # noqa: ARG001 - the key
    return {code: str(label) for code, label in choices.choices}
