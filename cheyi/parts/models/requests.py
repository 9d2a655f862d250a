"""Who wants what: requests with their lines, what is reserved for them, and what was asked for in vain."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import MoneyField, QuantityField
from cheyi.foundation.scope import StoreOwned
from cheyi.foundation.sources import Sourced
from cheyi.kernel import Money, Quantity
from cheyi.parts.rules import LINE, OPEN_LINE_STATES, REQUEST

NONE_OF_IT = Quantity(0)


class PartsRequest(StoreOwned, Sourced):
    """What a work order (or an appointment, a counter sale, the house) wants from the shelf (领料单).

    ``plate`` and ``vin_end`` name the car as the document names it: people look for the car, not for the number.
    """

    no = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=[(state, state) for state in REQUEST.states])
    requester = models.ForeignKey(
        "foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    needed_at = models.DateTimeField(null=True, blank=True)
    plate = models.CharField(max_length=12, blank=True)
    vin_end = models.CharField(max_length=6, blank=True)
    picker = models.ForeignKey("foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receiver = models.ForeignKey(
        "foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="parts_parts_request_no"),
            models.CheckConstraint(condition=Q(state__in=REQUEST.states), name="parts_parts_request_state"),
        ]
        indexes = [
            models.Index(fields=["store", "state", "needed_at"], name="parts_parts_request_open"),
            models.Index(fields=["store", "source_kind", "source_id"], name="parts_parts_request_source"),
        ]

    def __str__(self) -> str:
        return self.no


class RequestLine(StoreOwned):
    """One part that a request wants. ``issued`` and ``returned`` are sums of moves, ``cost`` their difference in value.

    ``promised_at`` is what the customer was told, ``expected_at`` when the keeper expects what is short (empty: unknown).
    """

    class ShortageAction(models.TextChoices):
        WAIT = "wait"
        URGENT_PO = "urgent_po"
        TRANSFER = "transfer"
        SUBSTITUTE = "substitute"
        CUSTOMER_DECLINES = "customer_declines"

    request = models.ForeignKey(PartsRequest, on_delete=models.PROTECT, related_name="lines")
    source_line_id = models.BigIntegerField(null=True, blank=True)
    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="request_lines")
    state = models.CharField(max_length=12, choices=[(state, state) for state in LINE.states])
    wanted = QuantityField()
    issued = QuantityField(default=NONE_OF_IT)
    returned = QuantityField(default=NONE_OF_IT)
    cost = MoneyField(default=Money(0))
    shortage_action = models.CharField(max_length=20, choices=ShortageAction.choices, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LINE.states), name="parts_request_line_state"),
            models.CheckConstraint(condition=Q(wanted__gt=NONE_OF_IT), name="parts_request_line_wanted"),
            models.CheckConstraint(
                condition=Q(returned__gte=NONE_OF_IT, issued__gte=F("returned")), name="parts_request_line_returned"
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=F("issued") - F("returned")), name="parts_request_line_not_too_much"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "part", "state"], name="parts_request_line_open"),
            models.Index(fields=["store", "source_line_id"], name="parts_request_line_source"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.wanted}"

    @property
    def handed_out(self) -> Quantity:
        """What is with the workshop now."""
        return self.issued - self.returned

    @property
    def outstanding(self) -> Quantity:
        """What is still to be handed out."""
        return self.wanted - self.handed_out if self.state in OPEN_LINE_STATES else NONE_OF_IT


class Reservation(StoreOwned):
    """A quantity of a balance that is kept for a line (预留); a balance's reserved is the sum of the open ones."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        RELEASED = "released"
        EXPIRED = "expired"

    balance = models.ForeignKey("parts.Balance", on_delete=models.PROTECT, related_name="reservations")
    line = models.ForeignKey(RequestLine, on_delete=models.PROTECT, related_name="reservations")
    quantity = QuantityField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=NONE_OF_IT), name="parts_reservation_positive"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="parts_reservation_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["balance"], name="parts_reservation_open", condition=Q(state="open")),
            models.Index(fields=["expires_at"], name="parts_reservation_expiry", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"


class DemandEntry(StoreOwned):
    """A part that was asked for and not there (缺件), once per line, on the day it was asked for; or a lost sale."""

    class Kind(models.TextChoices):
        SHORTAGE = "shortage"
        LOST_SALE = "lost_sale"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SHORTAGE)
    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="demand")
    line = models.ForeignKey(RequestLine, on_delete=models.PROTECT, null=True, blank=True, related_name="shortages")
    asked_on = models.DateField()
    wanted = QuantityField()
    missing = QuantityField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "line"], name="parts_demand_entry_line", condition=Q(line__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(missing__gt=NONE_OF_IT, wanted__gte=F("missing")), name="parts_demand_entry_missing"
            ),
        ]
        indexes = [models.Index(fields=["store", "part", "asked_on"], name="parts_demand_entry_part")]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.missing}"
