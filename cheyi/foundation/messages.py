"""Messages to customers: written in the act's transaction, sent by a job, withdrawn by undo (reliability.md 4.6).

Undoable acts give ten seconds before anything leaves. Marketing keeps the quiet hours. The address is asked for at the
moment of sending and is never kept; whoever knows it (``customers/jobs.py``) decides whether he may be written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cheyi.foundation import jobs
from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.channels import CannotSend, channel_of
from cheyi.foundation.models import Message, Store
from cheyi.foundation.refusals import wording

UNDO_SECONDS = 10
QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(9, 0)
MARKETING = "marketing"


class AddressBook(Protocol):
    """Who knows where a customer is reached."""

    def __call__(self, customer_id: int, *, channel: str, purpose: str, on: date) -> str:
        """His number or address; empty where he has none, or may not be written to for this purpose on this day."""
        ...


_address_books: list[AddressBook] = []


def address_book(function: AddressBook) -> AddressBook:
    """Register who knows the addresses of customers; one does."""
    _address_books[:] = [function]
    return function


@act
def send_later(
    *,
    store: Store,
    template: str,
    key: str,
    purpose: str,
    now: datetime,
    customer_id: int | None = None,
    channel: str = "sms",
    facts: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
    undoable: bool = False,
    by: Viewer = SYSTEM,
) -> Message:
    """Write a message down and have a job send it; the same key sends once, and before that takes the later details.

    ``template`` is a code with wording that the facts fill; facts are plain values, never sealed ones. ``undoable``
    leaves ten seconds; ``purpose`` ``marketing`` keeps the quiet hours of the store's zone.
    """
    due_at = max(not_before or now, now + timedelta(seconds=UNDO_SECONDS) if undoable else now)
    details = {
        "template": template,
        "customer_id": customer_id,
        "channel": channel,
        "facts": dict(facts or {}),
        "purpose": purpose,
        "due_at": allowed_at(due_at, purpose=purpose, zone=store.zone),
        "state": Message.State.WAITING,
        "trouble": "",
    }
    message = Message.objects.select_for_update().filter(store=store, key=key).first()
    if message is not None and message.state == Message.State.SENT:
        return message
    if message is None:
        message = Message(store=store, key=key, created_at=now, created_by_id=by.user_id, **details)
        message.save(force_insert=True)
    else:
        for name, value in details.items():
            setattr(message, name, value)
        message.save(update_fields=list(details))
    jobs.defer(send_message, store=store, due_at=message.due_at, message_id=message.pk)
    return message


@act
def withdraw(*, store: Store, key: str) -> bool:
    """Take a message back that has not left yet; part of undo. Gives whether there was one.

    Its job stays and finds nothing to send: the message's own state decides, so a job more or less does no harm.
    """
    message = Message.objects.select_for_update().filter(store=store, key=key, state=Message.State.WAITING).first()
    if message is None:
        return False
    message.state = Message.State.WITHDRAWN
    message.save(update_fields=["state"])
    return True


def allowed_at(moment: datetime, *, purpose: str, zone: str) -> datetime:
    """The moment itself, or for marketing the end of the quiet hours (21:00 to 09:00) that it lies in."""
    local = moment.astimezone(ZoneInfo(zone))
    if purpose != MARKETING or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=int(local.time() >= QUIET_FROM))
    return datetime.combine(day, QUIET_UNTIL, tzinfo=local.tzinfo)


@jobs.job("foundation.message.send")
def send_message(*, message_id: int, now: datetime) -> None:
    """Send a waiting message. The provider gets the message's own key, so that a second try is the same message."""
    message = Message.objects.select_related("store").get(pk=message_id)
    if message.state != Message.State.WAITING or message.due_at > now:
        return
    later = allowed_at(now, purpose=message.purpose, zone=message.store.zone)
    if later > now:
        postpone(message, until=later)
        return
    try:
        provider_id = channel_of(message.channel).send(
            template=message.template,
            text=sentence(message),
            to=_address_of(message, now),
            facts=message.facts,
            idempotency_key=str(message.uid),
        )
    except CannotSend as error:
        _record(message, state=Message.State.FAILED, trouble=str(error)[:200])
    else:
        _record(message, state=Message.State.SENT, sent_at=now, provider_id=provider_id)


def _address_of(message: Message, now: datetime) -> str:
    if message.customer_id is None:
        return ""
    (book,) = _address_books
    today = message.store.business_date(now)
    return book(message.customer_id, channel=message.channel, purpose=message.purpose, on=today)


@act
def postpone(message: Message, *, until: datetime) -> None:
    """Have a waiting message sent later."""
    _record(message, due_at=until)
    jobs.defer(send_message, store=message.store, due_at=until, message_id=message.pk)


def _record(message: Message, **changes: Any) -> None:
    Message.objects.filter(pk=message.pk, state=Message.State.WAITING).update(**changes)


def sentence(message: Message) -> str:
    """What the message says."""
    text: str = str(wording()[message.template]) % message.facts
    return text
