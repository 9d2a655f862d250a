"""Calls made up from the description of the API, half of them about rows that are there."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cheyi.project.wsgi import application
from tests.permissions.asking import FIELDS, taken_back
from tests.permissions.asking import schema as described
from tests.permissions.rows import THINGS

NAMES = {**THINGS, **FIELDS, "uid": "audit"}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
_keys = count(1)


@cache
def schema() -> Any:
    """The description, ready to make calls for this very program; read once."""
    made = schemathesis.openapi.from_dict(copy.deepcopy(described()))
    made.app = application
    return made


def fuzz(operation: Any, *, token: str, ids: Mapping[str, Any], examples: int, seed: int = 1) -> list[str]:
    """Make calls to one operation; what was wrong, each with the call that shows it."""
    wrong: list[str] = []

    def one(case: Case) -> None:
        number = next(_keys)
        if number % 4:
            aim(case, ids)
        trouble = answer_of(case, token, number)
        if trouble:
            wrong.append(f"{operation.method.upper()} {operation.path}: {trouble}")

    run: Callable[[], None] = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(given(case=operation.as_strategy())(one))
    with override_settings(ALLOWED_HOSTS=["*"]), open_database():
        run()
    return list(dict.fromkeys(wrong))


@contextmanager
def open_database() -> Iterator[None]:
    """The program closes the database's connection after a call; the test's transaction lives on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def answer_of(case: Case, token: str, number: int) -> str:
    """What is wrong with the answer to a call, or nothing; its effect is taken back."""
    headers = {"Accept-Language": "en" if number % 2 else "zh-CN", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if case.method.upper() == "POST" and number % 8:
        headers["Idempotency-Key"] = f"fuzz-{number}"
    with taken_back():
        response = case.call(base_url="http://localhost", headers=headers)
    if response.status_code >= 500:
        return f"{response.status_code} for {case.as_curl_command()}"
    if not token and response.status_code not in {401, 404}:
        return f"{response.status_code} without a token for {case.as_curl_command()}"
    return _against_the_description(case, response)


def _against_the_description(case: Case, response: Any) -> str:
    try:
        case.validate_response(response, checks=CHECKS)
    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - whatever the library finds is a finding
        return f"{response.status_code} {' '.join(str(error).split())[:900]}"
    return ""


def aim(case: Case, ids: Mapping[str, Any]) -> None:
    """Put ids of rows that are there in place of made-up ones."""
    for name in case.path_parameters or {}:
        if name in NAMES:
            thing = "request_line" if "parts-request-lines" in case.path else NAMES[name]
            case.path_parameters[name] = ids.get(thing, 1)
    case.body = _aimed(case.body, "", ids)


def _aimed(value: Any, name: str, ids: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _aimed(inner, key, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_aimed(inner, name.removesuffix("s"), ids) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and name in NAMES:
        return ids.get(NAMES[name], value)
    return value
