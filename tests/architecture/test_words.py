"""Every model, role, state and thing of a permission stands in docs/words.md."""

from __future__ import annotations

import re

from django.apps import apps

from cheyi.foundation.access import all_permissions
from cheyi.foundation.access.roles import ROLES
from tests.architecture.source import ROOT

WORDS = (ROOT / "docs/words.md").read_text("utf-8")
PARTS = re.split(r"^## ", WORDS, flags=re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def part(number: int) -> str:
    """A numbered part of the list."""
    return next(text for text in PARTS if text.startswith(f"{number}. "))


def codes(text: str) -> set[str]:
    """What stands there as code."""
    return set(CODE.findall(text))


def homes() -> dict[str, str]:
    """The package in which the list places each code name of a thing."""
    rows = [row.strip("|").split("|") for row in part(3).splitlines() if row.startswith("| ")]
    return {name: row[3].strip() for row in rows for name in codes(row[2])}


def things() -> set[str]:
    """``package.thing`` of every row of the verbs; ``workshop.order, .line`` names two."""
    found = set()
    for row in part(4).splitlines():
        package = ""
        for name in re.findall(r"\w*\.\w+", row.split("|")[1]) if row.startswith("| ") else ():
            package = name.split(".")[0] or package
            found.add(f"{package}.{name.split('.')[1]}")
    return found


def test_every_model_stands_in_the_words_with_its_package():
    listed = homes()
    missing = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("cheyi.")
        and not model._meta.auto_created
        and listed.get(model.__name__) != model._meta.app_label
    ]
    assert missing == []


def test_every_role_stands_in_the_words():
    assert set(ROLES) | {"SYSTEM"} == codes(part(1))


def test_every_state_stands_in_the_words():
    listed = codes(part(2))
    missing = {
        f"{model._meta.label}.{code}"
        for model in apps.get_models()
        if model.__module__.startswith("cheyi.")
        for field in model._meta.fields
        if field.name in {"state", "status"}
        for code, _ in field.flatchoices
        if code not in listed
    }
    assert missing == set()


def test_every_thing_of_a_permission_stands_in_the_words():
    named = {code.rsplit(".", 1)[0] for code in all_permissions() if not code.startswith("foundation.trial.")}
    assert named - things() == set()
