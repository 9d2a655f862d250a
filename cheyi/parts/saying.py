"""Words for the states, kinds and choices of the parts store."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text = str | Promise

# code: (status key of the screen, word)
LINE_STATES: dict[str, tuple[str, Text]] = {
    "requested": ("wait", pgettext_lazy("part line", "Requested")),
    "backordered": ("bad", pgettext_lazy("part line", "Short")),
    "reserved": ("part", pgettext_lazy("part line", "Reserved")),
    "picked": ("run", pgettext_lazy("part line", "Picked")),
    "issued": ("ok", pgettext_lazy("part line", "Issued")),
    "returned": ("wait", pgettext_lazy("part line", "Returned")),
    "cancelled": ("wait", pgettext_lazy("part line", "Cancelled")),
}
CONDITIONS: tuple[tuple[str, Text], ...] = (
    ("good", pgettext_lazy("returned part", "Good, back to its bin")),
    ("damaged", pgettext_lazy("returned part", "Damaged, to quarantine")),
    ("opened", pgettext_lazy("returned part", "Opened, to consumables")),
)
CHOICES: tuple[tuple[str, Text], ...] = (
    ("wait", pgettext_lazy("short part", "Wait for stock")),
    ("urgent_po", pgettext_lazy("short part", "Order urgently")),
    ("transfer", pgettext_lazy("short part", "Transfer")),
    ("substitute", pgettext_lazy("short part", "Substitute")),
    ("customer_declines", pgettext_lazy("short part", "Customer declines")),
)
MOVE_KINDS: dict[str, Text] = {
    "opening": pgettext_lazy("stock move", "Opening"),
    "purchase_in": pgettext_lazy("stock move", "Received"),
    "supplier_return": pgettext_lazy("stock move", "Returned to supplier"),
    "issue": pgettext_lazy("stock move", "Issued"),
    "issue_return": pgettext_lazy("stock move", "Taken back"),
    "sale_out": pgettext_lazy("stock move", "Sold"),
    "sale_return": pgettext_lazy("stock move", "Sale returned"),
    "internal_use": pgettext_lazy("stock move", "Used in the house"),
    "scrap": pgettext_lazy("stock move", "Scrapped"),
    "adjust": pgettext_lazy("stock move", "Adjusted"),
    "count_gain": pgettext_lazy("stock move", "Count gain"),
    "count_loss": pgettext_lazy("stock move", "Count loss"),
    "move_bin": pgettext_lazy("stock move", "Moved"),
    "transfer_out": pgettext_lazy("stock move", "Transferred out"),
    "transfer_in": pgettext_lazy("stock move", "Transferred in"),
}
GRADES: dict[str, Text] = {
    "original": pgettext_lazy("grade", "Original"),
    "equivalent": pgettext_lazy("grade", "Equivalent"),
    "refurbished": pgettext_lazy("grade", "Refurbished"),
    "customer": pgettext_lazy("grade", "Customer's own"),
}
