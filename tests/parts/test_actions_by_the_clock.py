"""What happens by itself, and what the proofs find when somebody meddles with the figures."""

import pytest

from cheyi.foundation.scope import everywhere
from cheyi.foundation.sources import Source
from cheyi.parts.jobs import sweep
from cheyi.parts.models import Balance, Cost, PartsRequest, RequestLine, Reservation
from tests.parts.stockroom import all_wrong, later, q, yuan


def test_the_clock_ends_reservations_and_serves_whoever_waits(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1)
    holder = stockroom.ask((part, 1))
    waiting = stockroom.ask((part, 1), source=Source("trial.paper", 82))
    sweep(now=later(73))
    sweep(now=later(73))
    assert (stockroom.line(holder).state, stockroom.line(waiting).state) == ("requested", "reserved")
    assert all_wrong() == []


@pytest.mark.parametrize(
    ("model", "spoiled", "words"),
    [
        (Balance, {"on_hand": q(7)}, "moves say 5"),
        (Balance, {"reserved": q(3)}, "reservations say 2"),
        (Cost, {"value": yuan("1.00")}, "moves say 5 worth 50.00"),
        (Cost, {"quantity": q(6)}, "moves say 5 worth 50.00"),
        (Reservation, {"quantity": q(1)}, "reservations say 1"),
        (RequestLine, {"issued": q(1)}, "moves say 0, 0, 0.00"),
        (RequestLine, {"wanted": q(1)}, "2 kept, 1 still wanted"),
        (PartsRequest, {"state": "picked"}, "its lines say reserved"),
    ],
)
def test_a_figure_that_its_rows_do_not_prove_is_found(stockroom, model, spoiled, words):
    part = stockroom.part()
    stockroom.stock(part, 5, "50.00")
    stockroom.ask((part, 2))
    assert all_wrong() == []
    with everywhere("meddling"):
        model.objects.update(**spoiled)
    assert len([sentence for sentence in all_wrong() if words in sentence]) == 1


def test_a_move_without_a_balance_is_found(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 5, "50.00")
    Balance.objects.all().delete()
    Cost.objects.all().delete()
    found = all_wrong()
    assert len(found) == 2
    assert all("there is no" in sentence for sentence in found)
