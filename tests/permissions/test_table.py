"""Who gets what at every address, compared with the committed table (reliability.md 5.2)."""

from __future__ import annotations

import re

from django.test import Client, TestCase

from cheyi.foundation.models import AuditEntry
from cheyi.foundation.pages.addresses import addresses
from tests.permissions.asking import address_of, ask, read_once, signed_in, taken_back
from tests.permissions.rows import ANSWERS, Row, committed, methods
from tests.permissions.world import EMPLOYEES, build

ROWS = committed()
GUARDED = [row for row in ROWS if row.answers["advisor"] != "open"]
API = [row for row in GUARDED if row.address.startswith("/api/")]
PAGES = [row for row in GUARDED if row not in API]
LINKS = [row for row in ROWS if row.door.startswith("link: ")]
PUBLIC = [row for row in ROWS if row.door.startswith("public: ")]
ALLOWED = "allowed"
# What the table's words mean: who is asked about whose row, and the answer.
MEANING = {
    "no": {"own": 403},
    "yes": {"own": ALLOWED},
    "none": {"own": 404},
    "own": {"own": ALLOWED, "other": 404, "sister": 404},
    "store": {"own": ALLOWED, "sister": 404},
    "group": {"own": ALLOWED, "sister": ALLOWED, "foreign": 404},
}
CODES = {403: "foundation.access.no_right", 404: "foundation.access.not_found"}
CLEAR = "/customers/<int:customer_id>/clear/"


class Kept:
    """The town and its browsers, made once."""


def named(row: Row) -> str:
    return f"{row.method} {row.address}"


def test_every_address_stands_in_the_table_with_its_door():
    walked = {}
    for address in addresses():
        door = address.door
        words = door.permission if door.kind == "permission" else f"{door.kind}: {door.reason}"
        walked.update({(f"/{address.pattern}", method): words for method in methods(address)})
    assert {(row.address, row.method): row.door for row in ROWS} == walked


def test_the_table_uses_its_own_words():
    assert {answer for row in ROWS for answer in row.answers.values()} <= set(ANSWERS)
    assert set(MEANING) | {"open"} == set(ANSWERS)


def answer(browser, row, ids, world, *, piece):
    """``allowed``, 403 or 404 with their codes, or else what came."""
    with taken_back():
        got = ask(browser, row, ids, fields=prepared(browser, row, ids, world), piece=piece)
    code = got.json().get("code", "") if "problem" in got.get("Content-Type", "") else got.get("X-Problem", "")
    if got.status_code in CODES:
        return got.status_code if code == CODES[got.status_code] else f"{got.status_code} {code}"
    if code == "foundation.form.invalid":
        return f"{got.status_code} {code} {got.content.decode()}"
    return ALLOWED if got.status_code < 500 and got.status_code not in {401, 405} else got.status_code


def prepared(browser, row, ids, world):
    """What must have been done just before: a number is shown after it was recorded, adopted after it was typed."""
    if CLEAR in row.address:
        asked = {"slot": "mobile", "reason": "call", "_key": "before"}
        browser.post(f"/customers/{ids['customer']}/reveal", asked)
    if row.address == "/customers/adopt":
        number = {"number": world.ids["sister"]["mobile"], "_key": "before"}
        ticket = re.search(rb'name="ticket" value="([^"]+)"', browser.post("/customers/elsewhere", number).content)
        return {"ticket": ticket[1].decode()} if ticket else {}
    return {}


