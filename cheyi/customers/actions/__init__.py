"""The verbs on customers; the only code that writes their tables."""

from cheyi.customers.actions.adding import add
from cheyi.customers.actions.bulk import BulkRow, Outcome, bulk_add
from cheyi.customers.actions.contacting import (
    hold_contact,
    log_contact,
    record_consent,
    release_hold,
    withdraw_consent,
)
from cheyi.customers.actions.editing import edit
from cheyi.customers.actions.former import forget_former
from cheyi.customers.actions.knowing import adopt, date_visits, know, look_elsewhere
from cheyi.customers.actions.marking import LifeMark, mark_life
from cheyi.customers.actions.reading import Details
from cheyi.customers.actions.revealing import reveal
from cheyi.customers.actions.speaking import add_contact, drop_contact, edit_contact
from cheyi.customers.actions.tagging import make_tag, tag, untag

__all__ = [
    "BulkRow",
    "Details",
    "LifeMark",
    "Outcome",
    "add",
    "add_contact",
    "adopt",
    "bulk_add",
    "date_visits",
    "drop_contact",
    "edit",
    "edit_contact",
    "forget_former",
    "hold_contact",
    "know",
    "log_contact",
    "look_elsewhere",
    "make_tag",
    "mark_life",
    "record_consent",
    "release_hold",
    "reveal",
    "tag",
    "untag",
    "withdraw_consent",
]
