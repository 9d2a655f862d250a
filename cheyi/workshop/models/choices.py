"""The fixed lists of the workshop with their names on the screen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderState(models.TextChoices):
    """Work order states (domain.md 5.2)."""

    DRAFT = "draft", _("Receiving")
    OPEN = "open", pgettext_lazy("work order", "Opened")
    DISPATCHED = "dispatched", _("Dispatched")
    WORKING = "working", _("In work")
    HOLD = "hold", _("On hold")
    QC = "qc", _("Quality check")
    WASH = "wash", _("Wash")
    READY = "ready", _("Ready to settle")
    SETTLED = "settled", _("Settled")
    DELIVERED = "delivered", _("Handed over")
    CLOSED = "closed", pgettext_lazy("work order", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("work order", "Cancelled")


class OrderType(models.TextChoices):
    """Work order types (domain.md 4.3)."""

    MAINTENANCE = "maintenance", _("Maintenance")
    REPAIR = "repair", _("Repair")
    ACCIDENT = "accident", _("Accident")
    WARRANTY = "warranty", pgettext_lazy("work order", "Warranty")
    RECALL = "recall", _("Recall")
    FREE_SERVICE = "free_service", _("Free service")
    REWORK = "rework", _("Rework")
    ACCESSORY = "accessory", _("Accessory")
    PDI = "pdi", _("PDI")
    INTERNAL = "internal", pgettext_lazy("work order", "Internal")
    DETAILING = "detailing", _("Detailing")


class RegulatoryClass(models.TextChoices):
    """Repair classes of the regulation, heaviest first."""

    OVERHAUL = "overhaul", _("Vehicle overhaul")
    ASSEMBLY = "assembly", _("Assembly overhaul")
    LEVEL_2 = "level_2", _("Level 2 maintenance")
    LEVEL_1 = "level_1", _("Level 1 maintenance")
    MINOR = "minor", _("Minor repair")
    SPECIAL = "special", _("Special repair")
    NONE = "none", pgettext_lazy("regulatory class", "None")


class HoldReason(models.TextChoices):
    """Why nothing on the order can go on."""

    WAIT_PARTS = "wait_parts", _("Waiting for parts")
    WAIT_APPROVAL = "wait_approval", _("Waiting for customer")
    WAIT_INSURER = "wait_insurer", _("Waiting for insurer")
    WAIT_SUBLET = "wait_sublet", _("Out for sublet")
    WAIT_BAY = "wait_bay", _("Waiting for bay")
    WAIT_TOOL = "wait_tool", _("Waiting for tool")
    WAIT_TECH_SUPPORT = "wait_tech_support", _("Waiting for support")
    OTHER = "other", _("Other")


class LabourState(models.TextChoices):
    """Labour line states (domain.md 5.3)."""

    PENDING = "pending", _("To approve")
    APPROVED = "approved", _("Approved")
    ASSIGNED = "assigned", _("Assigned")
    WORKING = "working", _("In work")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    PASSED = "passed", _("Passed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", pgettext_lazy("line", "Cancelled")


class PartState(models.TextChoices):
    """Part line states (domain.md 5.3)."""

    PENDING = "pending", _("To approve")
    APPROVED = "approved", _("Approved")
    REQUESTED = "requested", _("Requested")
    RESERVED = "reserved", _("Reserved")
    BACKORDERED = "backordered", _("Short")
    PICKED = "picked", _("Picked")
    ISSUED = "issued", _("Issued")
    USED = "used", _("Used")
    RETURNED = "returned", _("Returned")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", pgettext_lazy("line", "Cancelled")


class OtherState(models.TextChoices):
    """Sublet and fee line states."""

    PENDING = "pending", _("To approve")
    APPROVED = "approved", _("Approved")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", pgettext_lazy("line", "Cancelled")


class LineSource(models.TextChoices):
    """Where a line came from."""

    REQUEST = "request", _("Asked for")
    PACKAGE = "package", _("Package")
    EXTRA = "extra", _("Extra work")
    REWORK = "rework", _("Rework")
    ADVICE = "advice", _("Advice")


class Payer(models.TextChoices):
    """Who pays a line."""

    CUSTOMER = "customer", _("Customer")
    INSURER = "insurer", _("Insurer")
    OEM = "oem", pgettext_lazy("payer", "Warranty")
    INTERNAL = "internal", pgettext_lazy("payer", "Internal")
    FLEET = "fleet", _("Fleet")


class Grade(models.TextChoices):
    """What kind of part it is; shown with its price (domain.md 8.1)."""

    ORIGINAL = "original", _("Original")
    EQUIVALENT = "equivalent", _("Equivalent")
    REFURBISHED = "refurbished", _("Refurbished")
    CUSTOMER = "customer", _("Customer's own")


class FeeKind(models.TextChoices):
    """Other fees."""

    DIAGNOSIS = "diagnosis", _("Diagnosis fee")
    TEST = "test", _("Test fee")
    RESCUE = "rescue", _("Rescue")
    TOWING = "towing", _("Towing")
    MATERIAL_AUX = "material_aux", _("Auxiliary material")
    STORAGE = "storage", _("Storage")
    OTHER = "other", _("Other")


class BayKind(models.TextChoices):
    """Kinds of bay."""

    GENERAL = "general", _("General bay")
    ALIGN = "align", _("Alignment bay")
    BODY = "body", _("Body bay")
    PAINT = "paint", _("Paint bay")
    WASH = "wash", _("Wash bay")
    EV = "ev", _("New-energy bay")
    INSPECTION = "inspection", _("Inspection bay")
    EXPRESS = "express", _("Express bay")


class Urgency(models.TextChoices):
    """How soon advised work should be done."""

    NOW = "now", _("Now")
    SOON = "soon", _("Soon")
    WATCH = "watch", _("Watch")


class OldPartsChoice(models.TextChoices):
    """What happens to replaced parts; they belong to the customer."""

    TAKE = "take", _("Takes along")
    GIVE_UP = "give_up", _("Gives up")
    NONE = "none", pgettext_lazy("old parts", "None")


class Responsibility(models.TextChoices):
    """Whose fault a comeback is."""

    WORKSHOP = "workshop", _("Workshop")
    PART = "part", _("Part")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    CUSTOMER_USE = "customer_use", _("Use by the customer")
    NONE_FOUND = "none_found", _("Nothing found")


class ApprovalChannel(models.TextChoices):
    """How the customer said yes or no."""

    COUNTER = "counter", _("At the counter")
    PHONE = "phone", _("By phone")
    LINK = "link", _("On the progress page")
    SIGNATURE = "signature", _("Signed")
    CLAIM = "claim", _("By the claim")


class AppointmentState(models.TextChoices):
    """Appointment states (domain.md 5.1)."""

    REQUESTED = "requested", _("To confirm")
    CONFIRMED = "confirmed", _("Confirmed")
    ARRIVED = "arrived", _("Arrived")
    CONVERTED = "converted", _("Order opened")
    NO_SHOW = "no_show", _("No-show")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")


class CheckLevel(models.TextChoices):
    """The three inspections (三检)."""

    SELF = "self", _("Self-check")
    TEAM = "team", _("Team check")
    FINAL = "final", _("Final check")


class CallOutcome(models.TextChoices):
    """What came of calling a customer."""

    SATISFIED = "satisfied", _("Reached, satisfied")
    NOT_SATISFIED = "not_satisfied", _("Reached, not satisfied")
    NOT_REACHED = "not_reached", _("Not reached")
