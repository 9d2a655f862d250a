"""One table of moves per thing that has a life: the diagram, the buttons and the guard come from the same rows."""

from __future__ import annotations

from collections.abc import Iterable

from cheyi.kernel.refusals import Refused


class StateTable:
    """Rows of (state, verb, next state); a pair of state and verb has exactly one target."""

    def __init__(self, thing: str, moves: Iterable[tuple[str, str, str]]) -> None:
        """``thing`` is the code's beginning, for example ``workshop.order``. Raises ValueError for a doubled pair."""
        self.thing = thing
        self.moves = tuple(moves)
        self._targets: dict[tuple[str, str], str] = {}
        for state, verb, target in self.moves:
            if (state, verb) in self._targets:
                raise ValueError(f"{thing}: {verb} from {state} stands twice")
            self._targets[state, verb] = target

    @property
    def states(self) -> tuple[str, ...]:
        """All states in the order in which the rows first name them."""
        return tuple(dict.fromkeys(name for state, _, target in self.moves for name in (state, target) if name))

    def after(self, state: str, verb: str) -> str:
        """The state that follows. Raises Refused ``<thing>.not_now`` with the facts ``state`` and ``verb``."""
        try:
            return self._targets[state, verb]
        except KeyError:
            raise Refused(f"{self.thing}.not_now", state=state, verb=verb) from None

    def allows(self, state: str, verb: str) -> bool:
        """Whether the verb is possible now."""
        return (state, verb) in self._targets

    def verbs(self, state: str) -> tuple[str, ...]:
        """The verbs that are possible from a state, in the order of the rows."""
        return tuple(verb for start, verb, _ in self.moves if start == state)