class TestEveryAddress(TestCase):
    """One town for all questions; what each request does is taken back."""

    @classmethod
    def setUpTestData(cls):
        Kept.world = build()
        Kept.browsers = {role: signed_in(Kept.world.viewer(role)) for role in EMPLOYEES}

    def setUp(self):
        self.enterContext(read_once())

    def test_each_role_gets_its_answer_at_the_api_s_questions(self):
        self.each_role_gets_its_answer([row for row in API if row.method == "GET"])

    def test_each_role_gets_its_answer_at_the_api_s_verbs(self):
        self.each_role_gets_its_answer([row for row in API if row.method == "POST"])

    def test_each_role_gets_its_answer_at_the_workshop_s_pages(self):
        self.each_role_gets_its_answer([row for row in PAGES if row.address.startswith("/workshop")])

    def test_each_role_gets_its_answer_at_all_other_pages(self):
        self.each_role_gets_its_answer([row for row in PAGES if not row.address.startswith("/workshop")])

    def each_role_gets_its_answer(self, rows):
        assert len(rows) > 10
        wrong = []
        for row in rows:
            refused = set()  # the first who is refused at an address is shown it on a whole page
            for role in EMPLOYEES:
                for place, wanted in MEANING[row.answers[role]].items():
                    piece = wanted in refused
                    got = answer(Kept.browsers[role], row, Kept.world.ids[place], Kept.world, piece=piece)
                    refused |= {wanted} - {ALLOWED}
                    if got != wanted:
                        wrong.append(f"{named(row)}: {role} at {place}: {got} instead of {wanted}")
        assert not wrong, "\n".join(wrong)

    def test_who_is_not_signed_in_is_asked_to(self):
        wrong = {}
        for row in GUARDED:
            with taken_back():
                got = ask(Client(raise_request_exception=False), row, Kept.world.ids["own"])
            if row.address.startswith("/api/"):
                said, wanted = (got.status_code, got.json()["code"]), (401, "foundation.account.unknown")
            else:
                said, wanted = (got.status_code, got.get("Location", "").split("?")[0]), (302, "/sign-in")
            if said != wanted:
                wrong[named(row)] = said
        assert wrong == {}

    def test_a_public_address_answers_everybody(self):
        for row in PUBLIC:
            with taken_back():
                got = ask(Client(raise_request_exception=False), row, {**Kept.world.ids["own"], "token": "unknown"})
            wanted = {410} if row.address.startswith(("/set-up/", "/password/")) else {200, 302, 303, 422}
            assert got.status_code in wanted, named(row)

    def test_a_link_opens_its_own_order_and_nothing_else(self):
        own, sister = Kept.world.ids["own"], Kept.world.ids["sister"]
        changed = own["token"][:-1] + ("A" if own["token"][-1] != "A" else "B")
        stranger = Client(raise_request_exception=False)
        for row in LINKS:
            with taken_back():
                # 422: the door is open, but an empty form answers nothing
                allowed = {200, 302, 303, 422} if row.method == "POST" else {200, 302, 303}
                assert ask(stranger, row, own).status_code in allowed, named(row)
                assert ask(stranger, row, {**own, "token": changed}).status_code == 404, named(row)
                if "uid" in row.address:
                    assert ask(stranger, row, {**own, "file": sister["file"]}).status_code == 404, named(row)

    def test_another_stores_act_is_as_unknown_as_one_that_never_was(self):
        row = next(row for row in ROWS if row.address == "/undo/<uuid:uid>")
        theirs, none = Kept.world.ids["sister"], {"audit": "00000000-0000-0000-0000-000000000000"}
        before = AuditEntry.objects.count()
        got = [ask(Kept.browsers["advisor"], row, ids) for ids in (theirs, none)]
        assert [(one.status_code, one["X-Problem"]) for one in got] == [(422, "foundation.undo.impossible")] * 2
        assert AuditEntry.objects.count() == before

    def test_an_address_refuses_other_methods(self):
        wrong = {}
        for row in GUARDED:
            known = {one.method for one in ROWS if one.address == row.address}
            other = "DELETE" if {"GET", "POST"} <= known else ({"GET", "POST"} - known).pop()
            with taken_back():
                got = Kept.browsers["advisor"].generic(other, address_of(row, Kept.world.ids["own"]))
            if got.status_code != 405:
                wrong[named(row), other] = got.status_code
        assert wrong == {}
