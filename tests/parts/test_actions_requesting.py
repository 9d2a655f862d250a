"""Asking for parts: what is there is kept, what is not is short, and those who wait are served in order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import AuditEntry, Fact
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.parts import actions
from cheyi.parts.actions import Wanted
from cheyi.parts.models import DemandEntry, PartsRequest, RequestLine, Reservation
from tests.foundation.org import NOW
from tests.parts.stockroom import ORDER, everything, later, q


def codes():
    return list(Fact.objects.order_by("pk").values_list("code", flat=True))


def test_what_is_there_is_reserved_at_once(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 6, "2400.00")
    request = stockroom.ask((part, 2))
    line = stockroom.line(request)
    assert (request.no, request.state, line.state) == ("PRSH012606150001", "reserved", "reserved")
    assert stockroom.balance(part) == ("6", "2")
    reservation = Reservation.objects.get(line=line)
    assert (reservation.quantity, reservation.expires_at) == (q(2), later(72))
    assert not DemandEntry.objects.exists()


def test_what_is_missing_is_short_and_counted_once_per_line(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    request = stockroom.ask((part, 3))
    line = stockroom.line(request)
    assert (request.state, line.state) == ("submitted", "backordered")
    assert stockroom.balance(part) == ("1", "1")
    entry = DemandEntry.objects.get(line=line)
    assert (entry.wanted, entry.missing, entry.asked_on.isoformat()) == (q(3), q(2), "2026-06-15")
    fact = Fact.objects.get(code="parts.request.shortage")
    assert fact.facts["missing"] == 2000
    assert fact.facts["line_id"] == 1


def test_two_lines_of_the_same_part_share_what_there_is(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3)
    request = stockroom.ask((part, 2), (part, 2))
    assert [line.state for line in request.lines.order_by("pk")] == ["reserved", "backordered"]
    assert stockroom.balance(part) == ("3", "3")


def test_the_request_is_audited_and_announced(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    request = stockroom.ask((part, 1))
    assert AuditEntry.objects.filter(code="parts.request.submitted", thing_id=request.pk).count() == 1
    assert codes()[-2:] == ["parts.request.submitted", "parts.request.reserved"]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("0", "parts.quantity.not_positive"),
        ("-1", "parts.quantity.not_positive"),
        ("1000000000", "parts.quantity.too_large"),
        ("1.5", "parts.quantity.off_step"),
    ],
)
def test_an_impossible_quantity_is_refused_and_nothing_is_kept(stockroom, quantity, code):
    good, bad = stockroom.part(), stockroom.part("BP-HAN-R", "后刹车片")
    stockroom.stock(good, 5)
    before = everything(stockroom)
    with pytest.raises(Refused) as refusal:
        stockroom.ask((good, 1), (bad, quantity))
    assert refusal.value.code == code
    assert everything(stockroom) == before
    assert not PartsRequest.objects.exists()


def test_an_empty_or_endless_request_is_refused(stockroom):
    part = stockroom.part()
    with pytest.raises(Refused) as refusal:
        stockroom.ask()
    assert refusal.value.code == "parts.request.empty"
    with pytest.raises(Refused) as refusal:
        stockroom.ask(*[(part, 1)] * 201)
    assert refusal.value.code == "parts.request.too_many_lines"


def test_a_part_of_another_group_does_not_exist(stockroom):
    with pytest.raises(Refused) as refusal:
        actions.submit(
            source=ORDER, wanted=[Wanted(1, 999_999, q(1))], store=stockroom.store, by=stockroom.keeper, now=NOW
        )
    assert refusal.value.code == "parts.part.not_here"


def test_five_lines_of_which_one_is_short_take_at_most_twelve_statements(stockroom):
    parts = [stockroom.part(f"P-{letter}0{letter}", "配件") for letter in "ACEGK"]
    for part in parts:
        stockroom.stock(part, 5, "100")
    stockroom.ask((parts[4], 5))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        stockroom.ask(*[(part, 1) for part in parts])
    spoken = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(spoken) <= 12, spoken


def test_giving_up_frees_what_was_kept(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 2)
    request = stockroom.ask((part, 2))
    actions.release(source=ORDER, store=stockroom.store, by=stockroom.keeper, now=later(1), reason="客户不做")
    request.refresh_from_db()
    line = stockroom.line(request)
    assert (request.state, line.state) == ("cancelled", "cancelled")
    assert stockroom.balance(part) == ("2", "0")
    assert Reservation.objects.get().state == "released"
    assert Fact.objects.get(code="parts.request.cancelled").facts["line_ids"] == [1]


def test_what_is_given_up_goes_to_the_line_that_waits_with_the_oldest_promise(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    stockroom.ask((part, 1))
    late = stockroom.ask((part, 1), source=Source("trial.paper", 82), needed_at=later(9))
    early = stockroom.ask((part, 1), source=Source("trial.paper", 83), needed_at=later(3))
    actions.release(source=ORDER, store=stockroom.store, by=stockroom.keeper, now=later(1))
    late.refresh_from_db()
    early.refresh_from_db()
    assert (early.state, late.state) == ("reserved", "submitted")
    fact = Fact.objects.filter(code="parts.request.reserved").order_by("-pk").first()
    assert (fact.facts["source_id"], fact.facts["line_ids"]) == (83, [1])


def test_arriving_stock_serves_the_waiting_in_the_order_of_their_promises(stockroom):
    part = stockroom.part()
    requests = {
        number: stockroom.ask((part, wanted), source=Source("trial.paper", number), needed_at=later(hours))
        for number, wanted, hours in ((1, 2, 8), (2, 3, 2), (3, 1, 5))
    }
    stockroom.stock(part, 5)
    states = {}
    for number, request in requests.items():
        request.refresh_from_db()
        states[number] = stockroom.line(request).state
    assert states == {1: "backordered", 2: "reserved", 3: "reserved"}
    assert stockroom.balance(part) == ("5", "5")
    kept = {r.line.request.source_id: r.quantity for r in Reservation.objects.select_related("line__request")}
    assert kept == {2: q(3), 3: q(1), 1: q(1)}
    stockroom.stock(part, 1)
    assert stockroom.line(requests[1]).state == "reserved"
    assert DemandEntry.objects.count() == 3


def test_a_changed_promise_changes_the_order_of_serving(stockroom):
    part = stockroom.part()
    first = stockroom.ask((part, 1), needed_at=later(2))
    second = stockroom.ask((part, 1), source=Source("trial.paper", 82), needed_at=later(3))
    actions.change_needed_at(
        source=ORDER, needed_at=later(30), store=stockroom.store, by=stockroom.keeper, now=later(1)
    )
    stockroom.stock(part, 1)
    assert (stockroom.line(first).state, stockroom.line(second).state) == ("backordered", "reserved")


def test_a_reservation_nobody_comes_for_ends_after_72_hours(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    request = stockroom.ask((part, 1))
    waiting = stockroom.ask((part, 1), source=Source("trial.paper", 82))
    assert actions.expire_reservations(store=stockroom.store, by=stockroom.keeper, now=later(71)) == 0
    assert actions.expire_reservations(store=stockroom.store, by=stockroom.keeper, now=later(72)) == 1
    request.refresh_from_db()
    assert (request.state, stockroom.line(request).state) == ("submitted", "requested")
    assert stockroom.line(waiting).state == "reserved"
    assert stockroom.balance(part) == ("1", "1")
    assert Fact.objects.get(code="parts.request.expired").facts["source_id"] == 81


def test_work_that_has_begun_keeps_its_reservations(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    request = stockroom.ask((part, 1))
    actions.keep(source=ORDER, store=stockroom.store)
    assert actions.expire_reservations(store=stockroom.store, by=stockroom.keeper, now=later(1000)) == 0
    assert stockroom.line(request).state == "reserved"


def test_the_keeper_says_what_is_done_about_a_short_line(stockroom):
    part = stockroom.part()
    line = stockroom.line(stockroom.ask((part, 1)))
    actions.choose_shortage_action(line, choice="transfer", by=stockroom.keeper, now=NOW)
    assert RequestLine.objects.get().shortage_action == "transfer"
    with pytest.raises(Refused) as refusal:
        actions.choose_shortage_action(line, choice="pray", by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.line.unknown_choice"
    stockroom.stock(part, 1)
    with pytest.raises(Refused) as refusal:
        actions.choose_shortage_action(line, choice="wait", by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.line.not_short"


def test_the_keeper_says_when_a_short_part_will_be_here_and_says_it_anew(stockroom):
    line = stockroom.line(stockroom.ask((stockroom.part(), 1)))
    for choice, told, kept in (
        ("urgent_po", later(24), later(24)),
        ("urgent_po", later(48), later(48)),
        ("wait", None, None),
        ("transfer", later(5), later(5)),
        ("customer_declines", later(5), None),
    ):
        actions.choose_shortage_action(line, choice=choice, expected_at=told, by=stockroom.keeper, now=NOW)
        row = RequestLine.objects.get()
        assert (row.shortage_action, row.expected_at) == (choice, kept)
    told = [one.facts["expected_at"] for one in AuditEntry.objects.filter(code="parts.request.shortage_decided")]
    assert sorted(told) == sorted([later(24).isoformat(), later(48).isoformat(), "", later(5).isoformat(), ""])


def test_an_arrival_gone_by_is_refused_and_changes_nothing(stockroom):
    line = stockroom.line(stockroom.ask((stockroom.part(), 1)))
    with pytest.raises(Refused) as refusal:
        actions.choose_shortage_action(line, choice="wait", expected_at=NOW, by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.line.expected_in_the_past"
    row = RequestLine.objects.get()
    assert (row.shortage_action, row.expected_at) == ("", None)


def test_a_sweep_serves_a_line_that_two_acts_at_once_have_missed(stockroom):
    part = stockroom.part()
    holder = stockroom.ask((part, 1))
    stockroom.stock(part, 1)
    missed = stockroom.ask((part, 1), source=Source("trial.paper", 82))
    reservation = Reservation.objects.get(line__request=holder)
    Reservation.objects.filter(pk=reservation.pk).update(expires_at=later(1))
    RequestLine.objects.filter(request=missed).update(state="requested")
    actions.expire_reservations(store=stockroom.store, by=stockroom.keeper, now=later(2))
    RequestLine.objects.filter(request=missed).update(state="backordered")
    assert stockroom.balance(part) == ("1", "0")
    assert actions.serve_waiting(store=stockroom.store, by=stockroom.keeper, now=later(3)) == 1
    assert stockroom.line(missed).state == "reserved"
    assert stockroom.balance(part) == ("1", "1")
