"""Improving a plan in a process of its own: the web process never loads the solver, and a crash there costs nothing."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Self

from cheyi.workshop.engine.floor import Floor, Placed
from cheyi.workshop.engine.ground import lay
from cheyi.workshop.engine.improve import Improvement, judged
from cheyi.workshop.engine.model import Plan, Shop
from cheyi.workshop.engine.rule import best_base
from cheyi.workshop.engine.sequence import Limits
from cheyi.workshop.engine.wire import packed, placed_from

PATIENCE = 20.0


@dataclass(slots=True)
class Improver:
    """A handle on the planning child; it is started at the first question and again after it ended or was stopped.

    Use it as a context, or call ``close``. Several threads may ask; they are answered one after the other.
    """

    patience: float = PATIENCE
    _child: subprocess.Popen[bytes] | None = None
    _lock: Lock = field(default_factory=Lock)

    def improve(self, shop: Shop, *, published: Plan | None = None, limits: Limits | None = None) -> Improvement:
        """As ``improve.improve``; when the child dies or does not answer within ``patience`` seconds, the rule's plan."""
        ground = lay(shop, published=published)
        base = best_base(ground.floor)
        return judged(ground, base, self.improved(ground.floor, base, limits or Limits()))

    def improved(self, floor: Floor, base: list[Placed | None], limits: Limits) -> list[Placed | None]:
        """Placed steps from the child, or ``base``."""
        with self._lock:
            try:
                answer = self._ask(json.dumps(packed(floor, base, limits)).encode() + b"\n")
            except OSError:
                answer = b""
            if not answer.endswith(b"\n"):
                self._stop()
                return base
        return placed_from(json.loads(answer))

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, question: bytes) -> bytes:
        """One line there and one back; an answer without its end of line is none."""
        child = self._running()
        if child.stdin is None or child.stdout is None:
            raise OSError("the planning child has no pipes")
        child.stdin.write(question)
        child.stdin.flush()
        if not select.select([child.stdout], [], [], self.patience)[0]:
            return b""
        return child.stdout.readline()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            root = Path(__file__).resolve().parents[3]
            paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._child = subprocess.Popen(
                [sys.executable, "-m", "cheyi.workshop.engine.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
