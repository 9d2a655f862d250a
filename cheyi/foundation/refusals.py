"""Turning a refusal's code and facts into a sentence that says how to go on."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.ui.filters import yuan
from cheyi.kernel import Money, Refused

Text = str | Promise


@functools.cache
def wording() -> Mapping[str, Text]:
    """All refusal and fact texts by code. Raises ValueError for a code worded twice."""
    texts: dict[str, Text] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.wording"
        if config.name.startswith("cheyi.") and find_spec(name) is not None:
            own: Mapping[str, Text] = import_module(name).WORDING
            doubled = texts.keys() & own.keys()
            if doubled:
                raise ValueError(f"worded twice: {sorted(doubled)}")
            texts.update(own)
    return texts


def sentence(refused: Refused) -> str:
    """What a person reads. ``.not_now`` falls back to the foundation's words; an unworded code shows itself."""
    texts = wording()
    text = texts.get(refused.code)
    if text is None and refused.code.endswith(".not_now"):
        text = texts["foundation.state.not_now"]
    if text is None:
        return refused.code
    return str(text) % {name: _shown(value) for name, value in refused.facts.items()}


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where a refusal is mended: the page's address and what its link says."""

    href: str
    label: Text


_ways_out: dict[str, tuple[str, str, Text]] = {}


def leads_to(code: str, *, view: str, permission: str, label: Text) -> None:
    """Have a refusal offer the page on which it is mended, to who may go there. Packages do this in ``wording.py``."""
    _ways_out[code] = (view, permission, label)


def way_out(code: str, viewer: Viewer | None) -> WayOut | None:
    """Where this viewer can mend what was refused, if there is such a page."""
    view, permission, label = _ways_out.get(code, ("", "", ""))
    return WayOut(reverse(view), label) if view and viewer is not None and viewer.may(permission) else None


def _shown(value: object) -> object:
    return yuan(value) if isinstance(value, Money) else value
