"""Machines can do what people can: every public verb has an address of the API, or stands here with its reason."""

from __future__ import annotations

import ast

from tests.architecture.source import CHEYI

PACKAGES = ("customers", "vehicles", "parts", "settlement", "workshop")
BY_DOCUMENT = "done by the document that needs it, in the same act"
BY_IMPORT = "many rows at once: cheyi import, with its preview"
BY_CLOCK = "done by the clock"
WITHOUT = {
    "customers.bulk_add": BY_IMPORT,
    "customers.date_visits": "history that is written at once; papers of today date the visit themselves",
    "customers.forget_former": BY_CLOCK,
    "customers.know": BY_DOCUMENT,
    "customers.mark_life": BY_CLOCK,
    "vehicles.bulk_add": BY_IMPORT,
    "vehicles.keep_readings": "history that is written at once; papers of today keep their reading themselves",
    "vehicles.date_visits": "history that is written at once; papers of today date the visit themselves",
    "vehicles.know": BY_DOCUMENT,
    "vehicles.record_service": BY_DOCUMENT,
    "vehicles.set_daily_km": "worked out by the estimator from readings, never typed",
    "parts.bulk_add_parts": BY_IMPORT,
    "parts.bulk_history": BY_IMPORT,
    "parts.bulk_open_stock": BY_IMPORT,
    "parts.bulk_set_in_store": BY_IMPORT,
    "parts.receive_opening": BY_IMPORT,
    "parts.change_needed_at": BY_DOCUMENT,
    "parts.issue_scanned": "issue in the words of the scan field; a machine calls parts-request-lines/<id>/issue",
    "parts.keep": BY_DOCUMENT,
    "parts.release": BY_DOCUMENT,
    "parts.serve_waiting": BY_DOCUMENT,
    "parts.expire_reservations": BY_CLOCK,
    "parts.set_up_store": "done once when a store is made",
    "settlement.ask": "each act is asked for where it is done: payments/<id>/ask-refund, orders/<id>/ask-unsettle, …",
    "settlement.hold_asked": BY_DOCUMENT,
    "settlement.lapse": BY_DOCUMENT,
    "settlement.build": "bills are written by the order: orders/<id>/present-bills",
    "settlement.void_unpaid": "bills are withdrawn by the order: orders/<id>/reopen",
    "settlement.set_tax_rate": "the law's rates come with the set-up; no page offers them",
    "workshop.place": "dragging on the board; a machine calls orders/<id>/dispatch and orders/<id>/assign",
    "workshop.pay": "the two acts of the counter's form in one; a machine calls bills/<id>/take-payment and orders/<id>/describe",
    "workshop.pending_lines": "reads what waits for the customer; it is no verb",
    "workshop.placements_of": "reads what an undo entry keeps; it is no verb",
    "workshop.raise_again": "what undo of note_finding does; a machine calls undo/<uid>",
    "workshop.see_news": "which messages a person has seen on his phone; a machine reads what it likes",
    "workshop.put_back": "what undo does; a machine calls undo/<uid>",
    "workshop.put_clock_back": "what undo does; a machine calls undo/<uid>",
    "workshop.take_back_bay": "what undo does; a machine calls undo/<uid>",
    "workshop.take_back_call": "what undo does; a machine calls undo/<uid>",
    "workshop.take_back_flows": "what undo does; a machine calls undo/<uid>",
    "workshop.take_back_technician": "what undo does; a machine calls undo/<uid>",
    "workshop.take_back_absence": "what undo does; a machine calls undo/<uid>",
}


def verbs(package: str) -> set[str]:
    """The public functions of a package's front door of verbs (classes are what they take)."""
    front = ast.parse((CHEYI / package / "actions" / "__init__.py").read_text("utf-8"))
    offered = set()
    for node in front.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"cheyi.{package}.actions"):
            file = CHEYI.parent / f"{node.module.replace('.', '/')}.py"
            made = {one.name for one in ast.parse(file.read_text("utf-8")).body if isinstance(one, ast.FunctionDef)}
            offered |= {alias.name for alias in node.names} & made
    return offered


def called(package: str) -> set[str]:
    """What the package's API names as ``actions.<verb>``."""
    return {
        node.attr
        for file in (CHEYI / package / "api").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "actions"
    }


def test_every_verb_has_an_address_or_a_reason():
    missing = {f"{package}.{verb}" for package in PACKAGES for verb in verbs(package) - called(package)}
    assert sorted(missing - WITHOUT.keys()) == []
    assert sorted(WITHOUT.keys() - missing) == [], "these have an address now, or are gone"


def test_the_walk_finds_the_verbs():
    assert {package: len(verbs(package)) > 10 for package in PACKAGES} == dict.fromkeys(PACKAGES, True)
    assert "open_order" in called("workshop")
