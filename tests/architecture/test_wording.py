"""Every refusal and every text has words, in both languages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from cheyi.foundation.refusals import wording
from tests.architecture.source import ROOT, modules, short

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def refused_codes() -> list[tuple[str, str, set[str]]]:
    """(where, code, names of the facts given) of each ``Refused("…")`` in our source."""
    found = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    names = {word.arg for word in node.keywords}
                    found.append((f"{short(path)}:{node.lineno}", code.value, names))
    return found


def test_every_refusal_has_words():
    silent = sorted({code for _, code, _ in refused_codes() if code not in wording() and not code.endswith(".not_now")})
    assert silent == []


def test_the_words_only_use_facts_that_are_given():
    broken = []
    for where, code, names in refused_codes():
        text = str(wording().get(code, ""))
        missing = set(PLACEHOLDER.findall(text)) - names
        if missing and None not in names:
            broken.append(f"{where} {code} lacks {sorted(missing)}")
    assert broken == []


def test_chinese_is_complete():
    answer = subprocess.run(
        [sys.executable, "tools/messages.py", "missing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stdout + answer.stderr


TRANSLATING = {
    "_",
    "gettext",
    "gettext_lazy",
    "words",
    "later",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}


def test_no_text_hides_inside_an_f_string():
    """The reader of texts (tools/messages.py) sees an f-string as one piece, so what stands in it stays English."""
    hidden = [
        f"{short(path)}:{call.lineno}"
        for path, tree in modules().items()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in TRANSLATING
    ]
    assert hidden == []


# ux/guide.md 13; an application, an invitation and leave are other words.
STIFF = re.compile(r"您|(?<![申邀])请(?!假|求)|成功|！")


def test_chinese_is_spoken_not_official():
    catalogues = sorted((ROOT / "cheyi").glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
    said = [
        text
        for one in catalogues
        for text in re.findall(r'^(?:msgstr.*? )?"(.*)"$', one.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(said) > 2_000
    assert [text for text in said if STIFF.search(text)] == []
