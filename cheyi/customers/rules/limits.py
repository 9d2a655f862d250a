"""How many sealed values a person may look at, how many strangers he may ask for (reliability.md 5.7, 6.7), how long a note is."""

from __future__ import annotations

from cheyi.kernel import Refused

REVEALS_A_DAY = 150
PROBES_AN_HOUR = 30
LONGEST_NOTE = 200
FIELDS = frozenset(["mobile", "second_mobile", "wechat", "email", "id_no", "address"])
REASONS = frozenset(["call", "message", "check", "paper", "correct", "wish"])


def may_reveal(*, customers_today: int, is_new_today: bool, most: int = REVEALS_A_DAY) -> None:
    """Refuse the customer beyond the day's budget; one already seen today costs nothing.

    Raises Refused ``customers.reveal.budget_spent``.
    """
    if is_new_today and customers_today >= most:
        raise Refused("customers.reveal.budget_spent", most=most)


def may_probe(*, probes_last_hour: int, most: int = PROBES_AN_HOUR) -> None:
    """Refuse to ask for more people whom the own store does not know. Raises Refused ``customers.search.too_many``."""
    if probes_last_hour >= most:
        raise Refused("customers.search.too_many", most=most)
