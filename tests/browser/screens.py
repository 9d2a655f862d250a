"""What a screen is measured by: its transfer, its contrast, its width."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page

# Every visible text against the nearest painted ground behind it; texts on gradients and pictures are left to the eye.
CONTRAST = """
() => {
  const parse = (text) => { // a mixed colour is told as color(srgb …) with parts of one
    const most = text.startsWith("color(") ? 255 : 1;
    const n = text.match(/[\\d.]+/g).map(Number);
    return { r: n[0] * most, g: n[1] * most, b: n[2] * most, a: n[3] ?? 1 };
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = (top, low) => ({
    r: top.r * top.a + low.r * (1 - top.a), g: top.g * top.a + low.g * (1 - top.a), b: top.b * top.a + low.b * (1 - top.a), a: 1,
  });
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== "none") return null;
      const paint = parse(style.backgroundColor);
      if (paint.a > 0) layers.push(paint);
      if (paint.a === 1) break;
    }
    return layers.reverse().reduce((low, top) => over(top, low), { r: 255, g: 255, b: 255, a: 1 });
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("script, style, template, [disabled], [aria-disabled=true]")) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const behind = ground(element);
    if (!behind) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(over(parse(style.color), behind)), light(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${text.slice(0, 30)} <${element.tagName.toLowerCase()} class="${element.className}">`);
  }
  return poor;
}
"""
# Controls that a finger would miss, with their height; links within a text are as high as it.
SMALL = """
() => {
  const controls = "button, summary, select, textarea, input:not([type=hidden]), .box, .btn, .pill, .chip, .seg :is(a, label), .opt, .check";
  const small = [];
  for (const one of document.querySelectorAll(controls)) {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (one.matches("input") && one.closest("label, .box, .omni")) continue;
    const { height, width } = one.getBoundingClientRect();
    if (width < 2 || height < 2 || height >= 43.5) continue;
    small.push(`${Math.round(height)} <${one.tagName.toLowerCase()} class="${one.className}"> ${one.textContent.trim().slice(0, 20)}`);
  }
  return small;
}
"""
# Whether what is seen at the middle of a thing is the thing itself, within the window and not under something else;
# also of a thing that lets the pointer through.
IN_SIGHT = """
(one) => {
  const { left, top, width, height } = one.getBoundingClientRect();
  one.style.pointerEvents = "auto";
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  one.style.pointerEvents = "";
  return one.contains(seen);
}
"""
# Buttons, chips and heads whose own words take more than one line.
WRAPPED = """
() => {
  const range = document.createRange();
  const lines = (text) => {
    range.selectNodeContents(text);
    return new Set([...range.getClientRects()].filter((one) => one.width > 1).map((one) => Math.round(one.top / 6))).size;
  };
  const found = [];
  for (const one of document.querySelectorAll(".btn, .chip, .tag, .pill, .card-head > h2, .phone-tab, .three label")) {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const texts = [...one.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim());
    if (texts.some((text) => lines(text) > 1)) found.push(one.textContent.trim());
  }
  return found;
}
"""
SIDEWAYS = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


class Transfer:
    """Bytes that came over the network for a page, as they were sent (compressed)."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.bytes = 0
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        session.send("Network.clearBrowserCache")
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def poor_contrast(page: Page) -> list[str]:
    """Texts below 4.5:1, each with its ratio."""
    found: list[str] = page.evaluate(CONTRAST)
    return found


def small_targets(page: Page) -> list[str]:
    """Controls lower than 44 pixels, each with its height."""
    found: list[str] = page.evaluate(SMALL)
    return found


def wrapped(page: Page) -> list[str]:
    """Buttons, chips and heads whose words take more than one line."""
    found: list[str] = page.evaluate(WRAPPED)
    return found


def in_sight(place: Locator) -> bool:
    """Whether a thing stands within the window with nothing over its middle."""
    place.wait_for()
    return bool(place.evaluate(IN_SIGHT))


def sideways(page: Page) -> int:
    """Pixels that the page is wider than its window."""
    return int(page.evaluate(SIDEWAYS))
