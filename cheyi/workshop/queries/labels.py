"""The words of codes, looked up once for each language instead of once for each row."""

from __future__ import annotations

from functools import cache

from django.db import models
from django.utils.translation import get_language


def labels(choices: type[models.TextChoices]) -> dict[str, str]:
    """Each code of a list with its word in the language of the request."""
    return _in_language(choices, get_language() or "")


@cache
def _in_language(choices: type[models.TextChoices], language: str) -> dict[str, str]:  # noqa: ARG001 - the key
    return {code: str(label) for code, label in choices.choices}
