"""The shell in a real Chromium under the product's security policy: keyboard, search, polling, photographs, board."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.foundation.ui_site import clicks, opened, until, wait_for

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.foundation.ui_browser"]


# --- nothing the policy forbids ---


@pytest.mark.parametrize("name", ["keys", "form", "poll", "board", "photo", "phone"])
def test_every_page_runs_under_the_policy_without_a_complaint(tab, name):
    opened(tab, name)
    tab.wait_for_timeout(200)
    assert tab.complaints == []


def test_code_in_attributes_is_switched_off(tab):
    opened(tab, "form")
    tab.click("#eval")
    assert tab.evaluate("window.evaluated") is None


def test_icons_are_drawn_from_the_sprite(tab):
    opened(tab, "keys")
    until(tab, "document.querySelector('.rail-logo svg use').getBoundingClientRect().width > 5")


@pytest.mark.parametrize("name", ["keys", "form", "phone"])
def test_a_width_of_320_pixels_needs_no_sideways_scroll(tab, name):
    tab.set_viewport_size({"width": 320, "height": 640})
    opened(tab, name)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_every_target_on_a_phone_is_44_pixels_high(tab):
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, "phone")
    heights = tab.evaluate(
        "[...document.querySelectorAll('button, a.phone-tab')].filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 7
    assert min(heights) >= 44


def test_the_page_does_not_shift_while_it_loads(tab):
    tab.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) window.shift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    opened(tab, "board")
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.shift") < 0.02


# --- keyboard ---


@pytest.mark.parametrize(
    ("key", "clicked"), [("n", "new"), ("Shift+A", "all"), ("Control+Enter", "main-act"), ("Meta+Enter", "main-act")]
)
def test_a_key_does_what_its_button_does(tab, key, clicked):
    opened(tab, "keys")
    tab.keyboard.press(key)
    assert clicks(tab) == [clicked]


def test_single_letters_are_text_in_a_text_field_but_the_main_act_still_works(tab):
    opened(tab, "keys")
    tab.keyboard.press("i")
    expect(tab.locator("#free")).to_be_focused()
    tab.keyboard.type("n2/?z")
    assert (tab.input_value("#free"), clicks(tab)) == ("n2/?z", [])
    tab.keyboard.press("Control+Enter")
    assert clicks(tab) == ["main-act"]


def test_a_digit_takes_the_choice_it_stands_on(tab):
    opened(tab, "keys")
    tab.keyboard.press("2")
    assert tab.is_checked("input[name=way]")


def test_keys_of_the_input_method_are_left_alone(tab):
    opened(tab, "keys")
    tab.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', isComposing: true, bubbles: true}))")
    tab.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', keyCode: 229, bubbles: true}))")
    assert clicks(tab) == []


def test_single_keys_can_be_switched_off_and_chords_stay(tab):
    opened(tab, "keys?keys=off")
    tab.keyboard.press("n")
    tab.keyboard.press("/")
    assert clicks(tab) == []
    tab.keyboard.press("Control+Enter")
    assert clicks(tab) == ["main-act"]


def test_j_and_k_walk_the_rows_and_enter_opens_one(tab):
    opened(tab, "keys")
    for key in "jjk":
        tab.keyboard.press(key)
    expect(tab.locator("#row-1")).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("j")
    expect(tab.locator("#row-2")).to_be_focused()
    tab.keyboard.press("Enter")
    assert clicks(tab) == ["open-2"]


def test_g_and_a_letter_go_to_a_place_in_the_navigation(tab):
    opened(tab, "keys")
    tab.keyboard.press("g")
    tab.keyboard.press("o")
    tab.wait_for_url("**/went/O")


def test_the_question_mark_lists_the_keys_of_the_page_and_escape_closes_the_list(tab):
    opened(tab, "keys")
    tab.keyboard.press("?")
    listed = tab.locator("[data-keys-here] li").all_inner_texts()
    words = [re.sub(r"\s+", " ", line) for line in listed]
    assert "开单 N" in words
    assert "全收 ⇧A" in words
    assert "工单 G O" in words
    assert "现金 2" in words
    tab.keyboard.press("Escape")
    expect(tab.locator("#keys-dialog")).to_be_hidden()


# --- search ---


def under_way(tab, site, text):
    """Wait until the site has been asked for the text; its answer takes a while."""
    wait_for(tab, lambda: text in site.asked)


def test_typing_finds_and_enter_does_the_main_act(tab, site):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.type("lmh")
    expect(tab.locator("#omni-hit-1")).to_have_attribute("aria-selected", "true")
    expect(tab.locator("#omni")).to_have_attribute("aria-activedescendant", "omni-hit-1")
    expect(tab.locator("#omni")).to_have_attribute("aria-expanded", "true")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/went/1?lmh")
    assert site.asked == ["lmh"]


def test_enter_before_the_answer_waits_for_the_answer_of_the_present_text(tab, site):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.insert_text("slow")
    under_way(tab, site, "slow")
    tab.keyboard.insert_text("est")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/went/1?slowest")
    assert site.asked == ["slow", "slowest"]


def test_a_hand_scanner_that_ends_with_enter_opens_at_once(tab, site):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.insert_text("LSVCC6A49KN128846")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/went/1?LSVCC6A49KN128846")
    assert site.asked == ["LSVCC6A49KN128846"]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        (["ArrowDown", "Enter"], "**/went/2?8k62"),
        (["Alt+2"], "**/went/2?8k62"),
        (["ArrowDown", "1"], "**/went/1?8k62"),
        (["Shift+Enter"], "**/went/new?8k62"),
        (["Tab"], "**/file/1"),
        (["ArrowDown", "Tab"], "**/file/2"),
    ],
)
def test_the_list_is_used_by_keys_while_digits_stay_text(tab, keys, where):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.type("8k62")
    expect(tab.locator("#omni-hit-2")).to_be_visible()
    assert tab.input_value("#omni") == "8k62"
    for key in keys:
        tab.keyboard.press(key)
    tab.wait_for_url(where)


def test_an_older_answer_never_replaces_a_newer_one(tab, site):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.insert_text("slow")
    under_way(tab, site, "slow")
    tab.fill("#omni", "quick")
    expect(tab.locator("#omni-list")).to_have_attribute("data-text", "quick")
    tab.wait_for_timeout(500)
    expect(tab.locator("#omni-list")).to_have_attribute("data-text", "quick")


def test_escape_closes_the_hits_and_then_leaves_the_box(tab):
    opened(tab, "keys")
    tab.keyboard.press("/")
    tab.keyboard.type("lmh")
    expect(tab.locator("#omni-panel")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#omni-panel")).to_be_hidden()
    expect(tab.locator("#omni")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("#omni")).not_to_be_focused()


# --- polling ---


def test_polling_asks_with_the_tag_it_has_and_follows_a_change(tab, site):
    opened(tab, "poll")
    expect(tab.locator("#poll")).to_contain_text("version 1")
    assert site.tags[0] == ""
    wait_for(tab, lambda: '"1"' in site.tags)
    site.tags.clear()
    wait_for(tab, lambda: len(site.tags) > 2)
    assert set(site.tags) == {'"1"'}
    site.version = 2
    expect(tab.locator("#poll")).to_contain_text("version 2")


def test_polling_rests_while_somebody_types_inside(tab, site):
    opened(tab, "poll")
    tab.click("#typed")
    tab.keyboard.type("half a sen")
    site.version = 2
    before = len(site.tags)
    tab.wait_for_timeout(500)
    assert len(site.tags) <= before + 1
    assert tab.input_value("#typed") == "half a sen"
    expect(tab.locator("#poll")).to_contain_text("version 1")
    tab.keyboard.press("Escape")
    expect(tab.locator("#poll")).to_contain_text("version 2")


# --- photographs ---


def test_a_large_photograph_is_sent_with_1600_pixels_and_without_its_place(tab, site, tmp_path):
    large = Image.effect_noise((3200, 2400), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "camera maker"
    large.save(tmp_path / "large.jpg", exif=exif)
    opened(tab, "photo")
    tab.set_input_files("#photo", tmp_path / "large.jpg")
    expect(tab.locator("#done")).to_be_visible()
    body = site.sent[0].body
    picture = body[body.index(b"\xff\xd8") : body.rindex(b"\xff\xd9") + 2]
    with Image.open(io.BytesIO(picture)) as arrived:
        assert (arrived.size, dict(arrived.getexif())) == ((1600, 1200), {})
    assert len(site.sent) == 1


# --- board ---


def test_a_block_is_dragged_to_another_lane_and_time(tab, site):
    opened(tab, "board")
    block = tab.locator("#block").bounding_box()
    lane = tab.locator("[data-lane='2']").bounding_box()
    tab.mouse.move(block["x"] + 10, block["y"] + 20)
    tab.mouse.down()
    tab.mouse.move(block["x"] + 60, lane["y"] + 10, steps=4)
    tab.mouse.move(lane["x"] + 10 + lane["width"] * 63 / 114, lane["y"] + 20, steps=4)
    expect(tab.locator(".drag-sign")).to_have_text("刘洋 13:45")
    with tab.expect_response("**/move"):
        tab.mouse.up()
    assert (site.sent[0].form["to"], site.sent[0].form["at"]) == ("2", "13:45")
    assert len(site.sent[0].form["_key"]) >= 24


def test_arrows_shift_a_block_by_a_quarter_of_an_hour_in_one_sending(tab, site):
    opened(tab, "board")
    tab.focus("#block")
    pressed = """for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft'])
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"""
    with tab.expect_response("**/move"):
        tab.evaluate(pressed)
    assert [(sent.form["to"], sent.form["at"]) for sent in site.sent] == [("1", "10:00")]


def test_a_refused_move_goes_back_to_where_it_was(tab):
    opened(tab, "board?where=/refuse?")
    tab.focus("#block")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#block")).to_have_class(re.compile(r"\bat-15\b"))
    expect(tab.locator("#notice .problems")).to_be_visible()
    expect(tab.locator("#block")).to_have_class(re.compile(r"\bat-12\b"))


def test_a_refusal_after_a_place_was_chosen_is_said_on_the_page(tab):
    opened(tab, "board?where=/refuse?")
    tab.focus("#block")
    tab.keyboard.press("m")
    expect(tab.locator("#refused-place")).to_be_visible()
    tab.click("#refused-place")
    expect(tab.locator("#layer")).to_be_hidden()
    expect(tab.locator("#notice .problems")).to_be_visible()


@pytest.mark.parametrize("way", ["m", "tap"])
def test_m_or_a_tap_lists_the_places_in_a_dialog(tab, way):
    opened(tab, "board")
    tab.focus("#block")
    if way == "m":
        tab.keyboard.press("m")
    else:
        tab.click("#block")
    expect(tab.locator("#place")).to_be_visible()
    tab.click("#place")
    expect(tab.locator("#layer")).to_be_hidden()
