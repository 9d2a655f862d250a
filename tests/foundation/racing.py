"""Real processes that work in the test's own database at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180
START = "import sys, django\ndjango.setup()\n"
READY = "print('ready', flush=True)\nsys.stdin.readline()\n"


def run_at_once(scripts: list[tuple[str, str]]) -> list[list[str]]:
    """Start one process per (preparation, race), let all races begin together, and give each one's printed lines.

    Fails when a process does not end well.
    """
    children = [
        subprocess.Popen(
            [sys.executable, "-c", START + preparation + READY + race],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **_same_database()},
        )
        for preparation, race in scripts
    ]
    assert [child.stdout.readline() for child in children] == ["ready\n"] * len(children)
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    printed = [child.communicate(timeout=PATIENCE)[0].splitlines() for child in children]
    assert [child.returncode for child in children] == [0] * len(children)
    return printed


def _same_database() -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    address = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
    return {"DATABASE_URL": address, "CHEYI_TESTING": "0", "CHEYI_DATA": str(settings.DATA_DIR)}
