"""What the browser is given: small, legible in light and dark, nothing from elsewhere at run time."""

from __future__ import annotations

import gzip
import hashlib
import re

import pytest

from cheyi.foundation.ui.icons import VENDOR, icon_url, names
from tests.architecture.source import CHEYI

STATIC = VENDOR.parent
CSS = sorted((STATIC / "css").glob("*.css"))
JS = sorted((STATIC / "js").glob("*.js"))
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")

BASES = ("tokens", "base", "pieces", "forms", "shares")
EVERYWHERE_JS = ("app", "toast", "forms", "poll")


def packed(*files) -> int:
    """Bytes on the wire, each file compressed by itself."""
    return sum(len(gzip.compress((STATIC / file).read_bytes(), 9)) for file in files)


def sheets(*names) -> list[str]:
    return [f"css/{name}.css" for name in names]


def modules(*names) -> list[str]:
    return [f"js/{name}.js" for name in names]


@pytest.mark.parametrize("own", [("order",), ("board", "steps"), ("figures",), ("settle",)], ids="-".join)
def test_a_staff_page_without_its_own_text_stays_far_below_150_kilobytes(own):
    staff = packed(
        *sheets(*BASES, "tables", "shell", "print", *own),
        *modules(*EVERYWHERE_JS, "keys", "search", "board", "photo"),
        "vendor/htmx.min.js",
        "vendor/icons.svg",
        "vendor/icons-more.svg",
        "mark.svg",
    )
    assert staff < 60_000


def test_a_phone_page_leaves_four_of_its_40_kilobytes_for_the_page_itself():
    phone = packed(
        *sheets(*BASES, "phone"),
        *modules(*EVERYWHERE_JS, "photo"),
        "vendor/htmx.min.js",
        "vendor/icons.svg",
        "mark.svg",
    )
    assert phone < 36_000


def test_all_own_scripts_together_are_below_25_kilobytes():
    assert packed(*(f"js/{file.name}" for file in JS)) < 25_000


def test_no_file_passes_400_lines():
    assert [file.name for file in (*CSS, *JS) if len(file.read_text("utf-8").splitlines()) > 400] == []


def test_nothing_is_fetched_from_elsewhere_and_nothing_needs_a_looser_policy():
    forbidden = re.compile(
        r"https?://(?!www\.w3\.org/)|@import|data:image|javascript:|\beval\(|new Function|hx-on|\bstyle="
    )
    found = [
        f"{file.name}: {match[0]}" for file in (*CSS, *JS) for match in forbidden.finditer(file.read_text("utf-8"))
    ]
    assert found == []


def test_every_vendored_file_is_the_one_that_was_recorded():
    recorded = (VENDOR / "VERSIONS.txt").read_text("utf-8")
    hashes = dict(re.findall(r"^(\S+\.(?:js|svg))\n(?:  .*\n)*?  sha256   (\w+)$", recorded, re.MULTILINE))
    present = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.iterdir()
        if file.suffix in {".js", ".svg"}
    }
    assert hashes == present
    assert "htmx.org@4.0.1" in recorded
    assert {"htmx.LICENSE.txt", "icons.LICENSE.txt"} <= {file.name for file in VENDOR.iterdir()}


def test_every_icon_that_a_template_or_menu_names_is_in_a_sprite():
    named = re.compile(r'\bicon\("([a-z0-9-]+)"\s*[,)]|\bicon(?:_name)?="([a-z0-9-]+)"')
    used = {
        next(filter(None, match.groups()))
        for file in (*CHEYI.rglob("templates/**/*.html"), *CHEYI.rglob("*.py"))
        for match in named.finditer(file.read_text("utf-8"))
    }
    assert used - names().keys() == set()


def test_every_tone_that_a_note_asks_for_has_its_colours():
    asked = {
        tone
        for file in CHEYI.rglob("templates/**/*.html")
        for tone in re.findall(r'\bnote\([^{}]*?\btone="(\w+)"', file.read_text("utf-8"))
    }
    styled = set(re.findall(r"^\.note\.(\w+) \{", (STATIC / "css" / "pieces.css").read_text("utf-8"), re.MULTILINE))
    assert asked == {"part"}
    assert asked - styled == set()


def test_a_name_that_no_sprite_has_is_an_error():
    with pytest.raises(LookupError, match="no-such-drawing"):
        icon_url("no-such-drawing")


def test_icons_of_phone_pages_stand_in_the_first_sprite():
    assert icon_url("camera") == "/static/cheyi/vendor/icons.svg#camera"
    assert icon_url("discount") == "/static/cheyi/vendor/icons-more.svg#discount"


def test_the_day_has_a_class_for_every_five_minutes():
    steps = (STATIC / "css" / "steps.css").read_text("utf-8")
    assert ".at-0{grid-column-start:1}" in steps
    assert ".at-120{grid-column-start:121}" in steps
    assert ".for-120{grid-column-end:span 120}" in steps
    shares = (STATIC / "css" / "shares.css").read_text("utf-8")
    assert all(f".w-{share}{{--n:{share}}}" in shares for share in range(101))


# --- contrast (ux guide 4, 5 and 9) ---


def block(start: str) -> dict[str, str]:
    text = TOKENS[TOKENS.index(start) :]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", text[: text.index("}")]))


LIGHT = block(":root {")
DARK = {**LIGHT, **block(':root[data-bs-theme="dark"] {')}
WHITE = "#ffffff"
STATES = ("wait", "run", "part", "ask", "qc", "ok", "bad")
TEXT = [
    *((text, ground) for text in ("--tx", "--tx2", "--tx3") for ground in ("--bg", "--sf", "--sf2")),
    *(("--pri", ground) for ground in ("--bg", "--sf", "--sf2", "--pri-t")),
    *(("--tx2", f"--s-{state}-t") for state in STATES),
    *((f"--s-{state}", ground) for state in STATES for ground in (f"--s-{state}-t", "--sf", "--bg")),
    *((WHITE, ground) for ground in ("--pri-f", "--ok-f", "--badge", "--hero-1", "--hero-2", "--toast")),
    ("--toast-a", "--toast"),
    ("--rail-t", "--rail"),
    ("--tip", "--tip-t"),
    ("--tip", "--tip-n"),
    ("--on-bad", "--s-bad"),
    ("--tx", "--mark"),
]
EDGES = [("--ctl", "--sf"), ("--ctl", "--sf2"), ("--pri", "--sf"), ("--pri", "--bg"), ("--s-bad", "--sf")]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(theme):
    weak = {
        (text, ground): round(ratio, 2)
        for text, ground in TEXT
        if (ratio := contrast(theme.get(text, text), theme[ground])) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_and_the_focus_ring_can_be_seen(theme):
    weak = {pair: round(ratio, 2) for pair in EDGES if (ratio := contrast(*(theme[name] for name in pair))) < 3}
    assert weak == {}


def test_following_the_system_gives_the_same_dark_as_choosing_it():
    assert block(":root:not([data-bs-theme]) {") == block(':root[data-bs-theme="dark"] {')
