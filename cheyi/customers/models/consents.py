"""What a customer allowed, when he must be left alone, and how often he was contacted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cheyi.customers.models.people import Customer
from cheyi.foundation.models import StoredFile
from cheyi.foundation.scope import GroupOwned
from cheyi.foundation.sources import Sourced


class Consent(GroupOwned):
    """A customer's consent to one purpose (个人信息授权); withdrawing dates it, nothing is deleted (domain.md 8.4)."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Service and repair")
        MARKETING = "marketing", _("Offers and news")
        SHARING_GROUP = "sharing_group", _("Sharing within the group")
        SHARING_OEM = "sharing_oem", _("Sharing with the manufacturer")
        SHARING_INSURER = "sharing_insurer", _("Sharing with the insurer")
        PHOTO = "photo", _("Photos")
        LOCATION = "location", _("Location")

    class Channel(models.TextChoices):
        PAPER = "paper", _("On paper")
        ORAL = "oral", _("Spoken")
        PHONE = "phone", _("By phone")
        LINK = "link", _("By link")
        WECHAT = "wechat", _("WeChat")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=15, choices=Purpose.choices)
    separate = models.BooleanField(default=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    wording_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "customer", "purpose"],
                name="customers_consent_one_in_force",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose}"


class ContactHold(GroupOwned, Sourced):
    """Do not contact this customer (暂停联系), for marketing or at all, until lifted (set after a complaint)."""

    class Reach(models.TextChoices):
        MARKETING = "marketing", _("Offers and news")
        ALL = "all", _("Every contact")

    class Reason(models.TextChoices):
        COMPLAINT = "complaint", _("Open complaint")
        WISH = "wish", _("The customer's wish")
        BEREAVEMENT = "bereavement", _("Bereavement")
        LAW = "law", _("Legal reason")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holds")
    reach = models.CharField(max_length=9, choices=Reach.choices, default=Reach.MARKETING)
    reason = models.CharField(max_length=11, choices=Reason.choices)
    until_on = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        indexes = [
            models.Index(
                fields=["group", "customer"], name="customers_contact_hold_open", condition=Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.reason}"


class ContactLog(GroupOwned, Sourced):
    """One contact with a customer (联系记录): what counts for the touch limit."""

    append_only = True

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Service and repair")
        MARKETING = "marketing", _("Offers and news")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_log")
    channel = models.CharField(max_length=6, choices=Customer.Channel.choices)
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    contacted_at = models.DateTimeField()
    outcome = models.CharField(max_length=30, blank=True)

    class Meta(GroupOwned.Meta):
        indexes = [models.Index(fields=["group", "customer", "-contacted_at"], name="customers_contact_log_last")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.channel}"
