"""An administrator adds a technician, who sets his own password by the link and sees his page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import poor_contrast, sideways, small_targets

SIZES = [(1440, 900), (1024, 768), (390, 844)]


@pytest.fixture
def admin(person):
    return person("administrator")


def adds(admin, name, role="技师"):
    """The link that the page shows for a new colleague of the open store."""
    admin.goes("/colleagues")
    admin.page.get_by_role("link", name="添加员工").click()
    admin.page.locator("[name=name]").fill(name)
    expect(admin.page.locator("[name=sign_in]")).not_to_have_value("")
    admin.page.locator(".role-groups > fieldset").first.get_by_label(role, exact=True).check()
    admin.presses("Control+Enter")
    link = admin.page.locator("#password-link")
    expect(link).to_have_value(re.compile("/password/"))
    return link.input_value()


def test_an_added_technician_sets_his_password_by_the_link_and_sees_his_page(admin, browser):
    link = adds(admin, "赵晓峰")
    expect(admin.page.locator("svg.qr")).to_be_visible()
    his = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    try:
        page = his.new_page()
        page.goto(link)
        expect(page.locator("main")).to_contain_text("赵晓峰，设一个自己的密码")
        page.locator("[name=password]").fill("short")
        page.locator("[name=password]").evaluate("field => field.removeAttribute('minlength')")
        page.get_by_role("button", name="设好并登录").click()
        expect(page.locator("#id_password-error")).to_contain_text("太短")
        page.locator("[name=password]").fill("kirsche fliegt heim")
        page.get_by_role("button", name="设好并登录").click()
        page.wait_for_url("**/workshop/my-jobs")
        expect(page.locator("body")).to_contain_text("赵晓峰")
        assert page.goto(link).status == 410
    finally:
        his.close()
    admin.goes("/colleagues?q=赵晓峰")
    expect(admin.page.locator("tbody tr")).to_contain_text("在职")


def test_the_link_is_gone_once_the_page_is_left_and_back_shows_no_secret(admin):
    adds(admin, "钱多多")
    admin.page.get_by_role("link", name="查看钱多多").click()
    expect(admin.page.locator("h1")).to_have_text("钱多多")
    expect(admin.page.locator("main")).to_contain_text("已给出链接")
    assert "/password/" not in admin.page.content()


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(admin):
    admin.goes("/colleagues/add")
    admin.page.locator("[name=name]").fill("孙有才")
    expect(admin.page.locator("[name=sign_in]")).to_have_value("sunyoucai")
    admin.page.locator("[name=sign_in]").fill("advisor")
    admin.page.locator(".role-groups > fieldset").first.get_by_label("前台", exact=True).check()
    admin.presses("Control+Enter")
    expect(admin.page.locator("#id_sign_in-error")).to_contain_text("“advisor”已有人用")
    expect(admin.page.locator("[name=name]")).to_have_value("孙有才")
    admin.page.locator("[name=sign_in]").fill("sunyoucai")
    admin.page.locator(".role-groups > fieldset").first.get_by_label("前台", exact=True).uncheck()
    admin.presses("Control+Enter")
    expect(admin.page.locator("#id_roles-error")).to_contain_text("至少选一个岗位")


def test_who_leaves_is_signed_out_and_the_toast_takes_it_back(admin, browser):
    link = adds(admin, "周全")
    his = browser.new_context(locale="zh-CN")
    try:
        page = his.new_page()
        page.goto(link)
        page.locator("[name=password]").fill("pflaume bleibt da")
        page.get_by_role("button", name="设好并登录").click()
        page.wait_for_url("**/workshop/my-jobs")
        admin.page.get_by_role("link", name="查看周全").click()
        admin.page.get_by_role("link", name="离职").click()
        admin.page.wait_for_url("**/leave")
        admin.page.get_by_role("button", name="离职").click()
        expect(admin.page.locator("#toast")).to_contain_text("周全 已离职并退出登录")
        admin.page.locator("#toast [data-undo]").click()  # at once: the toast is there for eight seconds
        expect(admin.page.locator("#toast")).to_contain_text("周全已恢复原样")
        expect(admin.page.locator(".page-head")).to_contain_text("在职")
        page.reload()
        expect(page).to_have_url(re.compile("/sign-in"))
        page.locator("#id_name").fill("zhouquan")
        page.locator("#id_password").fill("pflaume bleibt da")
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/workshop/my-jobs")
    finally:
        his.close()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(("dark", "language"), [(False, "zh-CN"), (True, "en")], ids=["light", "dark"])
def test_the_pages_of_people_fit_and_can_be_read(person, size, dark, language):
    admin = person("administrator", size=size, dark=dark, language=language)
    admin.goes("/colleagues")
    first = admin.page.locator("[data-open-row]").first.get_attribute("href")
    for way in (first, f"{first}/change", f"{first}/leave", f"{first}/link", f"{first}/release"):
        admin.goes(way)
        assert (way, sideways(admin.page), poor_contrast(admin.page)) == (way, 0, [])
        assert size[0] > 500 or (way, small_targets(admin.page)) == (way, [])
