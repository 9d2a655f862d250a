"""What a person typed becomes columns: normal forms, checks, blind indexes. Shared by typing, editing and import."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypedDict

from django.db import models

from cheyi.customers.actions.keys import NAMES_KEPT
from cheyi.customers.engine import credit_codes, id_numbers, names, phones
from cheyi.customers.engine.verdicts import Verdict
from cheyi.customers.models import Customer
from cheyi.customers.rules.texts import as_typed, plain
from cheyi.foundation.sealed import blind_index, tail_index
from cheyi.kernel import Refused

PLAIN = frozenset(
    (
        *("birthday_on", "gender", "email", "address", "region_code", "occupation", "hobbies", "origin", "id_kind"),
        *("first_seen_on", "preferred_channel", "preferred_time", "price_sensitivity", "level"),
    )
)
OWN_WORDS = frozenset(("address", "occupation", "hobbies"))
"""Written in sentences: full-width signs stay as they were typed."""
SEALED_LONGEST = 200
MALE_TITLES = frozenset(["先生"])
FEMALE_TITLES = frozenset(["女士", "小姐", "太太", "夫人", "阿姨"])
CHOICES: Mapping[str, Collection[str]] = {
    "kind": Customer.Kind.values,
    "gender": ["", *Customer.Gender.values],
    "id_kind": ["", *Customer.IdKind.values],
    "preferred_channel": ["", *Customer.Channel.values],
    "price_sensitivity": ["", *Customer.Sensitivity.values],
    "level": Customer.Level.values,
}


class Details(TypedDict, total=False):
    """What may be known of a customer beside his name and mobile."""

    kind: str
    gender: str
    birthday_on: date | None
    second_mobile: str
    wechat: str
    email: str
    id_kind: str
    id_no: str
    address: str
    region_code: str
    occupation: str
    hobbies: str
    origin: str
    first_seen_on: date | None
    preferred_channel: str
    preferred_time: str
    price_sensitivity: str
    level: str


def columns_of(typed: Mapping[str, Any], *, confirmed: Collection[str] = ()) -> dict[str, Any]:
    """The columns, cleaned and checked, that follow from what was typed; only those that were typed or follow.

    Raises Refused with the fault's code beside its field: ``customers.name.…``, ``customers.phone.…``,
    ``customers.id_number.…``, ``customers.credit_code.…``, ``customers.customer.unknown_choice``, ``.too_long``.
    """
    columns: dict[str, Any] = {}
    typed = {field: _read(field, value) if isinstance(value, str) else value for field, value in typed.items()}
    for field, value in typed.items():
        if field in CHOICES and value not in CHOICES[field]:
            raise Refused("customers.customer.unknown_choice", field=field, value=value)
    for field in PLAIN & typed.keys():
        columns[field] = typed[field]
    if typed.get("kind"):
        columns["kind"] = typed["kind"]
    if "name" in typed:
        columns |= _name(typed["name"], typed)
    for field in ("mobile", "second_mobile"):
        if field in typed:
            columns |= _phone(field, typed[field], confirmed)
    if "wechat" in typed:
        columns |= {"wechat": typed["wechat"], "wechat_index": blind_index(typed["wechat"])}
    if "id_no" in typed:
        columns |= _id_no(typed["id_no"], typed.get("id_kind", ""))
    _short_enough(columns)
    return columns


def _read(field: str, text: str) -> str:
    return as_typed(text) if field in OWN_WORDS else plain(text)


def _name(text: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    verdict = _checked(text)
    columns: dict[str, Any] = {"name": verdict.demand("name")}
    if not typed.get("kind") and verdict.kind == "company":
        columns["kind"] = Customer.Kind.COMPANY
    title = verdict.fact("title")
    if not typed.get("gender") and title in MALE_TITLES | FEMALE_TITLES:
        columns["gender"] = Customer.Gender.MALE if title in MALE_TITLES else Customer.Gender.FEMALE
    return columns


@functools.lru_cache(maxsize=NAMES_KEPT)
def _checked(name: str) -> Verdict:
    return names.check(name)


def _phone(field: str, text: str, confirmed: Collection[str]) -> dict[str, Any]:
    if not text:
        return {field: "", f"{field}_index": "", f"{field}_tail_index": ""}
    verdict = phones.check(text)
    number = verdict.demand(field)
    for problem in verdict.warnings:
        if problem.code == "customers.phone.placeholder" and problem.code not in confirmed:
            raise Refused(problem.code, field=field)
    tail = tail_index(number.partition("-")[0])
    return {field: number, f"{field}_index": blind_index(number), f"{field}_tail_index": tail}


def _id_no(text: str, kind: str) -> dict[str, Any]:
    if not text:
        return {"id_no": "", "id_no_index": "", "id_kind": ""}
    if kind == Customer.IdKind.PASSPORT:
        number = "".join(text.split()).upper()
        return {"id_no": number, "id_no_index": blind_index(number), "id_kind": kind}
    if kind == Customer.IdKind.LICENCE:
        number = credit_codes.check(text).demand("id_no")
        return {"id_no": number, "id_no_index": blind_index(number), "id_kind": kind}
    verdict = id_numbers.check(text)
    number = verdict.demand("id_no")
    columns = {"id_no": number, "id_no_index": blind_index(number), "id_kind": verdict.kind}
    return columns | _from_id(verdict)


def _from_id(verdict: Verdict) -> dict[str, Any]:
    return {"birthday_on": verdict.fact("birthday"), "gender": verdict.fact("gender")}


def check_note(note: str, *, longest: int) -> str:
    """A note as it is kept: one paragraph, in the words that were typed. Raises Refused ``customers.customer.too_long``."""
    note = as_typed(note)
    if len(note) > longest:
        raise Refused("customers.customer.too_long", field="note", longest=longest)
    return note


def _short_enough(columns: Mapping[str, Any]) -> None:
    longest = _longest()
    for name, value in columns.items():
        if isinstance(value, str) and len(value) > longest.get(name, SEALED_LONGEST):
            raise Refused("customers.customer.too_long", field=name, longest=longest.get(name, SEALED_LONGEST))


@functools.cache
def _longest() -> dict[str, int]:
    fields = Customer._meta.concrete_fields  # noqa: SLF001 - Django's documented API
    return {
        field.name: field.max_length for field in fields if isinstance(field, models.CharField) and field.max_length
    }
