"""The planning child: reads one floor per line, answers with placed steps, and ends when nobody has asked for a while.

Started by ``apart.Improver`` as ``python -m cheyi.workshop.engine.child``; the only process that loads the solver.
"""

from __future__ import annotations

import json
import select
import sys

from cheyi.workshop.engine.improve import improved
from cheyi.workshop.engine.wire import rows, unpacked

IDLE_SECONDS = 600


def serve() -> None:
    """Answer until the other side closes or ten minutes pass without a question; then the memory is given back."""
    asks = sys.stdin.buffer
    while select.select([asks], [], [], IDLE_SECONDS)[0]:
        line = asks.readline()
        if not line:
            return
        answer = json.dumps(rows(improved(*unpacked(json.loads(line)))))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
