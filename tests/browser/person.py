"""A person at the browser: signs in, presses keys and points, and counts both."""

from __future__ import annotations

from typing import Any, Literal

from playwright.sync_api import BrowserContext, Page, Response

LANGUAGE = "django_language"
PASSING = {LANGUAGE, "cheyi_toast"}

COUNTING = """
(() => {
  const modifiers = new Set(["Control", "Shift", "Alt", "Meta"]);
  const count = (what) => window.cheyiCounted && window.cheyiCounted(what);
  addEventListener("keydown", (e) => { if (e.isTrusted && !modifiers.has(e.key) && !e.repeat) count("key " + e.key); }, true);
  addEventListener("pointerdown", (e) => { if (e.isTrusted) count("point"); }, true);
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) { shift += entry.value; window.cheyiShift = shift; }
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", (e) => count("csp " + e.violatedDirective + " " + e.blockedURI));
})();
"""


Waited = Literal["commit", "domcontentloaded", "load", "networkidle"]


class Person:
    """One browser context of one demo account."""

    def __init__(self, context: BrowserContext, address: str, account: dict[str, str]) -> None:
        self.context = context
        self.address = address
        self.account = account
        self.troubles: list[str] = []
        self.events: list[str] = []
        self._landing = ""
        self.tab: Page = context.new_page()
        self.tab.set_default_timeout(30_000)
        self.tab.expose_function("cheyiCounted", self._counted)
        self.tab.add_init_script(COUNTING)
        self.tab.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.tab.on("console", self._heard)

    @property
    def page(self) -> Page:
        """The page before this person; one who came in and went nowhere yet stands where he landed."""
        if self._landing:
            landing, self._landing = self._landing, ""
            self.tab.goto(landing)
            self.events.clear()
        return self.tab

    def _counted(self, what: str) -> None:
        (self.troubles if what.startswith("csp ") else self.events).append(what)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _speaks(self, language: str) -> None:
        wanted = "zh-hans" if language.startswith("zh") else "en"
        self.context.add_cookies([{"name": LANGUAGE, "value": wanted, "url": self.address}])

    def sign_in(self, language: str = "zh-CN") -> None:
        """Through the sign-in page, like everybody."""
        self._speaks(language)
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator(f"[data-account={self.account['role']}]").click()
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        self.events.clear()

    def entrance(self) -> tuple[list[Any], str]:
        """The cookies of who is signed in, and where he is now."""
        return [one for one in self.context.cookies() if one["name"] not in PASSING], self.page.url

    def comes_in(self, language: str, cookies: list[Any], landing: str) -> None:
        """With the cookies of somebody who has signed in, as if on the page where he landed."""
        self._speaks(language)
        self.context.add_cookies(cookies)
        self._landing = landing

    def goes(self, path: str, *, until: Waited = "load") -> Response | None:
        """Open an address by typing it, which is not counted; its answer, none within one page."""
        self._landing = ""
        return self.tab.goto(self.address + path, wait_until=until)

    def presses(self, *keys: str) -> None:
        """Press keys one after the other, as fast as the page takes them."""
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Type a text key by key."""
        self.page.keyboard.type(text)

    @property
    def effort(self) -> int:
        """Keys and pointer presses since the count began."""
        return len(self.events)

    def begins(self) -> None:
        """Start counting."""
        self.events.clear()

    def shift(self) -> float:
        """How much the layout has moved by itself since the page came (CLS)."""
        return float(self.page.evaluate("window.cheyiShift || 0"))
