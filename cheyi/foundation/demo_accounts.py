"""The demo's accounts with their random passwords, kept in the demo's own data directory."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.conf import settings

from cheyi.foundation.sign_in import DemoAccount

FILE = "demo-accounts.json"


def shown() -> list[DemoAccount]:
    """The accounts that the sign-in page of the demo shows; none outside demo mode."""
    path = settings.DATA_DIR / FILE
    if not settings.DEMO or not path.exists():
        return []
    return [DemoAccount(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def keep(accounts: list[DemoAccount]) -> None:
    """Write the accounts that the demo was built with."""
    path = settings.DATA_DIR / FILE
    path.write_text(json.dumps([asdict(row) for row in accounts], ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)
