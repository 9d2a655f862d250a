"""Money, quantities, hours, time spans, state tables, reasons and refusals: plain Python that knows no car dealer.

数值、时间、状态表与拒绝：所有上层包共用的最底层词汇。
"""

from cheyi.kernel.clock import OpeningHours, OpenSpan
from cheyi.kernel.money import Money
from cheyi.kernel.numbers import Hours, Quantity, Rate, half_up
from cheyi.kernel.reasons import Fact, Reason, Unknown
from cheyi.kernel.refusals import Refused
from cheyi.kernel.shares import allocate
from cheyi.kernel.spans import Span
from cheyi.kernel.states import StateTable

__all__ = [
    "Fact",
    "Hours",
    "Money",
    "OpenSpan",
    "OpeningHours",
    "Quantity",
    "Rate",
    "Reason",
    "Refused",
    "Span",
    "StateTable",
    "Unknown",
    "allocate",
    "half_up",
]
