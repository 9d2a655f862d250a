"""The cards of customers and cars, changed where their fields stand by keys alone, and by two people at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import poor_contrast, sideways

KNOWN = """
select s.customer_id, o.vehicle_id from customers_customerstore s
join foundation_store f on f.id = s.store_id and f.code = 'HZ01'
join customers_customer c on c.id = s.customer_id and c.kind = 'person' and c.level = 'normal'
join vehicles_vehicleownership o on o.customer_id = c.id and o.until_on is null
join vehicles_vehicle v on v.id = o.vehicle_id and v.status = 'in_use' and length(v.vin) = 17
order by s.customer_id desc limit 12
"""
SIZES = [(1440, 900), (1024, 768), (390, 844)]


@pytest.fixture(scope="session")
def known(program):
    """Customers of the home store with a car each; every test takes the next one."""
    return iter(dict(program.base.rows(KNOWN)).items())


def cell(page, name):
    return page.locator(f"#cell-{name}")


def value(base, table, its_id, column):
    return base.rows(f"select {column} from {table} where id = :id", id=its_id)[0][0]


def test_a_name_is_changed_by_keys_taken_back_and_undone(person, program, known):
    one, (customer, _car) = person("advisor"), next(known)
    page = one.page
    one.goes(f"/customers/{customer}")
    before = page.locator("h1").inner_text()
    one.begins()
    one.presses("e")
    expect(page.locator("#edit-name")).to_be_focused()
    one.types("欧阳测试")
    one.presses("Enter")
    expect(page.locator("h1")).to_have_text("欧阳测试")
    expect(cell(page, "name").locator("[data-cell]")).to_be_focused()
    assert one.effort <= 2 + len("欧阳测试")
    assert value(program.base, "customers_customer", customer, "name") == "欧阳测试"
    one.presses("e")
    expect(page.locator("#edit-name")).to_be_focused()
    one.types("不算数")
    one.presses("Escape")
    expect(cell(page, "name").locator("[data-cell]")).to_be_focused()
    expect(cell(page, "name")).to_contain_text("欧阳测试")
    with page.expect_navigation():
        one.presses("z")
    expect(page.locator("h1")).to_have_text(before)
    assert value(program.base, "customers_customer", customer, "name") == before


def test_tab_saves_and_goes_on_to_the_next_field_and_a_refusal_stays(person, program, known):
    one, (customer, _car) = person("advisor"), next(known)
    page = one.page
    one.goes(f"/customers/{customer}?edit=level")
    expect(page.locator("#edit-level")).to_be_focused()
    page.locator("#edit-level").select_option("gold")
    one.presses("Tab")
    expect(page.locator("#edit-level")).to_have_count(0)
    expect(page.locator("[data-cell-input]")).to_be_focused()
    expect(cell(page, "level")).to_contain_text("金卡")
    assert value(program.base, "customers_customer", customer, "level") == "gold"
    one.presses("Escape")
    cell(page, "mobile").locator("[data-cell]").click()
    expect(page.locator("#edit-mobile")).to_be_focused()
    one.types("1391111")
    one.presses("Tab")
    expect(page.locator("#edit-mobile-error")).to_contain_text("少了 4 位")
    expect(page.locator("#edit-mobile")).to_have_value("1391111")
    expect(page.locator("#edit-mobile")).to_be_focused()


def test_keys_pressed_before_a_field_is_open_are_none_of_them_lost(person, program, known):
    one, (customer, _car) = person("advisor"), next(known)
    page = one.page
    one.goes(f"/customers/{customer}")
    slow = {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1}
    one.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    one.presses("e")
    one.types("Quick Anna")
    one.presses("Tab")
    one.types("139")
    expect(page.locator("#edit-mobile")).to_be_focused()
    expect(page.locator("#edit-mobile")).to_have_value("139")
    expect(page.locator("h1")).to_have_text("Quick Anna")
    one.presses("Escape")
    expect(cell(page, "mobile").locator("[data-cell]")).to_be_focused()
    assert value(program.base, "customers_customer", customer, "name") == "Quick Anna"
    cell(page, "name").locator("[data-cell]").focus()
    one.presses("Enter")
    one.types("Quicker Anna")
    one.presses("Enter")
    expect(page.locator("h1")).to_have_text("Quicker Anna")
    expect(cell(page, "name").locator("[data-cell]")).to_be_focused()
    cell(page, "name").locator("[data-cell]").press("Enter")
    one.types("Nobody")
    one.presses("Escape")
    expect(page.locator("#edit-name")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Quicker Anna")
    assert value(program.base, "customers_customer", customer, "name") == "Quicker Anna"


def test_two_people_at_one_field_see_both_values_and_one_decides(person, program, known):
    customer, _car = next(known)
    mine, theirs = person("advisor"), person("care_agent")
    for one in (mine, theirs):
        one.goes(f"/customers/{customer}")
        cell(one.page, "level").locator("[data-cell]").click()
        expect(one.page.locator("#edit-level")).to_be_focused()
    theirs.page.locator("#edit-level").select_option("gold")
    theirs.presses("Enter")
    expect(cell(theirs.page, "level").locator("form")).to_have_count(0)
    expect(cell(theirs.page, "level")).to_contain_text("金卡")
    mine.page.locator("#edit-level").select_option("silver")
    mine.presses("Enter")
    clash = mine.page.locator(".clash")
    expect(clash).to_contain_text("金卡")
    expect(clash.locator("[data-mine]")).to_have_text("银卡")
    assert poor_contrast(mine.page) == []
    assert value(program.base, "customers_customer", customer, "level") == "gold"
    with mine.page.expect_response(lambda answer: "since=" in answer.url):
        mine.presses("Enter")  # pressing on decides nothing: it is asked anew
    expect(cell(mine.page, "level").locator("form[aria-busy]")).to_have_count(0)
    expect(clash).to_be_visible()
    assert value(program.base, "customers_customer", customer, "level") == "gold"
    mine.page.get_by_role("button", name="用我的").click()
    expect(cell(mine.page, "level").locator("form")).to_have_count(0)
    assert value(program.base, "customers_customer", customer, "level") == "silver"


def test_who_gives_way_sees_what_the_other_made_of_it(person, program, known):
    customer, _car = next(known)
    mine, theirs = person("advisor"), person("care_agent")
    for one in (mine, theirs):
        one.goes(f"/customers/{customer}?edit=level")
    theirs.page.locator("#edit-level").select_option("gold")
    theirs.presses("Enter")
    expect(cell(theirs.page, "level").locator("form")).to_have_count(0)
    mine.page.locator("#edit-level").select_option("silver")
    mine.presses("Enter")
    expect(mine.page.locator(".clash")).to_be_visible()
    mine.page.locator("#edit-level").focus()
    mine.presses("Escape")
    expect(cell(mine.page, "level").locator("form")).to_have_count(0)
    expect(cell(mine.page, "level")).to_contain_text("金卡")
    assert value(program.base, "customers_customer", customer, "level") == "gold"


def test_a_wrong_vin_names_the_sign_and_may_be_insisted_on(person, program, known):
    one, (_customer, car) = person("advisor"), next(known)
    page = one.page
    one.goes(f"/vehicles/{car}")
    cell(page, "vin").locator("[data-cell]").click()
    expect(page.locator("#edit-vin")).to_be_focused()
    one.types("LSVAU2180N2183294")
    insist = cell(page, "vin").locator("[data-when='vehicles.vehicle.check_digit'] input")
    expect(insist).to_be_hidden()
    one.presses("Enter")
    expect(page.locator("#edit-vin-error")).to_contain_text("第 9 位")
    expect(insist).to_be_visible()
    insist.check()
    page.locator("#edit-vin").press("Enter")
    expect(cell(page, "vin").locator("form")).to_have_count(0)
    assert value(program.base, "vehicles_vehicle", car, "vin") == "LSVAU2180N2183294"


def test_a_lower_mileage_asks_why_and_the_readings_follow(person, program, known):
    one, (_customer, car) = person("advisor"), next(known)
    page = one.page
    km = int(value(program.base, "vehicles_vehicle", car, "last_mileage"))
    one.goes(f"/vehicles/{car}?edit=mileage")
    expect(page.locator("#edit-mileage")).to_be_focused()
    page.locator("#edit-mileage").fill(str(km - 10))
    one.presses("Enter")
    expect(page.locator("#edit-mileage-error")).to_be_visible()
    page.locator("select[name=mileage_reason]").select_option("typo")
    page.locator("#edit-mileage").press("Enter")
    expect(cell(page, "mileage").locator("form")).to_have_count(0)
    expect(page.locator("#car-mileage tbody tr").first).to_contain_text(f"{km - 10:,}")
    assert value(program.base, "vehicles_vehicle", car, "last_mileage") == km - 10
    with page.expect_navigation():
        one.presses("z")
    assert value(program.base, "vehicles_vehicle", car, "last_mileage") == km


@pytest.mark.parametrize(
    ("language", "dark"), [("zh-CN", False), ("zh-CN", True), ("en-US", False)], ids=["light", "dark", "english"]
)
@pytest.mark.parametrize("size", SIZES, ids=["desk", "tablet", "phone"])
def test_an_open_field_can_be_read_and_fits_everywhere(person, known_again, size, language, dark):
    one = person("advisor", size=size, language=language, dark=dark)
    for address in known_again:
        one.goes(address)
        expect(one.page.locator("[data-cell-input]")).to_be_focused()
        assert sideways(one.page) <= 0
        assert poor_contrast(one.page) == []
        assert one.shift() <= 0.02
        box, card = (one.page.locator(which).bounding_box() for which in (".cell-form", ".card:has(.cell-form)"))
        assert card["x"] <= box["x"]
        assert box["x"] + box["width"] <= card["x"] + card["width"]


@pytest.fixture(scope="session")
def known_again(program):
    customer, car = program.base.rows(KNOWN)[-1]
    return (
        f"/customers/{customer}?edit=birthday_on",
        f"/customers/{customer}?edit=id_no",
        f"/vehicles/{car}?edit=plate",
    )


LABELS = """
() => [...document.querySelectorAll(".rail-item")].filter((one) => one.getClientRects().length).flatMap((one) => {
  const text = [...one.childNodes].find((node) => node.nodeType === 3 && node.textContent.trim());
  if (!text) return [];
  const range = document.createRange();
  range.selectNodeContents(text);
  const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  const holder = one.closest("details > :not(summary)") ?? one.closest(".rail"); // what stands behind 更多 lies beside the rail
  const [words, item, rail] = [range, one, holder].map((each) => each.getBoundingClientRect());
  const cut = words.left < item.left - 0.5 || words.right > item.right + 0.5 || item.right > rail.right + 0.5;
  return lines > 1 || cut ? [`${text.textContent.trim()}: ${lines} lines, ${words.width} in ${item.width}`] : [];
})
"""


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("role", ["advisor", "store_manager", "parts_keeper", "consultant", "foreman"])
def test_no_label_of_the_rail_breaks_or_is_cut(person, role, language):
    one = person(role, language=language)
    for address in [entry.get_attribute("href") for entry in one.page.locator(".rail > .rail-item[href]").all()]:
        one.goes(address)  # each marks itself, which is wider
        for width, height in SIZES:
            one.page.set_viewport_size({"width": width, "height": height})
            assert one.page.evaluate(LABELS) == []


def test_a_phone_bar_has_five_places_and_the_rest_behind_the_last(person):
    one = person("store_manager", size=(390, 844))
    bar = one.page.locator(".rail > :is(.rail-item, .rail-more):visible")
    expect(bar).to_have_count(5)
    assert all(box["height"] >= 44 for box in (each.bounding_box() for each in bar.all()))
    one.page.locator(".rail-more > summary").click()
    one.page.locator(".rail-list .rail-item:visible", has_text="客户").click()
    one.page.wait_for_url(re.compile(r"/customers/"))
    assert sideways(one.page) <= 0


def test_what_is_folded_away_keeps_its_values_and_opens_for_what_is_wrong_inside(person):
    one = person("advisor")
    page = one.page
    one.goes("/customers/new")
    insists, more = page.locator("details.folded").all()
    expect(page.locator("#id_second_mobile")).to_be_hidden()
    page.locator("#id_name").fill("折叠测试")
    more.locator("summary").click()
    page.locator("#id_second_mobile").fill("12345678901")
    page.locator("#id_occupation").fill("教师")
    more.locator("summary").click()
    expect(page.locator("#id_second_mobile")).to_be_hidden()
    one.presses("Control+Enter")
    expect(page.locator("#id_second_mobile")).to_be_focused()
    expect(page.locator("#id_second_mobile-error")).to_be_visible()
    expect(page.locator("#id_occupation")).to_have_value("教师")
    expect(insists).not_to_have_attribute("open", "")


def test_a_number_that_is_on_file_opens_the_boxes_by_which_one_insists(person):
    one = person("advisor")
    page = one.page
    one.goes("/customers/new")
    page.locator("#id_name").fill("折叠测试")
    page.locator("#id_mobile").fill("11111111111")
    one.presses("Control+Enter")
    expect(page.locator("#id_mobile")).to_be_focused()
    expect(page.locator("#id_confirmed")).to_be_visible()
    expect(page.locator("#id_second_mobile")).to_be_hidden()
