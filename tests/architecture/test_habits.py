"""The habits of style.md that a machine can see: sizes, who writes, names, sentences on top."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import CHEYI, ROOT, modules, short

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_PAGE = 25
EXCEPTIONS = dict(
    line.split(maxsplit=1)
    for line in (ROOT / "tests/architecture/sizes.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)
BAD_NAMES = re.compile(r"(Manager|Helper|Util|Utils|Handler|Processor)$")
NAMES_OF_THE_FRAMEWORK = {"ScopedManager"}
WRITES = re.compile(r"\.(save|create|bulk_create|bulk_update|update_or_create|get_or_create|delete)\(")
SETS = re.compile(r"\.objects\b.*\.update\(")
READERS = ("pages", "queries", "access", "panels", "catalog", "wording", "templates", "rules", "engine")


def test_files_are_small():
    long = {
        short(path): lines
        for path in modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE and short(path) not in EXCEPTIONS
    }
    assert long == {}


def test_functions_are_small_and_pages_smaller():
    long = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                body = node.end_lineno - node.body[0].lineno + 1
                limit = LONGEST_PAGE if "pages" in path.parts and "foundation" not in path.parts else LONGEST_FUNCTION
                name = f"{short(path)}:{node.name}"
                if body > limit and name not in EXCEPTIONS:
                    long.append(f"{name} {body}")
    assert long == []


def test_every_exception_of_size_is_still_needed():
    missing = [name for name in EXCEPTIONS if not (ROOT / name.split(":")[0]).exists()]
    assert missing == []


def test_every_module_starts_with_a_sentence():
    silent = [short(path) for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_no_name_says_nothing():
    vague = [
        f"{short(path)}: {node.name}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and BAD_NAMES.search(node.name) and node.name not in NAMES_OF_THE_FRAMEWORK
    ]
    assert vague == []


def test_only_actions_write():
    writing = []
    for path in modules():
        inside = path.relative_to(CHEYI).parts[1:]
        if not inside or inside[0].removesuffix(".py") not in READERS or "foundation" in path.parts:
            continue
        text = path.read_text("utf-8")
        writing += [f"{short(path)}: {found.group(0)}" for found in (*WRITES.finditer(text), *SETS.finditer(text))]
    assert writing == []


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplementedError)\b")
    left = [short(path) for path in modules() if marks.search(path.read_text("utf-8"))]
    assert left == []


def test_no_style_stands_in_a_template():
    styled = [short(path) for path in CHEYI.rglob("templates/**/*.html") if " style=" in path.read_text("utf-8")]
    assert styled == []


def test_a_moment_is_printed_in_one_place():
    by_hand = re.compile(r"\|day\b[^{}]*(?:\}\}(?:\s|<br>)*\{\{|~)[^{}]*\|clock\b")
    pages = [path for path in CHEYI.rglob("templates/**/*.html") if by_hand.search(path.read_text("utf-8"))]
    dated = re.compile(r"%[dF] ?%H:%M")
    apart = {"models", "doctor.py", "commands", "filters.py"}  # names of rows, the command line, the place itself
    code = [path for path in modules() if dated.search(path.read_text("utf-8")) and not apart & set(path.parts)]
    assert [short(path) for path in (*pages, *code)] == []
