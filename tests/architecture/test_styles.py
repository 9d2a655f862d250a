"""Every class of a style sheet is worn by something."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT

PACKAGES = ROOT / "cheyi"
SET_BY_HTMX = {"htmx-request"}
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
JOINED = re.compile(r"([A-Za-z][\w-]*-)(?=\{\{|\{%|\{\w|\"|'|\$\{|`)")
"""The beginning of a class whose end is put to it: ``tone-{{ key }}``, ``"w-" ~ share``, ``f"at-{step}"``."""


def selectors(text: str) -> str:
    """A sheet without comments and what stands in braces."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\{[^{}]*\}", "{}", bare)


def wearers() -> str:
    """All templates, scripts and modules, but what others wrote."""
    files = [one for ending in ("html", "js", "py") for one in PACKAGES.rglob(f"*.{ending}")]
    return "\n".join(one.read_text("utf-8") for one in files if "vendor" not in one.parts)


def test_every_class_of_a_style_sheet_is_worn():
    text = wearers()
    words = set(re.findall(r"[A-Za-z_][\w-]*", text)) | SET_BY_HTMX
    joined = tuple(set(JOINED.findall(text)))
    unworn = sorted(
        f"{sheet.name}: .{name}"
        for sheet in PACKAGES.rglob("*.css")
        if "vendor" not in sheet.parts
        for name in set(CLASS.findall(selectors(sheet.read_text("utf-8"))))
        if name not in words and not name.startswith(joined)
    )
    assert unworn == []
