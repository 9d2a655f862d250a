"""The verbs of the parts store; the only code that writes its tables."""

from cheyi.parts.actions.adjusting import adjust, record_lost_sale, scrap, use_internally
from cheyi.parts.actions.bulk_history import Past, Posted, bulk_history
from cheyi.parts.actions.bulk_parts import BulkPart, Outcome, bulk_add_parts, bulk_set_in_store
from cheyi.parts.actions.bulk_stock import BulkStock, bulk_open_stock
from cheyi.parts.actions.catalogue import add_fit, add_part, allow_substitute, edit_part, set_in_store, supersede
from cheyi.parts.actions.issuing import issue, issue_scanned, pick
from cheyi.parts.actions.places import add_bins, add_warehouse, set_up_store
from cheyi.parts.actions.receiving import Incoming, move_bin, receive, receive_opening
from cheyi.parts.actions.requesting import (
    Wanted,
    cancel,
    change_needed_at,
    choose_shortage_action,
    expire_reservations,
    keep,
    release,
    serve_waiting,
    submit,
)
from cheyi.parts.actions.returning import take_back

__all__ = [
    "BulkPart",
    "BulkStock",
    "Incoming",
    "Outcome",
    "Past",
    "Posted",
    "Wanted",
    "add_bins",
    "add_fit",
    "add_part",
    "add_warehouse",
    "adjust",
    "allow_substitute",
    "bulk_add_parts",
    "bulk_history",
    "bulk_open_stock",
    "bulk_set_in_store",
    "cancel",
    "change_needed_at",
    "choose_shortage_action",
    "edit_part",
    "expire_reservations",
    "issue",
    "issue_scanned",
    "keep",
    "move_bin",
    "pick",
    "receive",
    "receive_opening",
    "record_lost_sale",
    "release",
    "scrap",
    "serve_waiting",
    "set_in_store",
    "set_up_store",
    "submit",
    "supersede",
    "take_back",
    "use_internally",
]
