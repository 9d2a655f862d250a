"""Running the same thing in several real processes at once, for tests marked ``race``."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections

FORK = multiprocessing.get_context("fork")


def at_once(function: Callable[[int], Any], processes: int, *, seconds: float = 180) -> list[Any]:
    """Call ``function(number)`` in that many processes that start together; gives the answers by number.

    An exception comes back as its class name. Needs ``django_db(transaction=True)``, so that all see the same rows.
    """
    connections.close_all()
    start = FORK.Event()
    answers = FORK.Queue()
    children = [FORK.Process(target=_child, args=(function, number, start, answers)) for number in range(processes)]
    for child in children:
        child.start()
    start.set()
    given = dict(answers.get(timeout=seconds) for _ in children)
    for child in children:
        child.join(seconds)
    return [given[number] for number in range(processes)]


def _child(function: Callable[[int], Any], number: int, start: Any, answers: Any) -> None:
    start.wait(180)
    try:
        answer = function(number)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        traceback.print_exc()
        answer = type(error).__name__
    answers.put((number, answer))
    answers.close()
    answers.join_thread()
    os._exit(0)
