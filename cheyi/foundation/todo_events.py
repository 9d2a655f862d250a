"""What is announced of to-dos: the package whose document it was about knows from the kind whether it concerns it."""

from __future__ import annotations

from cheyi.foundation.events import Event, fact


@fact("foundation.todo.settled")
class TodoSettled(Event):
    """Something to do is done, or came to its end by itself; ``result`` tells how, where there are several ways."""

    todo_id: int
    kind: str
    source_kind: str
    source_id: int
    result: str = ""


@fact("foundation.todo.reopened")
class TodoReopened(Event):
    """Something is to be done after all: it was ticked off too early."""

    todo_id: int
    kind: str
    source_kind: str
    source_id: int
