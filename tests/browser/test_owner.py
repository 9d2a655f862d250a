"""The car's owner behind his link: three extra items in four taps, and an answer that survives a dead network."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.screens import Transfer, in_sight, poor_contrast, sideways

PHONE = (390, 844)
PHONE_BYTES = 40_000


@pytest.fixture
def link(person, program):
    """The link to an order on which three jobs wait for the owner's word."""
    one = person("technician", size=PHONE)
    page = one.page
    if not page.locator(".job-now").count():
        with page.expect_navigation():
            page.locator(".next form .btn").first.tap()
    page.locator(".trio a").first.tap()
    page.wait_for_url("**/workshop/jobs/*")
    line = page.url.split("/jobs/")[1].split("#")[0]
    rows = "select count(*) from workshop_labourline where state = 'pending' and order_id = :order"
    order = program.base.rows("select order_id from workshop_labourline where id = :line", line=int(line))[0][0]
    words = iter(
        ("检查", "更换", "清洗", "空调", "刹车", "轮胎")
    )  # for when all that is often found stands on the order
    while program.base.rows(rows, order=order)[0][0] < 3:
        if not page.locator(".chip").count():
            page.locator("#said").fill(next(words))
        page.locator(".chip").first.tap()
        with page.expect_navigation():
            page.locator("#finding button[type=submit]").tap()
    advisor = person("advisor")
    advisor.goes(f"/workshop/orders/{order}")
    return advisor.page.locator("a[href*='/workshop/p/']").first.get_attribute("href")


@pytest.fixture
def owner(program, browser, link):
    """The owner's phone with the page open; scripts that fail are reported at the end."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", has_touch=True)
    one = Person(context, program.address, {})
    one.link = link if link.startswith("http") else program.address + link
    one.page.goto(one.link)
    yield one
    context.close()
    assert one.troubles == []


def test_three_extra_items_are_agreed_to_in_four_taps(owner):
    page = owner.page
    items = page.locator(".item")
    three = [items.nth(at) for at in range(3)]
    waiting = items.count()
    agreed = page.locator(".card", has_text="你的答复").locator(".tag.ok")
    before = agreed.count()
    prices = [int(item.locator("[data-price]").get_attribute("data-price")) for item in three]
    owner.begins()
    for item in three:
        item.locator("label.yes").tap()
    expect(page.locator("[data-sum]")).to_have_text(f"¥{sum(prices) / 100:,.2f}")
    with page.expect_navigation():
        page.locator(".phone-act button").tap()
    assert owner.effort <= 4, owner.events
    expect(items).to_have_count(waiting - 3)
    expect(agreed).to_have_count(before + 3)


def test_an_answer_given_without_a_network_is_sent_when_it_is_back(owner):
    page = owner.page
    page.locator("label.no").first.tap()
    owner.context.set_offline(True)
    page.locator(".phone-act button").tap()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("label.no input").first).to_be_checked()
    owner.context.set_offline(False)
    expect(page.locator(".card", has_text="你的答复").locator(".tag.wait").first).to_be_visible()
    owner.troubles[:] = [one for one in owner.troubles if "ERR_INTERNET_DISCONNECTED" not in one]


def test_nothing_tapped_is_answered_in_words(owner):
    page = owner.page
    page.locator(".phone-act button").tap()
    expect(page.locator("#notice")).to_contain_text("先在项目旁点")
    assert in_sight(page.locator("#notice"))
    page.locator("label.yes").first.tap()
    expect(page.locator("#notice")).to_be_empty()
    page.locator(".phone-act button").tap()
    assert in_sight(page.locator("#toast .toast"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_page_is_light_and_steady_and_can_be_read_on_a_small_phone(browser, program, link, language, dark):
    context = browser.new_context(
        viewport={"width": 360, "height": 780},
        locale=language,
        has_touch=True,
        color_scheme="dark" if dark else "light",
    )
    one = Person(context, program.address, {})
    transfer = Transfer(context, one.page)
    one.page.goto(program.address + link if link.startswith("/") else link, wait_until="networkidle")
    assert transfer.bytes <= PHONE_BYTES
    assert sideways(one.page) <= 0
    assert one.shift() <= 0.02
    assert poor_contrast(one.page) == []
    expect(one.page.locator("label.yes").first).to_have_text("Do it" if language == "en-US" else "同意做")
    context.close()
