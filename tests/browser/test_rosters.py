"""The foreman's morning: somebody is away, his work is given anew, taken back; the roster of a week; keys and taps counted."""

from __future__ import annotations

from playwright.sync_api import expect

AWAY = "今天不在"

# A job that is given and not begun, alone in its block, of somebody who has a lane. One that was put aside stays where
# it was clocked and may wait for a part that nobody can bring: it is nobody's to give anew.
FIRST_GIVEN = """() => {
  const block = [...document.querySelectorAll(".block[data-move]:not(.suggested)[title*=' · 已派 · ']")].find((one) =>
    !one.dataset.move.includes("with=") && one.closest(".board-row").querySelector("[data-away]"));
  return { id: block.id, line: block.id.split("-")[1], lane: block.closest(".lane").id,
           name: block.closest(".board-row").querySelector("[data-away]").textContent };
}"""
HOLDER = "select technician_id from workshop_assignment where line_id = :line and ended_at is null"


def test_who_is_away_is_noted_with_two_keys_his_work_given_anew_with_one_and_all_of_it_undone(program, person):
    foreman = person("foreman")
    page = foreman.page
    chosen = page.evaluate(FIRST_GIVEN)
    line = int(chosen["line"])
    before = program.base.rows(HOLDER, line=line)
    page.locator(f"#{chosen['id']}").focus()
    foreman.begins()
    foreman.presses("a")
    expect(page.locator("#layer[open] h2")).to_have_text(chosen["name"])
    foreman.presses("1")
    expect(page.locator("#toast")).to_contain_text(f"{chosen['name']}：{AWAY}")
    expect(page.locator("#layer[open]")).to_have_count(0)
    head = page.locator(f".board-row:has(#{chosen['lane']}) .board-who")
    expect(head).to_contain_text(AWAY)
    assert foreman.effort == 2, foreman.events
    card = page.locator(f".waiting-job:has-text('{chosen['name']}不在')").first
    expect(card).to_be_visible()
    accept = card.locator("button[type=submit]")
    if accept.count():
        order = card.get_attribute("id").split("-")[1]
        foreman.begins()
        accept.click()
        expect(page.locator("#toast")).to_contain_text("派给")
        expect(page.locator(f"#waiting-{order}")).to_have_count(0)
        assert foreman.effort == 1, foreman.events
        foreman.presses("z")
        expect(page.locator(f"#waiting-{order}")).to_contain_text(f"{chosen['name']}不在")
    head.locator("[data-away]").click()
    expect(page.locator("#layer[open] [data-key=B]")).to_be_visible()
    foreman.presses("b")
    expect(page.locator("#toast")).to_contain_text(f"{chosen['name']}在岗")
    expect(head).not_to_contain_text(AWAY)
    assert program.base.rows(HOLDER, line=line) == before


def test_undo_of_an_absence_takes_it_back(person):
    foreman = person("foreman")
    page = foreman.page
    # whoever was hired today is not planned yet
    here = page.locator(f".board-who:has([data-away]):not(:has-text('{AWAY}'))")
    name = here.last.locator("[data-away]").inner_text()
    head = page.locator(".board-who", has=page.get_by_role("button", name=name, exact=True))
    head.locator("[data-away]").click()
    expect(page.locator("#layer[open] h2")).to_have_text(name)
    foreman.presses("2")
    expect(page.locator("#toast")).to_contain_text(f"{name}：{AWAY}")
    expect(head).to_contain_text(AWAY)
    foreman.presses("z")
    expect(head).not_to_contain_text(AWAY)


def test_a_day_of_the_roster_is_changed_with_a_tap_and_two_keys_and_back_with_z(person):
    foreman = person("foreman")
    page = foreman.page
    foreman.goes("/workshop/roster?week=2000-01-01")
    page.locator("[data-key=N]").click()  # next week: no day of it is over
    cell = page.locator("button.roster-cell").nth(3)
    address = cell.get_attribute("id")
    said = cell.inner_text()
    foreman.begins()
    cell.click()
    expect(page.locator("#id_starts")).to_be_focused()
    page.locator("#id_starts").select_text()
    foreman.types("0915")
    foreman.presses("Enter")
    expect(page.locator(f"#{address}")).to_contain_text("09:15–")
    assert foreman.effort == 6, foreman.events
    foreman.presses("z")
    expect(page.locator(f"#{address}")).to_have_text(said)


def test_by_touch_somebody_is_away_with_two_taps(person):
    foreman = person("foreman", size=(390, 844))
    page = foreman.page
    head = page.locator(".board-who:has([data-away])").nth(1)
    head.locator("[data-away]").tap()
    page.locator("#layer[open] button[value=training]").tap()
    expect(head).to_contain_text(AWAY)
    head.locator("[data-away]").tap()
    page.locator("#layer[open] [data-key=B]").tap()
    expect(head).not_to_contain_text(AWAY)
