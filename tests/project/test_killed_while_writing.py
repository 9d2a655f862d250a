"""The server is killed again and again under sixteen writing clients: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from cheyi.foundation import invariants
from cheyi.foundation.models import IdempotencyKey, User
from cheyi.foundation.scope import everywhere
from cheyi.kernel import Money, Quantity
from cheyi.parts.models import Balance, Cost, Move, Receipt
from cheyi.project import accounts
from tests.parts.stockroom import open_stockroom
from tests.project.running import PATIENCE, Server

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS = 16
ACTS = 10
SOME = 12
ROUNDS = 3


class Clients:
    """Sixteen threads that each take goods in, one piece at a time, and send again whatever got no answer."""

    def __init__(self, server, token, part):
        self.server, self.token = server, token
        self.body = {"incoming": [{"part_id": part.pk, "quantity": 1000, "value_fen": 250}]}
        self.answers, self.repeats, self.problems = {}, 0, []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(CLIENTS)]

    def work(self, number):
        for act in range(ACTS):
            key = f"client-{number}-{act}"
            deadline = time.monotonic() + PATIENCE
            while key not in self.answers and time.monotonic() < deadline:
                status, answer = self.server.call("/stock/receive", self.body, token=self.token, key=key)
                if status == 200:
                    self.answers[key] = answer
                elif status in {0, 409, 503}:
                    self.repeats += 1
                    time.sleep(0.05)
                else:
                    self.problems.append((key, status, answer))
                    return

    def go_on(self, server):
        """Wait until some more acts are acknowledged, so that the next kill comes in the middle of others."""
        enough = len(self.answers) + SOME
        server.wait_until(lambda: len(self.answers) >= enough or self.problems, pause=0.01)
        assert len(self.answers) < CLIENTS * ACTS


def on_the_same_database():
    name = connection.settings_dict["NAME"]
    return {"DATABASE_URL": f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"}


def web_process(server, *, after=0):
    """The process that answers requests, the grandchild, as soon as there is one that is not ``after``."""
    found = []

    def there():
        parents = [pid for pid in server.children(server.process.pid) if pid != server.worker()]
        found[:] = [web for parent in parents for web in server.children(parent) if web != after]
        return len(found) == 1

    server.wait_until(there)
    return found[0]


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(tmp_path):
    room = open_stockroom()
    part = room.part()
    user = User.objects.get(pk=room.keeper.user_id)
    token = accounts.make_token(user, store=room.store, name="clients", now=datetime.now(UTC))
    connections.close_all()
    server = Server(tmp_path / "data", on_the_same_database())
    try:
        clients = Clients(server.wait(), token, part)
        for thread in clients.threads:
            thread.start()
        killed = 0
        for _ in range(ROUNDS):
            killed = web_process(server, after=killed)
            clients.go_on(server)
            os.kill(killed, signal.SIGKILL)
        web_process(server, after=killed)
        clients.go_on(server)
        server.kill()
        clients.server = server = Server(tmp_path / "data", on_the_same_database())
        server.wait()
        for thread in clients.threads:
            thread.join(PATIENCE)
        assert clients.problems == []
        assert len(clients.answers) == CLIENTS * ACTS
        assert clients.repeats > 0
        key, answer = next(iter(clients.answers.items()))
        assert server.call("/stock/receive", clients.body, token=token, key=key) == (200, answer)
        other = {"incoming": [{"part_id": part.pk, "quantity": 2000, "value_fen": 250}]}
        assert server.call("/stock/receive", other, token=token, key=key)[0] == 422
        server.end()
    finally:
        server.kill()
    with everywhere("counting"):
        pieces = CLIENTS * ACTS
        assert Move.objects.filter(part=part).count() == pieces
        assert Receipt.objects.count() == pieces
        assert [row.on_hand for row in Balance.objects.filter(part=part)] == [Quantity(pieces * 1000)]
        assert [row.value for row in Cost.objects.filter(part=part)] == [Money(pieces * 250)]
        assert IdempotencyKey.objects.count() == pieces
    assert [finding for finding in invariants.check() if finding.count] == []
