"""What happened and what is still to do: audit, facts, jobs, idempotency keys, one-time links."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from cheyi.foundation.scope import Installation


class AuditEntry(Installation):
    """One sensitive act or change of state: who, what, on which thing (审计日志). Never changed, never deleted."""

    append_only = True
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    group_id = models.BigIntegerField(null=True)
    store_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=80)
    thing = models.CharField(max_length=40)
    thing_id = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    facts = models.JSONField(default=dict)
    inverse = models.JSONField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        indexes = [
            models.Index("thing", "thing_id", name="foundation_audit_thing"),
            models.Index("store_id", "at", name="foundation_audit_store"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.thing_id}"


class Fact(Installation):
    """Outbox row: something happened (事实). Written in the transaction of the act."""

    append_only = True
    code = models.CharField(max_length=80, db_index=True)
    store_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class Job(Installation):
    """Work for later or for the background: a leased row that survives a killed worker (后台任务)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"
        WITHDRAWN = "withdrawn"

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True)
    store_id = models.BigIntegerField(null=True)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, related_name="jobs")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("due_at", name="foundation_job_waiting", condition=Q(state="waiting")),
            models.Index("lease_until", name="foundation_job_running", condition=Q(state="running")),
        ]
        constraints = [
            models.UniqueConstraint(
                "key", name="foundation_job_one_waiting_per_key", condition=Q(state="waiting") & ~Q(key="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class IdempotencyKey(Installation):
    """A form or call that has had its effect, with the answer it got (reliability.md 4.5)."""

    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    endpoint = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("owner", "key", name="foundation_idempotency_once")]

    def __str__(self) -> str:
        return self.key


class OneTimeLink(Installation):
    """A link that works once and for a while; only the hash of its token is kept (``foundation/one_time.py``)."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.created_at:%F %H:%M}"


class SetupLink(OneTimeLink):
    """The one-time link that opens an empty installation."""


class PasswordLink(OneTimeLink):
    """The one-time link by which a person sets his own password (密码链接)."""

    user = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="password_links")
    created_by_id = models.BigIntegerField(null=True, blank=True)
