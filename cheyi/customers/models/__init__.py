"""The tables of the customers package."""

from cheyi.customers.models.consents import Consent, ContactHold, ContactLog
from cheyi.customers.models.knowing import CustomerStore, FormerDetails, OldNumber, Reveal
from cheyi.customers.models.marks import CustomerTag, DuplicatePair, Tag
from cheyi.customers.models.people import Customer, CustomerContact

__all__ = [
    "Consent",
    "ContactHold",
    "ContactLog",
    "Customer",
    "CustomerContact",
    "CustomerStore",
    "CustomerTag",
    "DuplicatePair",
    "FormerDetails",
    "OldNumber",
    "Reveal",
    "Tag",
]
