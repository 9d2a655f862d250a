"""The write gate: one writer at a time per database file, among threads and among processes.

SQLite lets one transaction write. Left to its busy timer, writers starve (worst wait 11.6 s of 32 writers); queued here,
the worst waited 0.97 s (reliability.md 4.3). A thread lock queues the threads of a process, a lock on a file beside the
database queues the processes; the kernel frees the latter when a process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path


class GateShut(TimeoutError):
    """The gate did not open in time."""


class Pass:
    """The right to write, from ``WriteGate.enter`` until ``give_back``; given back by itself when it is forgotten."""

    def __init__(self, gate: WriteGate, file: int) -> None:
        self._gate = gate
        self._file: int | None = file
        self._process = os.getpid()

    def give_back(self) -> None:
        """Open the gate for the next one; harmless when done twice or in a forked child."""
        file, self._file = self._file, None
        if file is None:
            return
        if self._process == os.getpid():
            fcntl.flock(file, fcntl.LOCK_UN)
            self._gate.turn.release()
        os.close(file)

    def __del__(self) -> None:
        self.give_back()


class WriteGate:
    """One per database file and process; get it from ``gate_of``."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self.turn = threading.Lock()

    def enter(self, seconds: float) -> Pass:
        """Wait for the turn. Raises GateShut after so many seconds."""
        deadline = time.monotonic() + seconds
        if not self.turn.acquire(timeout=seconds):
            raise GateShut(f"no turn to write within {seconds} s")
        try:
            file = self._lock_file(deadline)
        except BaseException:
            self.turn.release()
            raise
        return Pass(self, file)

    def _lock_file(self, deadline: float) -> int:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting = _Waiting(file)
            if not waiting.done(deadline - time.monotonic()):
                raise GateShut("another process writes and does not end") from None
        except BaseException:
            os.close(file)
            raise
        return file


class _Waiting:
    """Queue for the file lock in a thread of its own, since a blocking flock knows no time limit and polling starves."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._state = threading.Lock()
        self._locked = threading.Event()
        self._given_up = False
        threading.Thread(target=self._wait, name="write-gate", daemon=True).start()

    def _wait(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._state:
            if self._given_up:
                os.close(self._file)
            else:
                self._locked.set()

    def done(self, seconds: float) -> bool:
        """Whether the lock came in time; a late one is given back at once."""
        self._locked.wait(max(seconds, 0))
        with self._state:
            self._given_up = not self._locked.is_set()
            return not self._given_up


_gates: dict[Path, WriteGate] = {}
_gates_lock = threading.Lock()


def gate_of(database: Path) -> WriteGate:
    """The gate of a database file, which lies beside it as ``<name>.gate``."""
    file = database.resolve().with_name(database.name + ".gate")
    with _gates_lock:
        return _gates.setdefault(file, WriteGate(file))


def _forget_after_fork() -> None:
    global _gates_lock  # noqa: PLW0603 - the parent's lock may have been held by a thread that does not exist here
    _gates_lock = threading.Lock()
    for gate in _gates.values():
        gate.turn = threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)
