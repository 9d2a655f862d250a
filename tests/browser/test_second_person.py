"""A second person agrees at the cashier's screen, or from the own page; nothing typed is lost on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import poor_contrast, sideways


@pytest.fixture
def cashier(person):
    return person("cashier")


def leaves_a_deposit(cashier, amount):
    """The cashier takes a deposit for the first car at the counter; gives its number."""
    page = cashier.page
    cashier.goes("/workshop/counter")
    page.locator("a.line-counter", has_text="待收款").first.click()
    page.wait_for_url("**/settle")
    page.locator("details.adjust summary").click()
    form = page.locator("form[action$='take-deposit']")
    form.locator("[name=way]").select_option("cash")
    form.locator("[name=amount]").fill(amount)
    form.locator("button").click()
    said = page.locator("#toast")
    expect(said).to_contain_text("PP")
    return re.search(r"PP\w+", said.inner_text())[0]


def opens(cashier, number):
    """The dialog in which this deposit goes back."""
    cashier.goes("/workshop/counter")
    cashier.page.locator(".line-back", has_text=number).get_by_role("link").click()
    dialog = cashier.page.locator("dialog[open]")
    expect(dialog.locator("[name=reason]")).to_be_visible()
    return dialog


def refunded(program, number):
    rows = program.base.rows("select refunded from settlement_prepayment where no = :no", no=number)
    return rows[0][0]


def test_a_colleague_agrees_on_the_spot_after_a_slip_and_the_cashier_stays(program, cashier):
    number = leaves_a_deposit(cashier, "300")
    manager = program.accounts["store_manager"]
    dialog = opens(cashier, number)
    expect(dialog.locator(".agree")).to_contain_text(f"{manager['person']}（店总）")
    dialog.locator("[name=reason]").fill("不修了")
    dialog.locator("[name=approver]").select_option(label=f"{manager['person']} · 店总")
    dialog.locator("[name=approver_password]").fill("not it")
    cashier.presses("Control+Enter")
    expect(dialog.locator("#id_approver_password-error")).to_contain_text(f"这不是{manager['person']}的密码")
    expect(dialog.locator("[name=reason]")).to_have_value("不修了")
    assert refunded(program, number) == 0
    dialog.locator("[name=approver_password]").fill(manager["password"])
    cashier.presses("Control+Enter")
    expect(cashier.page.locator("#toast")).to_contain_text(f"预收款 {number} 已退 ¥300.00")
    expect(cashier.page.locator(".top")).to_contain_text(cashier.account["person"])
    expect(cashier.page.locator(".line-back", has_text=number)).to_have_count(0)
    assert refunded(program, number) == 30_000


def test_a_request_is_agreed_to_with_one_click_and_the_cashier_sees_it(program, cashier, person):
    number = leaves_a_deposit(cashier, "200")
    dialog = opens(cashier, number)
    dialog.locator("[name=amount]").fill("150")
    expect(dialog.locator("[data-amount]")).to_have_text("¥150.00")
    dialog.locator("[name=reason]").fill("少修一项")
    dialog.locator("button[value=ask]").click()
    expect(cashier.page.locator("#asked")).to_contain_text("待答复")
    manager = person("store_manager")
    manager.goes("/workshop/today")
    manager.begins()
    manager.page.locator(".decide", has_text=number).locator("form[action$='/agree'] button").click()
    expect(manager.page.locator("#toast")).to_contain_text("¥150.00")
    assert manager.effort == 1, manager.events
    assert refunded(program, number) == 15_000
    expect(cashier.page.locator("#asked")).to_contain_text("已同意办好")  # by itself


@pytest.mark.parametrize(("size", "dark"), [((1440, 900), False), ((1024, 768), True), ((390, 844), False)])
def test_the_dialog_fits_and_is_readable(person, size, dark):
    cashier = person("cashier", size=size, dark=dark)
    cashier.goes("/workshop/counter")
    cashier.page.locator("a[href$='/unsettle'], a[href$='/give-back']").first.click()
    expect(cashier.page.locator("dialog[open] .agree")).to_be_visible()
    assert poor_contrast(cashier.page) == []
    assert sideways(cashier.page) <= 0
    assert cashier.page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('dialog[open]'))") == 0
