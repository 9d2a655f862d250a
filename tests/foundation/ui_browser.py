"""The browser that the shell's tests share: one Chromium and one site for each file of tests."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chromium import CHROMIUM, FLAGS
from tests.foundation.ui_site import Site

PATIENCE = 20_000  # milliseconds; the machine may be busy
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def site():
    running = Site()
    running.address = running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium(playwright):
    assert CHROMIUM, "these tests need Debian's chromium; run without -m browser where there is none"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def session(site, chromium):
    """One browser profile for all tests of the file, so that files come from its cache."""
    with chromium.new_context(base_url=site.address, viewport={"width": 1440, "height": 900}) as profile:
        profile.set_default_timeout(PATIENCE)
        yield profile


@pytest.fixture
def tab(site, session):
    """A fresh tab at 1440x900; what the console complained about is in ``tab.complaints``."""
    site.forget()
    page = session.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


@pytest.fixture
def slow_clock(site, chromium):
    """A tab of its own profile whose clock the test moves."""
    site.forget()
    with chromium.new_context(base_url=site.address) as profile:
        profile.set_default_timeout(PATIENCE)
        tab = profile.new_page()
        tab.clock.install()
        yield tab
