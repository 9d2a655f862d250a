"""Loading what packages register: permissions, wording, reactions, jobs, panels, invariants."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

REGISTERING = (
    "access",
    "filing",
    "wording",
    "events",
    "reactions",
    "jobs",
    "panels",
    "todo_panels",
    "invariants",
    "searching",
    "undoing",
)


def load_registries() -> None:
    """Import the registering modules of every installed package of ours, lower packages first."""
    for config in apps.get_app_configs():
        if config.name.startswith("cheyi."):
            for module in REGISTERING:
                name = f"{config.name}.{module}"
                if find_spec(name) is not None:
                    import_module(name)
