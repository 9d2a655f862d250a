"""What a customer allows, and when he is left alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cheyi.customers.events import ConsentGiven, ConsentWithdrawn, CustomerHeld, CustomerReleased
from cheyi.customers.models import Consent, ContactHold, ContactLog, Customer
from cheyi.customers.rules.texts import as_typed, plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.models import StoredFile
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused

SEPARATE = frozenset(["sharing_group", "sharing_oem", "sharing_insurer", "location"])


@act
def record_consent(
    customer: Customer,
    *,
    purpose: str,
    channel: str,
    wording_version: str,
    by: Viewer,
    now: datetime,
    separate: bool = False,
    evidence: StoredFile | None = None,
) -> Consent:
    """Write down that the customer allowed something; one that is in force stays as it is.

    Raises Refused ``customers.consent.separate_needed`` for a purpose that the law wants asked on its own
    (domain.md 8.4), and ``customers.customer.unknown_choice``.
    """
    _known(purpose, Consent.Purpose.values, "purpose")
    _known(channel, Consent.Channel.values, "channel")
    if purpose in SEPARATE and not separate:
        raise Refused("customers.consent.separate_needed", field="separate")
    wording_version = plain(wording_version)[:20]
    customer = lock(customer)
    in_force = Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).first()
    if in_force is not None:
        return in_force
    consent = Consent(
        group_id=customer.group_id,
        customer=customer,
        purpose=purpose,
        separate=separate,
        channel=channel,
        wording_version=wording_version,
        given_at=now,
        evidence=evidence,
        created_at=now,
        created_by_id=by.user_id,
    )
    consent.save(force_insert=True)
    facts: dict[str, Any] = {"purpose": purpose, "channel": channel, "wording": wording_version}
    audit(by, "customers.consent.given", customer, now=now, undo=_undo_consent(consent), **facts)
    announce(ConsentGiven(customer_id=customer.pk, purpose=purpose, store_id=by.store_id, happened_at=now))
    return consent


@act
def withdraw_consent(customer: Customer, *, purpose: str, by: Viewer, now: datetime) -> None:
    """The customer takes a consent back; it ends now. Harmless when there is none in force."""
    consent = Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).first()
    if consent is None:
        return
    consent = lock(consent)
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    audit(by, "customers.consent.withdrawn", customer, now=now, undo=_undo_consent(consent), purpose=purpose)
    announce(ConsentWithdrawn(customer_id=customer.pk, purpose=purpose, store_id=by.store_id, happened_at=now))


def _undo_consent(consent: Consent) -> tuple[str, dict[str, Any]]:
    return "customers.consent.record", {"consent_id": consent.pk, "given": consent.withdrawn_at is None}


@inverse("customers.consent.record")
def undo_consent(*, consent_id: int, given: bool, by: Viewer, now: datetime) -> str:
    """Take back that a consent was written down, or that it was withdrawn, where nothing else came after.

    Raises Refused ``foundation.undo.impossible``.
    """
    consent = lock(Consent.objects.get(pk=consent_id))
    others = Consent.objects.filter(customer=consent.customer_id, purpose=consent.purpose, withdrawn_at=None)
    if given == (consent.withdrawn_at is not None) or (not given and others.exists()):
        raise Refused("foundation.undo.impossible")
    if given:
        withdraw_consent(consent.customer, purpose=consent.purpose, by=by, now=now)
        return _("Consent withdrawn")
    consent.withdrawn_at = None
    consent.save(update_fields=["withdrawn_at"])
    facts: dict[str, Any] = {"purpose": consent.purpose, "channel": consent.channel, "wording": consent.wording_version}
    audit(by, "customers.consent.given", consent.customer, now=now, **facts)
    event: dict[str, Any] = {"customer_id": consent.customer_id, "purpose": consent.purpose, "store_id": by.store_id}
    announce(ConsentGiven(**event, happened_at=now))
    return _("Consent recorded")


@act
def hold_contact(
    customer: Customer,
    *,
    reason: str,
    by: Viewer,
    now: datetime,
    reach: str = ContactHold.Reach.MARKETING,
    until_on: date | None = None,
    paper: Source | None = None,
) -> ContactHold:
    """Leave the customer alone: no marketing, or no contact at all, until a day or until released.

    Raises Refused ``customers.customer.unknown_choice``, ``customers.hold.in_the_past``.
    """
    _known(reason, ContactHold.Reason.values, "reason")
    _known(reach, ContactHold.Reach.values, "reach")
    if until_on is not None and until_on < now.date():
        raise Refused("customers.hold.in_the_past", field="until_on", until=until_on.isoformat())
    paper = paper or Source("customers.customer", customer.pk)
    hold = ContactHold(
        group_id=customer.group_id,
        customer=customer,
        reach=reach,
        reason=reason,
        until_on=until_on,
        source_kind=paper.kind,
        source_id=paper.id,
        source_label=paper.label,
        created_at=now,
        created_by_id=by.user_id,
    )
    hold.save(force_insert=True)
    undo = ("customers.customer.hold_contact", {"hold_id": hold.pk})
    audit(by, "customers.customer.held", customer, now=now, undo=undo, reach=reach, reason=reason)
    announce(CustomerHeld(customer_id=customer.pk, reach=reach, reason=reason, store_id=by.store_id, happened_at=now))
    return hold


@act
def release_hold(hold: ContactHold, *, by: Viewer, now: datetime) -> None:
    """The customer may be contacted again, as far as this hold goes. Harmless when it is lifted already."""
    hold = lock(hold)
    if hold.lifted_at is not None:
        return
    hold.lifted_at = now
    hold.save(update_fields=["lifted_at"])
    audit(by, "customers.customer.released", hold.customer, now=now, hold=hold.pk)
    announce(CustomerReleased(customer_id=hold.customer_id, store_id=by.store_id, happened_at=now))


@inverse("customers.customer.hold_contact")
def undo_hold(*, hold_id: int, by: Viewer, now: datetime) -> str:
    """Take back a hold that was just set."""
    release_hold(ContactHold.objects.get(pk=hold_id), by=by, now=now)
    return _("The customer may be contacted again")


@act
def log_contact(
    customer: Customer,
    *,
    channel: str,
    purpose: str,
    by: Viewer,
    now: datetime,
    outcome: str = "",
    paper: Source | None = None,
) -> ContactLog:
    """Write down a contact that took place; it counts for the touch limit."""
    _known(channel, Customer.Channel.values, "channel")
    _known(purpose, ContactLog.Purpose.values, "purpose")
    paper = paper or Source("customers.customer", customer.pk)
    row = ContactLog(
        group_id=customer.group_id,
        customer=customer,
        channel=channel,
        purpose=purpose,
        contacted_at=now,
        outcome=as_typed(outcome)[:30],
        source_kind=paper.kind,
        source_id=paper.id,
        source_label=paper.label,
        created_at=now,
        created_by_id=by.user_id,
    )
    row.save(force_insert=True)
    return row


def _known(value: str, values: list[str], field: str) -> None:
    if value not in values:
        raise Refused("customers.customer.unknown_choice", field=field, value=value)
