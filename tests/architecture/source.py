"""Reading our own source for the architecture tests."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHEYI = ROOT / "cheyi"
LAYERS = [
    ["kernel"],
    ["foundation"],
    ["studio"],
    ["customers"],
    ["vehicles"],
    ["settlement"],
    ["parts"],
    ["workshop", "sales"],
    ["care"],
    ["insight", "onboarding", "training"],
    ["project"],
]
LEVEL = {package: level for level, row in enumerate(LAYERS) for package in row}


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of ours except migrations, parsed."""
    paths = sorted(path for path in CHEYI.rglob("*.py") if "migrations" not in path.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def package_of(path: Path) -> str:
    """The package that a file stands in."""
    return path.relative_to(CHEYI).parts[0]


def short(path: Path) -> str:
    """The path as people say it."""
    return str(path.relative_to(ROOT))
