"""The bases and pieces: escaped, keyed, without anything the content security policy forbids."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.pages.navigation import Entry
from cheyi.foundation.pages.requests import Toast
from cheyi.foundation.searching import HitGroup, SearchHit
from cheyi.foundation.ui.icons import VENDOR
from cheyi.kernel import Money
from tests.architecture.source import CHEYI

UNDO = "11111111-1111-4111-8111-111111111111"
VIEWER = Viewer(
    user_id=1,
    employee_id=1,
    name="陈雨桐",
    group_id=1,
    legal_entity_id=1,
    store_id=1,
    stores=((1, "滨江店"), (2, "西湖店")),
    roles=frozenset({"foreman", "advisor"}),
)
NAV = [Entry("R", "接车", "car", "", "", frozenset(), url="/reception", current=True, badge=7)]


def context(**more):
    request = RequestFactory().get("/")
    request.shown_toasts = []
    return {"viewer": VIEWER, "store": None, "now": None, "csp_nonce": "", "nav": NAV} | {
        "request": request,
        **more,
    }


def rendered(source: str, **more) -> str:
    return engines["jinja2"].env.from_string(source).render(context(**more))


def page(name: str, **more) -> str:
    return engines["jinja2"].env.get_template(name).render(context(**more))


def piece(call: str, **more) -> str:
    macro = call.partition("(")[0]
    return rendered('{% from "ui/macros.html" import ' + macro + " %}{{ " + call + " }}", **more).strip()


def test_what_people_typed_is_escaped():
    assert piece('plate("<b>")') == '<span class="plate">&lt;b&gt;</span>'
    assert 'value="&#34;&gt;&lt;script&gt;"' in piece('field("a", "A", typed)', typed='"><script>')


def test_a_name_that_nobody_passed_is_an_error():
    with pytest.raises(UndefinedError, match="nobody_passed_this"):
        rendered("{{ nobody_passed_this }}")


def test_a_green_plate_is_chosen_by_its_length():
    assert piece('plate("浙AD83721", "lg")') == '<span class="plate nev lg">浙A·D83721</span>'


def test_a_state_has_icon_word_and_colour():
    with translation.override("en"):
        shown = piece('status("part")')
    assert shown.startswith('<span class="tag part"><svg class="ic" aria-hidden="true">')
    assert "icons.svg#package" in shown
    assert shown.endswith("Waiting for parts</span>")


def test_the_main_act_is_marked_for_its_chord_and_other_acts_for_their_key():
    main = piece('button("Open order", primary=true, type="submit")')
    assert "data-primary" in main
    assert "btn-primary" in main
    assert '<kbd aria-hidden="true">Ctrl</kbd><kbd aria-hidden="true">↵</kbd>' in main
    other = piece('button("Accept all", key="Shift+A", attrs={"hx-post": "/accept"})')
    assert 'data-key="Shift+A"' in other
    assert 'hx-post="/accept"' in other
    assert '<kbd aria-hidden="true">⇧A</kbd>' in other


def test_a_button_without_text_says_what_it_does():
    assert 'aria-label="Close" title="Close"' in piece('button("", "x", label="Close")')


def test_each_form_has_a_key_of_its_own():
    keys = re.findall(r'name="_key" value="([^"]+)"', rendered("{{ form_tokens(request) }}{{ form_tokens(request) }}"))
    assert len(set(keys)) == 2
    assert all(len(key) >= 24 for key in keys)
    assert rendered("{{ form_tokens(request) }}").count('name="csrfmiddlewaretoken"') == 1


def test_a_field_says_what_is_wrong_beside_itself():
    shown = piece('field("mobile", "Mobile", "199", error="One digit is missing", hint="For the link")')
    assert '<label for="id_mobile">Mobile</label>' in shown
    assert 'aria-invalid="true" aria-describedby="id_mobile-error id_mobile-hint"' in shown
    assert re.search(r'id="id_mobile-error">.*One digit is missing', shown)


def test_several_problems_stand_on_top_with_links():
    with translation.override("en"):
        shown = piece('problems([("mobile", "One digit is missing"), ("", "No bay is free")])')
    assert "2 things are not right yet" in shown
    assert '<a href="#id_mobile">One digit is missing</a>' in shown
    assert 'role="alert" tabindex="-1" data-problems' in shown
    assert piece("problems([])") == ""


def test_a_share_is_a_class_between_0_and_100():
    assert 'class="w-62"' in piece("bar(62.4)")
    assert 'class="w-100"' in piece("bar(130)")
    assert 'class="w-0"' in piece("bar(-3)")


def test_money_is_right_aligned_text():
    assert piece("money(amount)", amount=Money(-5400)) == '<span class="num">-¥54.00</span>'


def test_the_shell_has_rail_search_box_and_the_viewer():
    with translation.override("en"):
        shown = page("ui/shell.html")
    assert '<html lang="en">' in shown
    assert '<a class="rail-item" href="/reception" aria-current="page" data-go="R">' in shown
    assert '<span class="badge">7</span>' in shown
    assert 'role="combobox" aria-expanded="false" aria-controls="omni-panel"' in shown
    assert "Service advisor · Workshop foreman" in shown
    assert 'aria-label="Store: 滨江店"' in shown
    assert 'action="/stores/2/open"' in shown
    assert "data-keys=" not in shown


def test_the_language_of_the_page_picks_the_right_glyphs():
    with translation.override("zh-hans"):
        assert '<html lang="zh-CN">' in page("ui/shell.html")


def test_single_keys_and_the_theme_are_the_viewers_choice():
    viewer = replace(VIEWER, theme="dark", single_keys=False)
    shown = page("ui/shell.html", viewer=viewer)
    assert 'data-bs-theme="dark"' in shown
    assert 'data-keys="off"' in shown
    assert 'data-bs-theme="light"' in page("ui/shell.html", viewer=viewer, theme="light")


def test_a_toast_that_came_with_a_redirect_can_be_undone():
    given = context()
    given["request"].shown_toasts = [Toast("已开单", UNDO)]
    shown = engines["jinja2"].env.get_template("ui/shell.html").render(given)
    assert f'hx-post="/undo/{UNDO}"' in shown
    assert shown.count('data-key="Z"') == 2  # the toast and the pattern for later ones


def test_pages_without_a_viewer_need_none():
    shown = page("ui/public.html", viewer=None, store=None, nav=[])
    assert "ui/" not in shown
    assert 'id="notice"' in shown


def test_an_error_is_a_page_in_the_shell_or_without_it():
    inside = page("ui/error.html", status_code=404)
    assert "rail-item" in inside
    outside = page("ui/error.html", status_code=500, viewer=None, number="7F3A")
    assert "rail-item" not in outside
    assert "7F3A" in outside


def test_a_refusal_is_a_fragment_that_names_its_field():
    shown = page("ui/_problem.html", message="The mileage is lower than last time", field="mileage", code="x")
    assert shown.lstrip().startswith(
        '<div class="problems" role="alert" tabindex="-1" data-problems data-field="mileage">'
    )


def test_the_first_hit_of_a_search_is_chosen():
    hit = SearchHit(
        url="/orders/new?v=1", action="接车开单", title="李明浩", plate="浙AD83721", file_url="/customers/1"
    )
    new = SearchHit(url="/orders/new", action="开单", title="新客户开单")
    shown = page("ui/_search.html", text="lmh", groups=[HitGroup("车辆", (hit,)), HitGroup("动作", (new,), "actions")])
    assert re.findall(r'id="(omni-hit-\d)" aria-selected="(\w+)" data-kind="(\w+)"', shown) == [
        ("omni-hit-1", "true", "things"),
        ("omni-hit-2", "false", "actions"),
    ]
    assert 'data-file="/customers/1"' in shown
    assert '<a class="omni-go" href="/orders/new?v=1" tabindex="-1" data-main>' in shown


def test_no_template_holds_a_style_a_handler_or_a_script_of_its_own():
    forbidden = re.compile(
        r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style|<script(?![^>]*(src=|type=\"application/json\"))"
    )
    found = [
        f"{file.name}: {match[0]}"
        for file in CHEYI.rglob("templates/**/*.html")
        for match in forbidden.finditer(file.read_text("utf-8"))
    ]
    assert found == []


def test_every_script_and_sheet_that_a_base_links_is_there():
    shown = page("ui/shell.html") + page("ui/phone.html") + page("ui/public.html") + page("ui/print.html")
    linked = set(re.findall(r'(?:href|src)="/static/cheyi/([\w./-]+?)(?:#[\w-]+)?"', shown))
    assert {name for name in linked if not (VENDOR.parent / name).is_file()} == set()
    assert {"vendor/htmx.min.js", "js/keys.js", "css/phone.css", "css/print.css", "js/print.js"} <= linked
