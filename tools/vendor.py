"""Builds what the browser is given from elsewhere: htmx, the icon sprite, and the generated step classes.

Run by a developer, never by the product: ``python tools/vendor.py`` fetches the pinned packages with ``npm pack``,
checks their hashes and writes ``static/cheyi/vendor`` and ``static/cheyi/css/steps.css`` and ``shares.css``. ``python tools/vendor.py
steps`` writes the step classes only and needs no network. A new icon: add its name below, run it, commit the sprite.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "cheyi" / "foundation" / "static" / "cheyi"
VENDOR = STATIC / "vendor"

HTMX = (
    "htmx.org@4.0.1",
    "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
)
TABLER_ICONS = (
    "@tabler/icons@3.51.0",
    "0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
)

# The first sprite has what the shell, the states and the phone and customer pages need; the second has the rest, so that
# a phone never downloads it.
ICONS = """
alert-triangle brand-alipay brand-wechat bulb calendar-event camera car cash check chevron-left chevron-right circle-check
circle-dashed clock crown flag headset info-circle lock message-circle microphone package phone photo player-pause
player-play plus qrcode refresh scan search send shield-check sparkles star steering-wheel tool truck user user-check
wallet wifi-off x
"""

MORE_ICONS = """
adjustments-horizontal archive arrow-back-up arrow-down arrow-left arrow-right arrow-up arrows-exchange award barcode
bell bolt building building-bank building-store calendar car-garage category chart-bar chart-line checklist
chevron-down chevron-up circle-x clipboard-check clipboard-list clipboard-plus clock-pause coin copy corner-down-left
credit-card dashboard database device-floppy device-mobile device-tv discount dots download edit external-link eye
eye-off file-import file-invoice file-text filter gas-station gauge gift grip-vertical heart-handshake help history
home hourglass id inbox key keyboard layout-board layout-kanban link list list-check list-details loader lock-open
login logout mail map-pin menu-2 message message-2 minus mood-sad mood-smile moon package-export package-import
package-off paint paperclip phone-call phone-off player-stop plug printer receipt receipt-2 receipt-refund replace
report report-analytics report-money rotate route ruler-2 scale settings share shield shield-lock shopping-cart
signature sort-ascending sort-descending stethoscope sum sun tag target temperature ticket timeline tools transfer
transfer-in transfer-out trash trending-down trending-up trophy truck-delivery truck-return upload user-plus
user-search users users-group versions wash wifi world zoom-in
"""

DAY_STEPS = 288  # a whole day in five-minute steps


def fetched(package: tuple[str, str], into: Path) -> Path:
    """Download one package with npm, check its hash and return the folder it was unpacked to."""
    name, wanted = package
    done = subprocess.run(["npm", "pack", "--silent", name], cwd=into, check=True, capture_output=True, text=True)
    archive = into / done.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != wanted:
        raise SystemExit(f"{name}: expected sha512-{wanted}, got sha512-{found}")
    target = into / archive.stem
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def symbol(name: str, svg: str) -> str:
    """One icon as a sprite symbol: the drawing without comment, frame and the empty square below it."""
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL), re.DOTALL)
    if not drawing:
        raise SystemExit(f"{name} is not an SVG")
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", drawing[1])
    inner = re.sub(r"\s+", " ", inner).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def write_sprite(package: Path, file: str, names: list[str]) -> None:
    """Write the icons of a list, in alphabetical order, one per line."""
    outline = package / "icons" / "outline"
    missing = [name for name in names if not (outline / f"{name}.svg").exists()]
    if missing:
        raise SystemExit(f"no such icon: {', '.join(missing)}")
    symbols = [symbol(name, (outline / f"{name}.svg").read_text(encoding="utf-8")) for name in sorted(set(names))]
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (VENDOR / file).write_text(text, encoding="utf-8")


def write_icons(package: Path) -> None:
    """Write both sprites and the licence they share."""
    write_sprite(package, "icons.svg", ICONS.split())
    write_sprite(package, "icons-more.svg", MORE_ICONS.split())
    (VENDOR / "icons.LICENSE.txt").write_text((package / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


def write_htmx(package: Path) -> None:
    """Copy the minified script without its pointer to a source map that is not shipped, and the licence."""
    script = (package / "dist" / "htmx.min.js").read_text(encoding="utf-8")
    script = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", script)
    (VENDOR / "htmx.min.js").write_text(script, encoding="utf-8")
    (VENDOR / "htmx.LICENSE.txt").write_text((package / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


def write_versions() -> None:
    """Say which release each file is from, its licence and the hash of the file as it stands here."""
    rows = [
        ("htmx.min.js", HTMX, "0BSD"),
        ("icons.svg", TABLER_ICONS, "MIT"),
        ("icons-more.svg", TABLER_ICONS, "MIT"),
    ]
    lines = ["Files from elsewhere, written by tools/vendor.py. Do not edit them by hand.", ""]
    for name, (package, integrity), licence in rows:
        digest = hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()
        lines += [f"{name}", f"  from     {package}", f"  package  sha512-{integrity}", f"  licence  {licence}"]
        lines += [f"  sha256   {digest}", ""]
    (VENDOR / "VERSIONS.txt").write_text("\n".join(lines), encoding="utf-8")


def wrapped(rules: list[str]) -> str:
    """Rules eight to a line, so that the generated sheet stays short."""
    return "\n".join("".join(rules[start : start + 8]) for start in range(0, len(rules), 8))


def write_steps() -> None:
    """Write the classes that stand in for inline styles, which the content security policy does not allow."""
    written = "/* Written by tools/vendor.py, because no page has inline styles. */"
    steps = [
        written,
        "/* .at-N starts N five-minute steps after the lane's beginning, .for-N lasts N steps, .slots-N is the lane. */",
        wrapped([f".at-{n}{{grid-column-start:{n + 1}}}" for n in range(DAY_STEPS + 1)]),
        wrapped([f".for-{n}{{grid-column-end:span {n}}}" for n in range(1, DAY_STEPS + 1)]),
        wrapped([f".slots-{n}{{--slots:{n}}}" for n in (*range(48, 192, 6), *range(192, DAY_STEPS + 1, 12))]),
        "/* .lead-N: the first full hour comes N steps after the lane's beginning. */",
        wrapped([f".lead-{n}{{--lead:{n}}}" for n in range(12)]),
    ]
    shares = [
        written,
        "/* .w-N is a share of a hundred: bars take it as width, columns as height, rings as angle. */",
        wrapped([f".w-{n}{{--n:{n}}}" for n in range(101)]),
        "/* .down-N and .right-N shift a printed form by millimetres, for pre-printed paper. */",
        wrapped([f".down-{n}{{--down:{n}mm}}" for n in range(0, 61, 2)]),
        wrapped([f".right-{n}{{--right:{n}mm}}" for n in range(0, 31, 2)]),
    ]
    (STATIC / "css" / "steps.css").write_text("\n".join(steps) + "\n", encoding="utf-8")
    (STATIC / "css" / "shares.css").write_text("\n".join(shares) + "\n", encoding="utf-8")


def main() -> None:
    write_steps()
    if sys.argv[1:] == ["steps"]:
        return
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_htmx(fetched(HTMX, Path(folder)))
        write_icons(fetched(TABLER_ICONS, Path(folder)))
    write_versions()
    for path in sorted(VENDOR.iterdir()):
        print(f"{path.stat().st_size:>8}  {path.name}")


if __name__ == "__main__":
    main()
