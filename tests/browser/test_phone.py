"""The technician's phone: taps are counted, and a dead network loses nothing (ux/guide.md 8, 12)."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.screens import Transfer, in_sight, poor_contrast, sideways, wrapped

PHONE = (390, 844)
LATER_BYTES = 12_000


def picture(width: int = 40, height: int = 30) -> dict[str, object]:
    """A plain grey PNG, as a camera would hand it over."""
    rows = b"".join(b"\0" + b"\x88" * (3 * width) for _ in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    image = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return {"name": "brake.png", "mimeType": "image/png", "buffer": image}


@pytest.fixture
def technician(person):
    """A technician who is at work on a job."""
    one = person("technician", size=PHONE)
    if not one.page.locator(".job-now").count():
        with one.page.expect_navigation():
            one.page.locator(".next form .btn").first.tap()
        expect(one.page.locator(".job-now")).to_be_visible()
    return one


def test_a_job_is_paused_with_its_reason_and_taken_up_again_with_one_tap_each(technician):
    page = technician.page
    job = page.locator(".job-now h1").inner_text()
    plate = page.locator(".job-now .plate").inner_text()
    technician.begins()
    with page.expect_navigation():
        page.locator(".job-now .why button[value=wait_tool]").tap()
    assert technician.effort == 1, technician.events
    paused = page.locator(".next", has_text="待工具").filter(has_text=plate)
    expect(paused.locator("b").first).to_have_text(job)
    technician.begins()
    with page.expect_navigation():
        paused.locator("form .btn").tap()
    assert technician.effort == 1, technician.events
    expect(page.locator(".job-now h1")).to_have_text(job)


def test_extra_work_is_reported_with_a_photo_in_four_taps_and_some_words(technician):
    page = technician.page
    technician.begins()
    with page.expect_navigation():
        page.locator(".trio a").first.tap()
    with page.expect_file_chooser() as chooser:
        page.locator(".photo-button").tap()
    chooser.value.set_files(picture())
    expect(page.locator("[data-previews] img")).to_have_count(1)
    offered = jobs_offered(page)
    job = words_of(offered.last)
    spoken = f"{job}，最好现在就做"  # dictation writes into the field without a tap
    page.locator("#said").fill(spoken)
    expect(offered.first).to_contain_text(job)  # the job that the words name comes to the front
    offered.first.tap()
    with page.expect_navigation():
        page.locator("#finding button[type=submit]").tap()
    assert technician.effort <= 4, technician.events
    assert in_sight(page.locator("#toast .toast"))
    row = page.locator(".found", has_text=spoken)
    expect(row.locator(".tag.ask")).to_be_visible()
    expect(row.locator("img")).to_have_js_property("complete", True)


def test_a_job_that_was_tapped_stays_chosen_when_the_words_go_on_to_something_else(technician):
    page = technician.page
    page.locator(".trio a").first.tap()
    page.wait_for_url("**/workshop/jobs/*")
    job = words_of(jobs_offered(page).first)
    page.locator(".chip").first.tap()
    page.locator("#said").fill("没有这种活")
    expect(page.locator("#finding-jobs")).to_contain_text("没有项目叫")
    kept = page.locator(".chip")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text(job)
    expect(kept.locator("input")).to_be_checked()


def test_a_picture_that_cannot_be_read_leaves_alone_and_the_rest_is_sent_again(technician):
    page = technician.page
    page.locator(".trio a").first.tap()
    page.wait_for_url("**/workshop/jobs/*")
    said = "左后轮胎磨到标线"
    page.locator("#said").fill(said)
    notes = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"tightened to 110 Nm"}
    page.locator("#photo").set_input_files([notes, picture()])
    expect(page.locator("[data-previews] img")).to_have_count(2)
    page.locator("#finding button[type=submit]").tap()
    expect(page.locator("#photo-error")).to_contain_text("notes.jpg 没加上")
    expect(page.locator("[data-previews] img")).to_have_count(1)
    expect(page.locator("#said")).to_have_value(said)
    page.locator("#finding button[type=submit]").tap()
    row = page.locator(".found", has_text=said)
    expect(row.locator("img")).to_have_js_property("complete", True)


def test_what_is_typed_without_a_network_is_kept_and_sent_when_it_is_back(technician):
    page = technician.page
    page.locator(".trio a").first.tap()
    page.wait_for_url("**/workshop/jobs/*")
    said = "右前轮毂轴承有异响"
    page.locator("#said").fill(said)
    technician.context.set_offline(True)
    page.locator("#finding button[type=submit]").tap()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#said")).to_have_value(said)
    technician.context.set_offline(False)
    expect(page.locator(".found", has_text=said)).to_be_visible()
    technician.troubles[:] = [one for one in technician.troubles if "ERR_INTERNET_DISCONNECTED" not in one]


def test_the_end_of_a_plate_leads_to_its_job_with_one_tap_and_six_keys(technician):
    page = technician.page
    job = page.locator(".trio a").last.get_attribute("href")
    plate = page.locator(".job-now .plate").inner_text()
    technician.begins()
    with page.expect_navigation():
        page.locator(".phone-tab[href='/workshop/scan']").tap()
    expect(page.locator("#scan")).to_be_focused()
    technician.types(plate[-5:])
    technician.presses("Enter")
    page.wait_for_url(lambda url: f"{job}" in url or "/scan?" in url)
    assert technician.effort == 7, technician.events
    expect(page.locator(f".phone-back, a[href^='{job}']").first).to_be_visible()


def test_a_label_that_is_scanned_again_takes_the_place_of_the_last_one(technician):
    page = technician.page
    technician.goes("/workshop/scan?q=zzz-000")
    expect(page.locator(".empty")).to_contain_text("没有“zzz-000”")
    technician.types("BAT-12V-60")
    technician.presses("Enter")
    page.wait_for_url("**/scan?q=BAT-12V-60")
    expect(page.locator(".card .mono")).to_have_text("BAT-12V-60")


def test_the_clock_runs_on_by_itself(technician):
    clock = technician.page.locator(".job-now .clock")
    first = clock.inner_text()
    expect(clock).not_to_have_text(first)
    assert re.fullmatch(r"(\d+:)?\d+:\d\d", clock.inner_text())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_of_the_phone_fits_and_can_be_read_and_touched(person, language, dark):
    one = person("technician", size=PHONE, language=language, dark=dark)
    one.page.locator(".trio a, .next > a").first.tap()
    one.page.wait_for_url("**/workshop/jobs/*")
    here = one.page.url.removeprefix(one.address)
    for address in (here, "/workshop/my-jobs", "/workshop/scan", "/workshop/my-messages", "/account"):
        one.goes(address)
        assert sideways(one.page) <= 0, address
        assert one.shift() <= 0.02, address
        assert poor_contrast(one.page) == [], address
        assert small_targets(one.page) == [], address
        assert wrapped(one.page) == [], address


def test_a_later_visit_costs_the_network_little(person):
    one = person("technician", size=PHONE)
    one.goes("/workshop/my-jobs")
    transfer = Transfer(one.context, one.page)
    one.page.reload(wait_until="networkidle")  # fills the cache that Transfer has emptied
    transfer.bytes = 0
    one.page.goto(f"{one.address}/workshop/my-jobs", wait_until="networkidle")
    assert 0 < transfer.bytes <= LATER_BYTES


def jobs_offered(page):
    """The chips; when all that is often found stands on the order already, those that a word leads to."""
    chips = page.locator(".chip")
    if not chips.count():
        page.locator("#said").fill("更换")
        expect(chips).not_to_have_count(0)
    return chips


def words_of(chip) -> str:
    """The name on a chip without its hours."""
    return chip.evaluate(
        "one => [...one.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('').trim()"
    )


def small_targets(page) -> list[str]:
    """Buttons, links and fields below 44 px in height, except links within a text."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".btn, button, .phone-tab, .phone-back, textarea, input:not([type=hidden]), .chip, .three label")]
        .filter((one) => one.checkVisibility({ opacityProperty: true }) && !one.closest(".toasts, .skip") && !one.matches(".visually-hidden, [type=radio], [type=checkbox]"))
        .filter((one) => one.getBoundingClientRect().height < 43.5)
        .map((one) => `${one.className} ${one.textContent.trim().slice(0, 20)} ${one.getBoundingClientRect().height}`)"""
    )
