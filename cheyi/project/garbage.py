"""How often Python looks for circular garbage."""

from __future__ import annotations

import gc


def spare_the_collector() -> None:
    """Let Python look for circular garbage among new objects only, and every 20,000 of them instead of 700.

    Pages and imports make thousands of objects that go by themselves; looking at them cost a page a twelfth of its time
    and an import a fifth. What is loaded by now stays for good, and children share its memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
