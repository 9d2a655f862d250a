"""How much an engine does for an answer, in calls of its functions: the same on a busy machine as on an idle one."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(act: Callable[[], Any]) -> tuple[Any, Counter[str]]:
    """What ``act`` returns, and how often each function under ``cheyi`` was entered meanwhile, by its qualified name."""
    counted: Counter[str] = Counter()

    def enter(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "cheyi" in frame.f_code.co_filename:
            counted[frame.f_code.co_qualname] += 1

    before = sys.getprofile()
    sys.setprofile(enter)
    try:
        answer = act()
    finally:
        sys.setprofile(before)
    return answer, counted
