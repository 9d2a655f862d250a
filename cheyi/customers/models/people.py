"""The customer and the people who speak for him."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cheyi.foundation.scope import GroupOwned
from cheyi.foundation.sealed import SealedField

INDEX_LENGTH = 32


class Customer(GroupOwned):
    """A person or firm (客户), one row for all stores of the group; which store knows him is a CustomerStore.

    Sealed columns have a blind index beside them: of the whole number, and of its last four digits where people ask
    for those. The action that writes one writes both.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")
        FLEET = "fleet", _("Fleet")
        INSURER = "insurer", _("Insurance company")
        OEM = "oem", _("Manufacturer")

    class Gender(models.TextChoices):
        MALE = "male", _("Mr")
        FEMALE = "female", _("Ms")

    class IdKind(models.TextChoices):
        RESIDENT = "resident", _("Resident ID card")
        PASSPORT = "passport", _("Passport")
        HK_MACAU = "hk_macau", _("Residence permit for Hong Kong and Macau")
        TAIWAN = "taiwan", _("Residence permit for Taiwan")
        FOREIGNER = "foreigner", _("Permanent residence card")
        LICENCE = "licence", _("Business licence")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        SMS = "sms", _("Text message")
        WECHAT = "wechat", _("WeChat")
        WECOM = "wecom", _("WeCom")
        EMAIL = "email", _("E-mail")
        NONE = "none", _("No contact wanted")

    class Sensitivity(models.TextChoices):
        LOW = "low", _("Price hardly matters")
        MID = "mid", _("Price matters")
        HIGH = "high", _("Compares every price")

    class Level(models.TextChoices):
        NORMAL = "normal", _("Regular member")
        SILVER = "silver", _("Silver")
        GOLD = "gold", _("Gold")
        DIAMOND = "diamond", _("Diamond")

    class LifeCycle(models.TextChoices):
        NEW = "new", pgettext_lazy("life cycle", "New")
        ACTIVE = "active", pgettext_lazy("life cycle", "Active")
        SLEEPING = "sleeping", pgettext_lazy("life cycle", "Sleeping")
        LOST = "lost", pgettext_lazy("life cycle", "Lost")

    class RfmClass(models.TextChoices):
        VIP = "vip", _("Key value")
        DEVELOP = "develop", _("Key growth")
        KEEP = "keep", _("Key retain")
        WIN_BACK = "win_back", _("Key win-back")
        REGULAR = "regular", pgettext_lazy("customer class", "Regular")
        GONE = "gone", _("Low value")

    class Status(models.TextChoices):
        ACTIVE = "active", _("In use")
        UNREACHABLE = "unreachable", _("Out of reach")
        DECEASED = "deceased", _("Deceased")
        BLACKLISTED = "blacklisted", _("Blacklisted")
        ANONYMISED = "anonymised", _("Anonymised")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=60)
    gender = models.CharField(max_length=6, choices=Gender.choices, blank=True)
    birthday_on = models.DateField(null=True, blank=True)
    mobile = SealedField()
    mobile_index = models.CharField(max_length=INDEX_LENGTH, blank=True, db_index=True)
    mobile_tail_index = models.CharField(max_length=INDEX_LENGTH, blank=True)
    shared_phone = models.BooleanField(default=False)
    second_mobile = SealedField()
    second_mobile_index = models.CharField(max_length=INDEX_LENGTH, blank=True, db_index=True)
    second_mobile_tail_index = models.CharField(max_length=INDEX_LENGTH, blank=True)
    wechat = SealedField(mask="tail")
    wechat_index = models.CharField(max_length=INDEX_LENGTH, blank=True)
    email = SealedField(mask="email")
    id_kind = models.CharField(max_length=10, choices=IdKind.choices, blank=True)
    id_no = SealedField(mask="id_no")
    id_no_index = models.CharField(max_length=INDEX_LENGTH, blank=True)
    address = SealedField(mask="address")
    region_code = models.CharField(max_length=6, blank=True)
    occupation = models.CharField(max_length=40, blank=True)
    hobbies = models.CharField(max_length=100, blank=True)
    origin = models.CharField(max_length=30, blank=True)
    first_seen_on = models.DateField(null=True, blank=True)
    preferred_channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    preferred_time = models.CharField(max_length=40, blank=True)
    price_sensitivity = models.CharField(max_length=4, choices=Sensitivity.choices, blank=True)
    level = models.CharField(max_length=7, choices=Level.choices, default=Level.NORMAL)
    life_cycle = models.CharField(max_length=8, choices=LifeCycle.choices, default=LifeCycle.NEW)
    at_risk = models.BooleanField(default=False)
    rfm_r = models.PositiveSmallIntegerField(null=True, blank=True)
    rfm_f = models.PositiveSmallIntegerField(null=True, blank=True)
    rfm_m = models.PositiveSmallIntegerField(null=True, blank=True)
    rfm_class = models.CharField(max_length=8, choices=RfmClass.choices, blank=True)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    extra = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()
    updated_by_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "mobile_index"],
                name="customers_customer_mobile",
                condition=~Q(mobile_index="") & Q(shared_phone=False, merged_into__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["group", "id_no_index"],
                name="customers_customer_id_no",
                condition=~Q(id_no_index="") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customers_customer_name"),
        ]
        indexes = [
            models.Index(fields=["group", "name"], name="customers_customer_called"),
            models.Index(  # of the merged only: one for all would find everybody who is not
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customers_customer_merged",
            ),
            models.Index(fields=["group", "mobile_tail_index"], name="customers_customer_tail"),
            models.Index(fields=["group", "second_mobile_tail_index"], name="customers_customer_tail_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CustomerContact(GroupOwned):
    """Somebody who speaks for a customer (联系人): wife, driver, the firm's clerk."""

    class Relation(models.TextChoices):
        SELF = "self", _("The customer")
        SPOUSE = "spouse", _("Spouse")
        FAMILY = "family", _("Family")
        DRIVER = "driver", _("Driver")
        CLERK = "clerk", _("Company's clerk")
        OTHER = "other", _("Other")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=60)
    mobile = SealedField()
    mobile_index = models.CharField(max_length=INDEX_LENGTH, blank=True, db_index=True)
    relation = models.CharField(max_length=6, choices=Relation.choices, default=Relation.OTHER)
    may_approve = models.BooleanField(default=False)
    may_pick_up = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="customers_customer_contact_name")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.relation}"
