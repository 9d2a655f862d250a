"""Every screen that a role sees: quiet console, steady layout, light transfer, readable in light and dark, no sideways scroll."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.screens import Transfer, poor_contrast, sideways, small_targets
from tests.browser.slow import line_to

DESK, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)
DESK_BYTES, PHONE_BYTES = 150_000, 40_000
STEADY = 0.02

# role, address; {car} and the like are taken from the demo's database
SCREENS = [
    ("advisor", "/workshop/reception"),
    ("advisor", "/workshop/reception/cars/{car}"),
    ("advisor", "/workshop/reception/new-car"),
    ("advisor", "/workshop/appointments"),
    ("advisor", "/workshop/appointments/new"),
    ("advisor", "/workshop/appointments/new?vehicle={car}"),
    ("advisor", "/workshop/orders"),
    ("advisor", "/workshop/orders/{working}"),
    ("advisor", "/customers/"),
    ("advisor", "/customers/{customer}"),
    ("advisor", "/vehicles/"),
    ("advisor", "/vehicles/{car}"),
    ("foreman", "/workshop/board"),
    ("foreman", "/workshop/board?view=bays"),
    ("foreman", "/workshop/board?view=columns"),
    ("foreman", "/workshop/board?wall=1"),
    ("foreman", "/workshop/roster"),
    ("foreman", "/workshop/bays"),
    ("foreman", "/workshop/technicians"),
    ("foreman", "/workshop/technicians/{technician}"),
    ("inspector", "/workshop/checks"),
    ("inspector", "/workshop/orders/{qc}/check"),
    ("parts_keeper", "/parts/"),
    ("parts_keeper", "/parts/stock"),
    ("parts_keeper", "/parts/requests/{request}"),
    ("parts_keeper", "/parts/parts/{part}"),
    ("parts_keeper", "/parts/history"),
    ("parts_keeper", "/parts/receive"),
    ("cashier", "/workshop/counter"),
    ("cashier", "/workshop/orders/{ready}/settle"),
    ("cashier", "/workshop/counter/shift"),
    ("accountant", "/workshop/counter"),
    ("store_manager", "/workshop/today"),
    ("store_manager", "/workshop/today/on_time"),
    ("store_manager", "/opening-hours"),
    ("store_manager", "/import"),
    ("store_manager", "/workshop/flows"),
    ("care_agent", "/todos"),
    ("administrator", "/colleagues"),
    ("administrator", "/colleagues/add"),
]
# Those whose every text is looked at too, at the desk's size or the phone's.
MAIN = {
    ("advisor", "/workshop/reception"),
    ("advisor", "/workshop/reception/cars/{car}"),
    ("advisor", "/workshop/orders/{working}"),
    ("advisor", "/workshop/appointments"),
    ("advisor", "/workshop/appointments/new?vehicle={car}"),
    ("foreman", "/workshop/board"),
    ("foreman", "/workshop/board?view=columns"),
    ("foreman", "/workshop/board?wall=1"),
    ("inspector", "/workshop/orders/{qc}/check"),
    ("parts_keeper", "/parts/"),
    ("parts_keeper", "/parts/stock"),
    ("parts_keeper", "/parts/history"),
    ("parts_keeper", "/parts/parts/{part}"),
    ("parts_keeper", "/parts/requests/{request}"),
    ("parts_keeper", "/parts/receive"),
    ("cashier", "/workshop/orders/{ready}/settle"),
    ("store_manager", "/workshop/today"),
    ("store_manager", "/opening-hours"),
    ("store_manager", "/import"),
    ("administrator", "/colleagues"),
    ("administrator", "/colleagues/add"),
}
ON_A_PHONE = [
    ("inspector", "/workshop/checks"),
    ("cashier", "/workshop/counter"),
    ("technician", "/workshop/my-jobs"),
    ("technician", "/workshop/scan"),
    ("foreman", "/workshop/board"),
    ("parts_keeper", "/parts/"),
    ("parts_keeper", "/parts/history"),
    ("parts_keeper", "/parts/receive"),
    ("store_manager", "/opening-hours"),
    ("store_manager", "/import"),
]


def visit(one, address):
    """Open a page as on a first visit; what came over the network."""
    transfer = Transfer(one.context, one.tab)
    answer = one.goes(address, until="networkidle")
    assert answer.status == 200, (address, answer.status)
    return transfer.bytes


def hard_to_read(page):
    """Texts with too little contrast, by the colours that are wished for; the page stays as it was loaded."""
    poor = {}
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        poor[colours] = poor_contrast(page)
    return poor


EASY = {"light": [], "dark": []}


def test_every_main_screen_is_among_the_screens():
    assert set(SCREENS) > MAIN
    assert (len(SCREENS), len(MAIN), len(ON_A_PHONE)) == (40, 21, 10)


@pytest.mark.parametrize(("role", "address"), SCREENS)
def test_a_desk_screen_is_light_and_steady_fits_a_tablet_and_can_be_read(person, ids, role, address):
    one = person(role, size=TABLET)
    sent = visit(one, address.format(**ids))
    assert sent <= DESK_BYTES
    assert one.shift() <= STEADY
    assert sideways(one.page) <= 0
    if "wall" not in address:  # it hangs too high for a finger
        assert small_targets(one.page) == []
    if (role, address) in MAIN:
        one.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        assert hard_to_read(one.page) == EASY


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("advisor", "/workshop/reception"),
        ("advisor", "/workshop/reception/cars/{car}"),
        ("advisor", "/workshop/appointments"),
        ("advisor", "/workshop/orders"),
        ("advisor", "/workshop/orders/{working}"),
        ("advisor", "/customers/{customer}"),
        ("advisor", "/vehicles/{car}"),
        ("cashier", "/workshop/counter"),
        ("cashier", "/workshop/orders/{ready}/settle"),
        ("parts_keeper", "/parts/"),
        ("parts_keeper", "/parts/requests/{request}"),
        ("parts_keeper", "/parts/parts/{part}"),
        ("administrator", "/colleagues"),
        ("administrator", "/colleagues/add"),
    ],
)
def test_a_finger_hits_every_control_of_a_desk_screen_on_a_phone(person, ids, role, address):
    one = person(role, size=PHONE)
    visit(one, address.format(**ids))
    assert small_targets(one.page) == []
    assert sideways(one.page) <= 0


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("advisor", "/customers/"),
        ("advisor", "/workshop/appointments"),
        ("foreman", "/workshop/board"),
    ],
)
def test_a_page_that_comes_in_pieces_stands_still(person, ids, program, role, address):
    one = person(role, size=TABLET)
    with line_to(urlsplit(program.address).port) as line:
        one.address = line.address
        one.goes(address.format(**ids))
        one.context.set_extra_http_headers({"accept-encoding": "identity"})
        line.slow = True
        one.page.reload()
        assert one.shift() <= STEADY


NARROW = (320, 640)


@pytest.mark.parametrize(
    "address",
    [
        "/workshop/reception",
        "/workshop/reception/cars/{car}",
        "/workshop/reception/new-car",
        "/workshop/appointments",
        "/workshop/appointments/new?vehicle={car}",
        "/workshop/orders",
        "/workshop/orders/{working}",
    ],
)
def test_an_advisor_s_screen_fits_the_narrowest_phone(person, ids, address):
    one = person("advisor", size=NARROW, language="en")
    visit(one, address.format(**ids))
    assert sideways(one.page) <= 0


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_technician_s_phone_is_light_and_steady_and_fits(person, language):
    one = person("technician", size=PHONE, language=language)
    sent = visit(one, "/workshop/my-jobs")
    assert sent <= PHONE_BYTES
    assert one.shift() <= STEADY
    assert sideways(one.page) <= 0
    one.page.locator(".trio a, .next > a").first.click()
    one.page.wait_for_url("**/workshop/jobs/*")
    assert sideways(one.page) <= 0
    assert one.shift() <= STEADY


def test_the_owner_s_page_is_light_and_steady_and_fits(person, browser, ids):
    advisor = person("advisor")
    advisor.goes(f"/workshop/orders/{ids['working']}")
    link = advisor.page.locator("a[href*='/workshop/p/']").get_attribute("href")
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    transfer = Transfer(context, page)
    answer = page.goto(f"{advisor.address}{link}" if link.startswith("/") else link, wait_until="networkidle")
    assert answer.status == 200
    assert transfer.bytes <= PHONE_BYTES
    assert sideways(page) <= 0
    assert poor_contrast(page) == []
    context.close()


@pytest.mark.parametrize(("role", "address"), ON_A_PHONE)
def test_a_screen_on_a_phone_fits_and_every_text_has_contrast(person, ids, role, address):
    one = person(role, size=PHONE)
    visit(one, address.format(**ids))
    assert sideways(one.page) <= 0
    assert hard_to_read(one.page) == EASY


BAR = """() => {
  const [bar, main, last] = [".decision", "#main", "#send-back"].map((one) => document.querySelector(one).getBoundingClientRect());
  return { below: Math.round(bar.bottom - main.bottom), covers: Math.max(0, Math.round(last.bottom - bar.top)) };
}"""


@pytest.mark.parametrize("size", [TABLET, PHONE])
def test_the_inspector_s_decision_stays_in_sight_and_hides_nothing_at_the_end(person, ids, size):
    one = person("inspector", size=size)
    visit(one, "/workshop/orders/{qc}/check".format(**ids))
    assert one.page.evaluate(BAR)["below"] == 0
    one.page.evaluate("document.getElementById('main').scrollTop = 99999")
    at_end = one.page.evaluate(BAR)
    assert (at_end["below"] <= 0, at_end["covers"]) == (True, 0)
    assert one.shift() <= STEADY
