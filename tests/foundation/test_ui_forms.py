"""Forms in a real Chromium: sent once, never lost, taken back by one key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.foundation.ui_site import UNDO, opened

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.foundation.ui_browser"]


# --- toast and undo ---


def test_z_undoes_what_the_toast_tells_and_does_it_once(tab, site):
    opened(tab, "form")
    tab.click("#bare")
    expect(tab.locator("#toast")).to_contain_text("已开单")
    tab.keyboard.press("z")
    expect(tab.locator("#done")).to_be_visible()
    expect(tab.locator("#toast form[aria-busy]")).to_have_count(0)
    assert [sent.path for sent in site.sent] == ["/form", f"/undo/{UNDO}"]
    assert len(site.sent[1].form["_key"]) >= 24


def test_a_toast_stays_for_eight_seconds_and_as_long_as_the_pointer_rests_on_it(slow_clock):
    opened(slow_clock, "form")
    toast = slow_clock.locator("#toast .toast")
    slow_clock.evaluate("document.dispatchEvent(new CustomEvent('cheyi:toast', {detail: {text: 'done'}}))")
    expect(toast).to_have_text("done")
    at = toast.bounding_box()
    slow_clock.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)  # it lets the pointer through
    slow_clock.clock.fast_forward(60_000)
    expect(toast).to_be_visible()
    slow_clock.mouse.move(5, 5)
    slow_clock.clock.fast_forward(9000)
    expect(toast).to_have_count(0)


# --- forms ---


def test_a_second_click_while_sending_is_dropped_and_the_token_goes_along(tab, site):
    opened(tab, "form?where=/slow")
    tab.fill("#id_name", "李明浩")
    tab.evaluate("const b = document.querySelector('#form button'); b.click(); b.click(); b.click()")
    expect(tab.locator("#done")).to_be_visible()
    assert len(site.sent) == 1
    assert site.sent[0].form["name"] == "李明浩"
    assert site.sent[0].headers["X-CSRFToken"] == tab.get_attribute("meta[name=csrf-token]", "content")


def test_each_sending_has_a_new_key_after_the_one_before_was_answered(tab, site):
    opened(tab, "form")
    for _ in range(2):
        with tab.expect_response("**/form"):
            tab.click("#form button")
        expect(tab.locator("#form[aria-busy]")).to_have_count(0)
    keys = [sent.form["_key"] for sent in site.sent]
    assert len(set(keys)) == 2


def test_a_plain_form_is_sent_once_too(tab, site):
    opened(tab, "plain")
    tab.evaluate("const b = document.querySelector('#form button'); b.click(); b.click()")
    tab.wait_for_url("**/slow")
    assert len(site.sent) == 1


def test_a_refusal_stands_beside_its_field_and_the_text_stays(tab):
    opened(tab, "form?where=/refuse?field=mileage")
    tab.fill("#id_name", "李明浩")
    tab.click("#form button")
    expect(tab.locator("#id_mileage-error")).to_have_text("里程比上次小")
    expect(tab.locator("#id_mileage")).to_be_focused()
    expect(tab.locator("#id_mileage")).to_have_attribute("aria-invalid", "true")
    assert tab.input_value("#id_name") == "李明浩"
    tab.keyboard.type("9")
    expect(tab.locator("#id_mileage-error")).to_be_hidden()


def test_a_second_refusal_takes_the_place_of_the_first(tab):
    opened(tab, "form?where=/refuse?field=mileage")
    tab.click("#form button")
    expect(tab.locator("#id_mileage-error")).to_be_visible()
    tab.evaluate("document.querySelector('#form').setAttribute('hx-post', '/refuse?field=name')")
    tab.evaluate("htmx.process(document.querySelector('#form'))")
    tab.click("#form button")
    expect(tab.locator("#id_name-error")).to_be_visible()
    expect(tab.locator("#id_mileage-error")).to_be_hidden()
    expect(tab.locator("#form [aria-invalid=true]")).to_have_count(1)


def test_a_refusal_without_a_field_takes_the_top_of_the_page_and_the_focus(tab):
    opened(tab, "form?where=/refuse?")
    tab.click("#form button")
    expect(tab.locator("#notice .problems")).to_be_focused()
    expect(tab.locator("#form")).to_be_visible()


def test_a_broken_line_keeps_the_text_and_sends_again_by_itself_with_the_same_key(tab, site):
    opened(tab, "form")
    tab.fill("#id_name", "李明浩")
    site.cut = 1
    tab.click("#form button")
    expect(tab.locator("#offline")).to_be_visible()
    assert tab.input_value("#id_name") == "李明浩"
    expect(tab.locator("#done")).to_be_visible()
    expect(tab.locator("#offline")).to_be_hidden()
    assert [sent.form["name"] for sent in site.sent] == ["李明浩", "李明浩"]
    assert site.sent[0].form["_key"] == site.sent[1].form["_key"]


def test_what_was_changed_after_the_line_broke_waits_for_the_button(slow_clock, site):
    tab = slow_clock
    opened(tab, "form")
    site.cut = 1
    tab.evaluate("""new MutationObserver(() => { const name = document.getElementById('id_name'); name.value = '改';
        name.dispatchEvent(new Event('input', {bubbles: true})) }).observe(document.getElementById('offline'), {attributes: true})""")
    tab.click("#form button")
    expect(tab.locator("#offline")).to_be_visible()
    tab.clock.fast_forward(60_000)
    tab.wait_for_timeout(200)
    assert len(site.sent) == 1
    tab.click("#offline [data-retry]")
    expect(tab.locator("#done")).to_be_visible()
    assert [sent.form["name"] for sent in site.sent] == ["", "改"]


def test_a_proxys_error_page_never_replaces_the_form(tab):
    opened(tab, "form?where=/crash")
    tab.fill("#id_name", "李明浩")
    tab.click("#form button")
    expect(tab.locator("#offline")).to_contain_text("Not saved")
    assert (tab.input_value("#id_name"), tab.inner_text("#out")) == ("李明浩", "")


def test_a_draft_comes_back_without_what_is_sealed_and_goes_once_it_is_saved(tab):
    opened(tab, "form")
    tab.fill("#id_name", "李明浩")
    tab.fill("#id_id_no", "330106")
    tab.fill("#id_words", "刹车软")
    assert "330106" not in tab.evaluate("JSON.stringify(sessionStorage)")
    opened(tab, "form")
    assert (tab.input_value("#id_name"), tab.input_value("#id_id_no"), tab.input_value("#id_words")) == (
        "李明浩",
        "",
        "刹车软",
    )
    tab.click("#form button")
    expect(tab.locator("#done")).to_be_visible()
    opened(tab, "form")
    assert tab.input_value("#id_name") == ""


def test_changing_the_language_keeps_what_stands_in_the_form_even_if_a_refusal_put_it_there_but_no_password(tab):
    opened(tab, "language?where=李明浩")
    tab.evaluate("document.getElementById('id_password').value = 'kirsche'")  # as a password manager does it
    tab.click("#language button")
    expect(tab.locator("#done")).to_be_visible()
    assert "kirsche" not in tab.evaluate("JSON.stringify(sessionStorage)")
    opened(tab, "language")
    assert (tab.input_value("#id_name"), tab.input_value("#id_password")) == ("李明浩", "")
    expect(tab.locator("[data-toast]")).to_have_text("Your unsaved draft is back")


def test_a_draft_that_changes_nothing_is_not_announced(tab):
    opened(tab, "language?where=李明浩")
    tab.fill("#id_name", "李明")
    tab.fill("#id_name", "李明浩")
    opened(tab, "language?where=李明浩")
    assert tab.input_value("#id_name") == "李明浩"
    assert tab.locator("[data-toast]").count() == 0


def test_a_new_password_is_shown_by_its_button_and_hidden_again_when_it_is_sent(tab, site):
    opened(tab, "secret")
    show = tab.locator("[data-shows=id_password]")
    tab.fill("#id_password", "kirsche fliegt")
    expect(tab.locator("#id_password")).to_have_attribute("type", "password")
    show.click()
    expect(tab.locator("#id_password")).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    show.click()
    expect(tab.locator("#id_password")).to_have_attribute("type", "password")
    show.click()
    tab.click("#form button[type=submit]")
    expect(tab.locator("#done")).to_be_visible()
    expect(tab.locator("#id_password")).to_have_attribute("type", "password")
    expect(show).to_have_attribute("aria-pressed", "false")
    assert site.sent[0].form["password"] == "kirsche fliegt"
    assert tab.complaints == []
