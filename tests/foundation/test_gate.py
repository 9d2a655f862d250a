"""The write gate: writers queue, nobody starves, and nothing that goes wrong leaves it shut."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sqlite3
import threading

import pytest
from django.db import connections, transaction
from django.db.utils import OperationalError

from cheyi.foundation.db.gate import GateShut, WriteGate, gate_of
from cheyi.foundation.db.sqlite3.base import DatabaseWrapper

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def gate(tmp_path):
    return WriteGate(tmp_path / "x.gate")


def hold(path, ready, let_go):
    """What a child process does: go through the gate and stay there."""
    inside = WriteGate(path).enter(5)
    ready.set()
    let_go.wait(30)
    inside.give_back()


def test_the_second_thread_waits_until_the_first_gives_back(gate):
    first = gate.enter(1)
    with pytest.raises(GateShut):
        gate.enter(0.05)
    first.give_back()
    gate.enter(0.05).give_back()


def test_giving_back_twice_opens_for_one_only(gate):
    first = gate.enter(1)
    first.give_back()
    second = gate.enter(0.05)
    first.give_back()
    with pytest.raises(GateShut):
        gate.enter(0.05)
    second.give_back()


def test_a_forgotten_pass_opens_the_gate(gate):
    gate.enter(1)
    gate.enter(0.5).give_back()


def test_one_gate_per_database_file(tmp_path):
    assert gate_of(tmp_path / "a.sqlite3") is gate_of(tmp_path / "." / "a.sqlite3")
    assert gate_of(tmp_path / "a.sqlite3") is not gate_of(tmp_path / "b.sqlite3")


@pytest.mark.race
def test_another_process_is_waited_for_and_a_killed_one_leaves_the_gate_open(tmp_path):
    path = tmp_path / "x.gate"
    ready, let_go = FORK.Event(), FORK.Event()
    child = FORK.Process(target=hold, args=(path, ready, let_go))
    child.start()
    assert ready.wait(30)
    gate = WriteGate(path)
    with pytest.raises(GateShut):
        gate.enter(0.1)
    os.kill(child.pid, signal.SIGKILL)
    child.join(10)
    gate.enter(2).give_back()


@pytest.mark.race
def test_a_wait_that_was_given_up_does_not_keep_the_gate_later(tmp_path):
    path = tmp_path / "x.gate"
    ready, let_go = FORK.Event(), FORK.Event()
    child = FORK.Process(target=hold, args=(path, ready, let_go))
    child.start()
    assert ready.wait(30)
    gate = WriteGate(path)
    with pytest.raises(GateShut):
        gate.enter(0.05)
    let_go.set()
    child.join(10)
    gate.enter(2).give_back()
    WriteGate(path).enter(2).give_back()


# --- in the database backend ------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """A wrapper of our SQLite backend on a file of its own, registered so that atomic() finds it."""
    settings = {**connections["default"].settings_dict, "NAME": str(tmp_path / "own.sqlite3")}
    settings |= {"ENGINE": "cheyi.foundation.db.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.3}}
    wrapper = DatabaseWrapper(settings, alias="own")
    connections.databases["own"] = settings
    connections["own"] = wrapper
    django_db_blocker.unblock()
    with wrapper.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n < 10) REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    yield wrapper
    wrapper.close()
    django_db_blocker.restore()
    del connections["own"]
    del connections.databases["own"]


def is_open(wrapper):
    """Whether another one could write now."""
    try:
        wrapper._gate.enter(0.02).give_back()
    except GateShut:
        return False
    return True


def test_a_transaction_holds_the_gate_from_its_beginning_to_its_end(database):
    with transaction.atomic(using="own"):
        assert not is_open(database)
        with transaction.atomic(using="own"), database.cursor() as cursor:
            cursor.execute("INSERT INTO t (id) VALUES (1)")
        assert not is_open(database)
    assert is_open(database)


def test_a_rollback_an_error_and_a_failed_commit_open_the_gate(database):
    with pytest.raises(ZeroDivisionError), transaction.atomic(using="own"):
        raise ZeroDivisionError
    assert is_open(database)
    with pytest.raises(Exception, match="CHECK"), transaction.atomic(using="own"), database.cursor() as cursor:
        cursor.execute("INSERT INTO t (id, n) VALUES (1, 99)")
    assert is_open(database)
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction.atomic(using="own"), database.cursor() as cursor:
        cursor.execute("INSERT INTO t (id, n) VALUES (1, 7)")
    assert is_open(database)


def test_closing_inside_a_transaction_opens_the_gate(database):
    with transaction.atomic(using="own"):
        database.close()
        assert is_open(database)


def test_a_begin_that_fails_opens_the_gate(database, tmp_path):
    stranger = sqlite3.connect(tmp_path / "own.sqlite3", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic(using="own"):
        pass
    assert is_open(database)
    stranger.execute("ROLLBACK")
    stranger.close()


def test_a_single_write_queues_and_a_read_does_not(database):
    held = database._gate.enter(1)
    with database.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM t")
        assert cursor.fetchone() == (0,)
        with pytest.raises(OperationalError, match="locked"):
            cursor.execute("INSERT INTO t (id) VALUES (1)")
    held.give_back()
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO t (id) VALUES (1)")
    assert is_open(database)


def test_a_connection_that_is_forgotten_in_a_transaction_leaves_the_gate_open(database):
    def forget():
        own = DatabaseWrapper(database.settings_dict, alias="own")
        own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        assert own._pass is not None

    thread = threading.Thread(target=forget)
    thread.start()
    thread.join()
    gc.collect()
    assert is_open(database)


def write_many(path, rounds, written):
    """What one of many writers does: short transactions, one after the other; a starved one is refused after 20 s."""
    settings = {**connections["default"].settings_dict, "NAME": path, "ENGINE": "cheyi.foundation.db.sqlite3"}
    settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    wrapper = DatabaseWrapper(settings, alias="own")
    connections.databases["own"] = settings
    connections["own"] = wrapper
    for _ in range(rounds):
        with transaction.atomic(using="own"), wrapper.cursor() as cursor:
            cursor.execute("UPDATE t SET n = n + 1")
    written.put(rounds)


@pytest.mark.race
def test_many_processes_lose_nothing_and_nobody_starves(tmp_path, django_db_blocker):
    path = str(tmp_path / "many.sqlite3")
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA journal_mode = wal")
        plain.execute("CREATE TABLE t (n INTEGER)")
        plain.execute("INSERT INTO t VALUES (0)")
    plain.close()
    written = FORK.Queue()
    django_db_blocker.unblock()
    children = [FORK.Process(target=write_many, args=(path, 50, written)) for _ in range(6)]
    for child in children:
        child.start()
    django_db_blocker.restore()
    assert [written.get(timeout=60) for _ in children] == [50] * 6
    for child in children:
        child.join(20)
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT n FROM t").fetchone() == (300,)
    plain.close()
    assert [child.exitcode for child in children] == [0] * 6
