"""What every package leans on: files, messages, to-dos, document numbers, search keys, opening calendars."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.scope import ScopedManager, ScopeKey, StoreOwned
from cheyi.foundation.sources import Sourced


class StoredFile(StoreOwned):
    """A photo or paper in the data directory (附件); shown only through the access check that ``access`` names."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        DOCUMENT = "document"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    access = models.CharField(max_length=60)
    customer_may_see = models.BooleanField(default=False)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="foundation_stored_file_size"),
            models.CheckConstraint(
                condition=Q(kind="document") | Q(width__gt=0, height__gt=0), name="foundation_stored_file_edges"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Message(StoreOwned):
    """A message to a customer (消息): the outbox row that a job sends. Never holds an address, only whose it is."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120)
    customer_id = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=20)
    template = models.CharField(max_length=80)
    facts = models.JSONField(default=dict, blank=True)
    purpose = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint("store", "key", name="foundation_message_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="foundation_message_sent_when"
            ),
        ]
        indexes = [models.Index("store", "customer_id", "due_at", name="foundation_message_customer")]

    def __str__(self) -> str:
        return f"{self.template} {self.key}"


class Todo(StoreOwned, Sourced):
    """Something a person or a role still has to do (待办); its sentence is the wording of ``kind`` with the facts."""

    kind = models.CharField(max_length=80)
    role = models.CharField(max_length=20, blank=True)
    assignee = models.ForeignKey(
        "foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="todos"
    )
    due_at = models.DateTimeField()
    facts = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                "store",
                "kind",
                "source_kind",
                "source_id",
                name="foundation_todo_one_open",
                condition=Q(done_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(assignee__isnull=False), name="foundation_todo_somebody_must"
            ),
        ]
        indexes = [
            models.Index("store", "due_at", name="foundation_todo_open", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_label}"


class NumberSeries(StoreOwned):
    """The last document number drawn of a prefix on a business day (单号段)."""

    prefix = models.CharField(max_length=6)
    business_on = models.DateField()
    last = models.PositiveIntegerField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint("store", "prefix", "business_on", name="foundation_number_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.business_on} {self.last}"


class KeyField(models.CharField):  # type: ignore[type-arg]
    """Text that is ordered by code point on both engines, so that a prefix is one stretch of the index."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """The column's type; PostgreSQL is told to use the collation C, SQLite compares bytes anyway."""
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SearchKey(models.Model):
    """A text under which a thing is found (搜索键): in one store, or in the whole group when ``store_id`` is empty."""

    scope_kind: ClassVar[str] = "group"
    append_only: ClassVar[bool] = False
    group = ScopeKey("foundation.Group", db_index=False)
    store_id = models.BigIntegerField(null=True, blank=True)
    key = KeyField(max_length=40)
    thing = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index("group", "store_id", "thing", "key", "rank", "target_id", name="foundation_search_key_found"),
            models.Index("group", "thing", "target_id", "store_id", name="foundation_search_key_target"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.target_id}: {self.key}"


class CalendarSpan(StoreOwned):
    """A stretch of a weekday in which the store is open (营业日历); closing at 00:00 means the midnight that ends it."""

    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint("store", "weekday", "opens", name="foundation_calendar_span_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="foundation_calendar_span_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes="00:00:00"), name="foundation_calendar_span_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CalendarException(StoreOwned):
    """A dated day that differs from its weekday (节假日、调休): closed when it has no hours."""

    dated_on = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint("store", "dated_on", "opens", name="foundation_calendar_exception_once"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens"))
                | Q(opens__isnull=False, closes__isnull=False, closes="00:00:00"),
                name="foundation_calendar_exception_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dated_on:%F}"
