"""The verbs of customer care."""

from cheyi.care.actions.marking import mark_life_cycles

__all__ = ["mark_life_cycles"]
