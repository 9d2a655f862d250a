"""The questions about customers; read only."""

from cheyi.customers.queries.cards import CustomerBrief, CustomerCard, brief, briefs_seen, card, name_of
from cheyi.customers.queries.consents import allows, holds, may_contact
from cheyi.customers.queries.elsewhere import Elsewhere, elsewhere, may_see_shared, stores_sharing, stores_that_know
from cheyi.customers.queries.hanging import ConsentLine, ContactLine, contacts
from cheyi.customers.queries.likeness import LookAlike, look_alikes, marks_typed, names_agree
from cheyi.customers.queries.looking import by_mobile, by_old_numbers, known, seen_by, whose
from cheyi.customers.queries.searching import MOST_ROWS, CustomerHit, CustomerPage, list_page, search

__all__ = [
    "MOST_ROWS",
    "ConsentLine",
    "ContactLine",
    "CustomerBrief",
    "CustomerCard",
    "CustomerHit",
    "CustomerPage",
    "Elsewhere",
    "LookAlike",
    "allows",
    "brief",
    "briefs_seen",
    "by_mobile",
    "by_old_numbers",
    "card",
    "contacts",
    "elsewhere",
    "holds",
    "known",
    "list_page",
    "look_alikes",
    "marks_typed",
    "may_contact",
    "may_see_shared",
    "name_of",
    "names_agree",
    "search",
    "seen_by",
    "stores_sharing",
    "stores_that_know",
    "whose",
]
