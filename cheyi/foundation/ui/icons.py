"""Where an icon's drawing is: in the first sprite, which every page may load, or in the second."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.templatetags.static import static

VENDOR = Path(__file__).resolve().parent.parent / "static" / "cheyi" / "vendor"
SPRITES = ("icons.svg", "icons-more.svg")


@cache
def names() -> dict[str, str]:
    """Each icon's name and the sprite file that holds it."""
    found: dict[str, str] = {}
    for file in SPRITES:
        text = (VENDOR / file).read_text(encoding="utf-8")
        found.update(dict.fromkeys(re.findall(r'<symbol id="([a-z0-9-]+)"', text), file))
    return found


@cache
def icon_url(name: str) -> str:
    """The address of an icon's drawing, looked up once a process: a page asks for some fifty. Raises LookupError for a name that no sprite has."""
    try:
        file = names()[name]
    except KeyError:
        raise LookupError(f"no icon is called {name!r}; add it to tools/vendor.py") from None
    return f"{static(f'cheyi/vendor/{file}')}#{name}"
