"""Many processes at once: exactly what there was is sold, on both engines."""

from __future__ import annotations

import multiprocessing
import traceback

import pytest
from django.db import connections

from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts import actions
from cheyi.parts.actions import Wanted
from cheyi.parts.models import DemandEntry, Move, PartsRequest, RequestLine
from tests.foundation.org import NOW
from tests.parts.stockroom import all_wrong, open_stockroom, q

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

forked = multiprocessing.get_context("fork")


def at_once(work, count, *args):
    """Run ``work(number, *args)`` in so many real processes that start together; their answers in order."""
    connections.close_all()
    answers, start = forked.Queue(), forked.Barrier(count)

    def run(number):
        start.wait(90)
        try:
            answers.put((number, work(number, *args)))
        except BaseException:  # noqa: BLE001 - the parent shows it
            answers.put((number, traceback.format_exc()))
        finally:
            connections.close_all()
            answers.close()
            answers.join_thread()

    processes = [forked.Process(target=run, args=(number,)) for number in range(count)]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=180) for _ in processes)
    for process in processes:
        process.join(30)
    assert {process.exitcode for process in processes} == {0}
    return [found[number] for number in range(count)]


def sell(number, store, keeper, part_id, tries, quantity):
    """Ask for pieces again and again and hand out what was reserved; how many were sold."""
    sold = 0
    with within(store):
        for attempt in range(tries):
            request = actions.submit(
                source=Source("trial.paper", 1000 * number + attempt + 1),
                wanted=[Wanted(1, part_id, Quantity.of(quantity))],
                store=store,
                by=keeper,
                now=NOW,
            )
            line = request.lines.select_related("part").get()
            if line.state == "reserved":
                actions.issue(line, quantity=Quantity.of(quantity), typed_number=line.part.part_no, by=keeper, now=NOW)
                sold += quantity
    return sold


def test_32_processes_for_500_pieces_sell_exactly_500(transactional_db):
    room = open_stockroom()
    with within(room.store):
        part = room.part()
        room.stock(part, 500, "12345.67")
    sold = at_once(sell, 32, room.store, room.keeper, part.pk, 5, 5)
    assert all(isinstance(each, int) for each in sold), [each for each in sold if not isinstance(each, int)][:1]
    with within(room.store):
        assert sum(sold) == 500
        assert room.balance(part) == ("0", "0")
        assert room.cost(part) == ("0", "0.00")
        assert sum(m.value.fen for m in Move.objects.filter(kind="issue")) == 1_234_567
        assert RequestLine.objects.filter(state="issued").count() == 100
        assert DemandEntry.objects.count() == 32 * 5 - 100
        numbers = set(PartsRequest.objects.values_list("no", flat=True))
        assert len(numbers) == 32 * 5
        assert all_wrong() == []


def take_last(number, store, keeper, line_ids):
    with within(store):
        line = RequestLine.objects.select_related("part").get(pk=line_ids[number])
        try:
            actions.issue(line, quantity=q(1), typed_number=line.part.part_no, by=keeper, now=NOW)
        except Refused as refusal:
            return refusal.code
    return "issued"


def test_two_keepers_issuing_the_last_piece_of_one_line_hand_it_out_once(transactional_db):
    room = open_stockroom()
    with within(room.store):
        part = room.part()
        room.stock(part, 1, "402.00")
        line = room.line(room.ask((part, 1)))
    answers = at_once(take_last, 2, room.store, room.keeper, [line.pk, line.pk])
    assert sorted(answers) == ["issued", "parts.request.not_now"]
    with within(room.store):
        assert Move.objects.filter(kind="issue").count() == 1
        assert all_wrong() == []


def test_two_keepers_issuing_the_last_free_piece_for_two_lines_hand_it_out_once(transactional_db):
    room = open_stockroom()
    with within(room.store):
        part = room.part()
        lines = [room.line(room.ask((part, 1), source=Source("trial.paper", number))) for number in (1, 2)]
        room.stock(part, 1, "402.00")
        for year in (2027, 2028):
            actions.expire_reservations(store=room.store, by=room.keeper, now=NOW.replace(year=year))
        assert room.balance(part) == ("1", "0")
    answers = at_once(take_last, 2, room.store, room.keeper, [line.pk for line in lines])
    assert sorted(answers) == ["issued", "parts.stock.too_little"]
    with within(room.store):
        assert room.balance(part) == ("0", "0")
        assert [line.state for line in RequestLine.objects.order_by("state")] == ["issued", "requested"]


def stir(number, store, keeper, part_ids):
    """A bit of everything on a few hot parts: ask, hand out, take back, give up, receive, find."""
    done = 0
    with within(store):
        for attempt in range(4):
            source = Source("trial.paper", 1000 * number + attempt + 1)
            wanted = [Wanted(at, part, q(1)) for at, part in enumerate(part_ids[:: 1 if number % 2 else -1], 1)]
            request = actions.submit(source=source, wanted=wanted, store=store, by=keeper, now=NOW)
            for line in request.lines.select_related("part").order_by("pk"):
                if line.state == "reserved" and attempt % 3:
                    actions.issue(line, quantity=q(1), typed_number=line.part.part_no, by=keeper, now=NOW)
                    if attempt % 2:
                        actions.take_back(line, quantity=q(1), condition="good", by=keeper, now=NOW)
                done += 1
            actions.release(source=source, store=store, by=keeper, now=NOW)
            incoming = [actions.Incoming(part, q(1), Money(1000 + 7 * number)) for part in part_ids]
            actions.receive(incoming=incoming, store=store, by=keeper, now=NOW)
    return done


def test_whatever_many_do_at_once_everything_still_adds_up(transactional_db):
    room = open_stockroom()
    with within(room.store):
        parts = [room.part(number, "件") for number in ("AA11", "BB22", "CC33")]
        for part in parts:
            room.stock(part, 4, "100.00")
    answers = at_once(stir, 6, room.store, room.keeper, [part.pk for part in parts])
    assert answers == [12] * 6, [each for each in answers if each != 12][:1]
    with within(room.store):
        assert all_wrong() == []
        assert sum(m.quantity.parts for m in Move.objects.filter(kind="purchase_in")) == 6 * 4 * 3 * 1000
