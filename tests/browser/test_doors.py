"""Signing in, where each role lands, and the page of one's own settings: none a dead end, all readable on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import Transfer, poor_contrast, sideways

PHONE = (390, 844)
LANDS = {
    "accountant": "/workshop/counter",
    "buyer": "/parts/stock",
    "consultant": "/customers/",
    "care_agent": "/todos",
    "headquarters": "/start",
    "region_manager": "/start",
    "oem_desk": "/start",
    "administrator": "/start",
}


@pytest.mark.parametrize("role", LANDS)
def test_each_role_lands_on_a_page_of_its_own_that_fits_a_phone(person, role):
    one = person(role, size=PHONE, at_door=True)
    assert one.page.url.removeprefix(one.address).startswith(LANDS[role])
    expect(one.page.locator("main h1")).to_be_visible()
    assert sideways(one.page) <= 0
    assert one.shift() <= 0.02
    for address in {one.get_attribute("href") for one in one.page.locator(".rail-item[href]").all()}:
        assert one.context.request.get(one.address + address).status == 200, address


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_sign_in_page_is_light_and_can_be_read_on_a_phone(browser, program, language, dark):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale=language, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    transfer = Transfer(context, page)
    page.goto(f"{program.address}/sign-in", wait_until="networkidle")
    assert transfer.bytes <= 40_000
    assert sideways(page) <= 0
    assert poor_contrast(page) == []
    names = page.locator("[data-account]").all()
    assert len(names) == len(program.accounts)
    assert all(one.bounding_box()["height"] >= 44 for one in names)
    context.close()


def test_language_screen_and_keys_are_changed_with_one_click_each_and_kept(person):
    one = person("buyer")  # whose screen and keys no other test needs
    page = one.page
    one.goes("/account")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="关闭单键快捷键").or_(page.locator("button[name=keys][value=off]")).first.click()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    page.locator("button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("button[name=theme][value='']").click()
    expect(page.locator("html")).not_to_have_attribute("data-bs-theme", "dark")
    page.locator("button[name=keys][value=on]").click()
    expect(page.locator("body")).not_to_have_attribute("data-keys", "off")
