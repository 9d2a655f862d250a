"""What an order still lacks, in words; the codes come from ``rules/missing.py``."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISSING: dict[str, str | Promise] = {
    "diagnosis": _("no job yet"),
    "technician": _("nobody assigned"),
    "walk_around": _("walk-around"),
    "approval": _("signature"),
    "job": _("jobs not done"),
    "clock_stop": _("clock still running"),
    "part_issue": _("parts not handed out"),
    "self_check": _("self-check"),
    "team_check": _("team check"),
    "final_check": _("final check"),
    "answer": _("customer's answer"),
    "mileage": _("true mileage"),
    "customer": _("customer"),
    "interview": _("customer's words"),
    "discount_approval": _("discount to approve"),
    "certificate": _("certificate"),
    "payment": _("payment"),
    "keys": _("keys"),
    "mileage_out": _("mileage at hand-over"),
    "old_parts_choice": _("what becomes of the old parts"),
    "settlement_list": _("settlement list"),
    "vin": _("VIN"),
}

BLOCKS: dict[str, str | Promise] = {
    "dispatch": _("before dispatching"),
    "start": _("before the start"),
    "finish": _("before finishing"),
    "settle": _("before settling"),
    "hand_over": _("before handing over"),
    "close": _("before closing"),
}
