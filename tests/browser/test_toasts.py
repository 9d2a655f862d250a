"""What was just done is said where it covers nothing that is needed next, and leaves room to scroll everything free."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens import in_sight

DESK, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)

SAID = "已派给刘洋，浙A·D83721 承诺 16:30 交车，配件已预留"
SAY = """(text) => document.dispatchEvent(new CustomEvent("cheyi:toast", { detail: { text, undo: "7" } }))"""
# The acts of a page that its toast lies over: at once, and those that no scrolling brings out from under it.
COVERED = """() => {
  const toast = document.querySelector("#toast .toast");
  const acts = [...document.querySelectorAll(".btn-primary, [data-primary], .btn-large, .btn-danger")]
    .filter((one) => !one.closest(".toasts, dialog") && one.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const under = (one) => {
    const [a, b] = [one.getBoundingClientRect(), toast.getBoundingClientRect()];
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  };
  const reached = (one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(left + width / 2, top + height / 2)) && !under(one);
  };
  const told = (one) => one.textContent.trim().slice(0, 20);
  const within = (one) => one.getBoundingClientRect().bottom <= innerHeight && one.getBoundingClientRect().top >= 0;
  const most = acts.filter((one) => one.matches(".btn-primary, [data-primary]")).filter(within).filter(under).map(told);
  const never = acts.filter((one) => {
    if (reached(one)) return false;
    return !["start", "center", "end"].some((block) => (one.scrollIntoView({ block }), reached(one)));
  }).map(told);
  return { most, never };
}"""
# What stands last on a page but for its bar, once it is scrolled to its end: pixels of it that the toast lies over.
AT_END = """() => {
  const scroller = document.querySelector(".shell > .main") ?? document.scrollingElement;
  scroller.scrollTop = scroller.scrollHeight;
  const controls = [...document.querySelectorAll("#main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)")]
    .filter((one) => !one.closest(".decision") && one.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const last = controls.map((one) => one.getBoundingClientRect()).sort((a, b) => a.bottom - b.bottom).at(-1);
  const toast = document.querySelector("#toast .toast").getBoundingClientRect();
  if (last.right <= toast.left || toast.right <= last.left) return 0;
  return Math.max(0, Math.round(Math.min(last.bottom, toast.bottom) - Math.max(last.top, toast.top)));
}"""
NOTHING = {"most": [], "never": []}


def says(one) -> None:
    """Something was done on this page and offers its undo."""
    one.page.evaluate(SAY, SAID)
    expect(one.page.locator("#toast .toast")).to_contain_text(SAID)


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE])
@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("advisor", "/workshop/reception/cars/{car}"),
        ("advisor", "/workshop/appointments/new?vehicle={car}"),
        ("advisor", "/workshop/orders/{working}"),
        ("foreman", "/workshop/board"),
        ("inspector", "/workshop/orders/{qc}/check"),
        ("cashier", "/workshop/orders/{ready}/settle"),
        ("parts_keeper", "/parts/"),
    ],
)
def test_what_was_done_is_said_beside_the_acts_of_a_page(person, ids, role, address, size):
    one = person(role, size=size)
    one.goes(address.format(**ids))
    says(one)
    assert in_sight(one.page.locator("#toast .toast"))
    assert one.page.evaluate(COVERED) == NOTHING


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_was_done_is_said_beside_the_buttons_of_the_technician_s_phone(person, language):
    one = person("technician", size=PHONE, language=language)
    job = one.page.locator(".trio a, .next > a").first.get_attribute("href").partition("#")[0]
    for address in ("/workshop/my-jobs", job, "/workshop/scan", "/workshop/my-messages"):
        one.goes(address)
        says(one)
        assert in_sight(one.page.locator("#toast .toast")), address
        assert one.page.evaluate(COVERED) == NOTHING, address
        assert one.page.evaluate(AT_END) == 0, address


@pytest.mark.parametrize("size", [TABLET, PHONE])
@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("inspector", "/workshop/orders/{qc}/check"),
        ("cashier", "/workshop/orders/{ready}/settle"),
        ("parts_keeper", "/parts/history"),
        ("advisor", "/workshop/orders/{working}"),
    ],
)
def test_the_last_control_of_a_page_can_be_scrolled_out_from_under_what_is_said(person, ids, role, address, size):
    one = person(role, size=size)
    one.goes(address.format(**ids))
    says(one)
    assert one.page.evaluate(AT_END) == 0
    assert one.shift() <= 0.02


def test_a_click_goes_through_what_is_said_except_on_its_undo(person):
    one = person("parts_keeper", size=TABLET)
    one.goes("/parts/history")
    says(one)
    hit = """(at) => {
      const { left, top, width, height } = document.querySelector(at).getBoundingClientRect();
      return Boolean(document.elementFromPoint(left + width / 2, top + height / 2).closest(".toasts"));
    }"""
    assert one.page.evaluate(hit, "#toast .toast span") is False
    assert one.page.evaluate(hit, "#toast [data-undo]") is True
