"""The processes of one server: forked from a parent that has everything loaded, kept alive, and never left behind.

Forking from one loaded parent shares its memory: with all packages, idle, 169 MB (proportional set size) of processes that
each load everything became 152 MB, 144 MB without the development packages. The parent stays single-threaded, so that
forking again is safe.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cheyi.project.garbage import spare_the_collector

PARENT = "CHEYI_PARENT"
PR_SET_PDEATHSIG = 1
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
SHORT_LIFE = 10.0
LONGEST_PAUSE = 30.0
FIRST_PAUSE = 0.5
WAIT_FOR_ENDING = 20.0


def end_with_parent() -> None:
    """End this process when its parent is gone, so that a killed server leaves nothing behind.

    Only inside a family: a web server started by other means has a parent that knows what it does.
    """
    if not os.environ.get(PARENT):
        return
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class Member:
    """One kind of child; ``run`` gives its exit code."""

    name: str
    run: Callable[[], int]
    pid: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE


class Family:
    """A parent that starts its children, starts each again when it ends, and ends them all when asked to."""

    def __init__(self, members: Mapping[str, Callable[[], int]]) -> None:
        self._members = [Member(name, run) for name, run in members.items()]
        self._ending_since = 0.0

    def run(self) -> int:
        """Stay until SIGTERM or SIGINT; the exit code is 0."""
        os.environ[PARENT] = str(os.getpid())
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        spare_the_collector()
        while True:
            self._start_due()
            came = signal.sigtimedwait(WATCHED, 0.5)
            if came is not None and came.si_signo != signal.SIGCHLD and not self._ending_since:
                self._end()
            self._bury()
            if self._ending_since and not self._alive():
                return 0
            if self._ending_since and time.monotonic() - self._ending_since > WAIT_FOR_ENDING:
                self._send(signal.SIGKILL)

    def _alive(self) -> list[Member]:
        return [member for member in self._members if member.pid]

    def _start_due(self) -> None:
        for member in self._members:
            if not self._ending_since and not member.pid and time.monotonic() >= member.start_again_at:
                member.started_at = time.monotonic()
                member.pid = os.fork() or self._live(member)

    @staticmethod
    def _live(member: Member) -> int:
        """The child's whole life; never comes back."""
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            end_with_parent()
            code = member.run()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - nothing may pass into the parent's code
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> None:
        """Note which children have ended, and when they may start again: later and later if they end at once."""
        for member in self._alive():
            if os.waitpid(member.pid, os.WNOHANG)[0]:
                short = time.monotonic() - member.started_at < SHORT_LIFE
                member.pause = min(member.pause * 2, LONGEST_PAUSE) if short else FIRST_PAUSE
                member.pid, member.start_again_at = 0, time.monotonic() + member.pause

    def _end(self) -> None:
        self._ending_since = time.monotonic()
        self._send(signal.SIGTERM)

    def _send(self, which: signal.Signals) -> None:
        for member in self._alive():
            os.kill(member.pid, which)
