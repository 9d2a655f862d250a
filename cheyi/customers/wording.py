"""Refusals and facts about customers in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.customers.wording_identifiers import IDENTIFIERS

WORDING: dict[str, str | Promise] = {
    **IDENTIFIERS,
    "customers.customer.already_here": _(
        "%(who)s is on file here already. Open that card, or tick “two people share this number”"
    ),
    "customers.customer.maybe_same": _(
        "This may be %(who)s, who is on file already. Open that card, or confirm that it is somebody else"
    ),
    "customers.customer.phone_elsewhere": _(
        "Another store of the group knows this number: %(who)s. Take the customer over, or tick “two people share it”"
    ),
    "customers.customer.number_twice": _(
        "Customer no. %(number)s is %(who)s's already. Give this row its own number, or leave it empty"
    ),
    "customers.customer.just_added": _("A colleague has just put this number on file. Search for it"),
    "customers.customer.not_elsewhere": _(
        "No store of the group that may show its customers knows this number. Put the customer on file"
    ),
    "customers.customer.several_elsewhere": _(
        "%(count)s customers of the group have this number. Choose the one who is here"
    ),
    "customers.customer.changed_meanwhile": _(
        "%(who)s has changed this in the meantime. Look at what stands there now, and decide which one holds"
    ),
    "customers.customer.not_known_here": _(
        "This store does not know the customer yet, so it has no note on him. Take him over first"
    ),
    "customers.customer.unborn": _("%(day)s is yet to come, so it is no birthday. Check the year"),
    "customers.customer.too_old": _("%(day)s is more than %(years)s years ago. Check the year"),
    "customers.customer.unknown_choice": _("“%(value)s” is not one of the choices. Choose from the list"),
    "customers.customer.too_long": _("That is too long: at most %(longest)s characters. Shorten it"),
    "customers.contact.left": _("This person no longer speaks for the customer. Add the contact again"),
    "customers.consent.separate_needed": _(
        "The law wants this consent asked on its own. Ask the customer separately and tick it"
    ),
    "customers.hold.in_the_past": _("%(until)s is in the past. Choose a later day, or leave it empty"),
    "customers.reveal.budget_spent": _(
        "You have looked at the numbers of %(most)s customers today. Go on tomorrow, or ask the store manager"
    ),
    "customers.reveal.empty": _("Nothing is on file there. Ask the customer and add it"),
    "customers.reveal.reason_needed": _("Choose why you need to see it"),
    "customers.reveal.unknown_field": _("There is nothing hidden behind “%(name)s”. Load the page again"),
    "customers.search.too_many": _(
        "You have asked for %(most)s customers of other stores within an hour. Go on in an hour, or ask the store manager"
    ),
    "customers.tag.unknown": _("There is no tag “%(tag)s”. Choose from the list"),
    "customers.import.cell_missing": _("“%(column)s” is empty. Fill it in"),
    "customers.import.dummy_left_out": _("%(text)s looks like a dummy number and was left out"),
    "customers.import.numbers_apart": _("%(text)s is two numbers: the second became the second phone"),
    "customers.import.stays": _("On file already, and kept as it is there: %(columns)s"),
    "customers.import.bad_number": _("“%(text)s” is not a whole number. Write digits only"),
    "customers.import.too_large": _("“%(text)s” is too large. Look whether a digit is too many"),
    "customers.import.bad_date": _("“%(text)s” is not a day. Write it like 2026-06-15"),
    "customers.import.bad_choice": _("“%(text)s” is not known here. Write one of: %(choices)s"),
    "customers.bench.no_file": _("%(file)s is not there or may not be opened. Look at its name and folder"),
    "customers.bench.not_text": _("%(file)s is no text in UTF-8, UTF-16 or GB18030. Save it as CSV in UTF-8"),
    "customers.bench.no_head": _("%(file)s has no first row with the names of the columns. Add it"),
    "customers.bench.open_quote": _("A cell of %(file)s begins with a quote that is never closed. Close it"),
    "customers.bench.long_cell": _("A cell of %(file)s has more than %(longest)s characters. Shorten it"),
    "customers.bench.unknown_column": _("File %(file)s has no column “%(column)s”. It has: %(known)s"),
    "customers.bench.no_common_column": _(
        "The two files have no column in common (%(first)s; %(second)s). Name the pairs, like name=customer"
    ),
    "customers.bench.double_column": _("Two columns of %(file)s are called “%(column)s”. Give one another name"),
    "customers.bench.ragged_row": _(
        "Row %(row)s of %(file)s has %(cells)s cells, the head %(head)s. Put quotes around cells with separators"
    ),
    "customers.bench.nothing_filled": _("Nothing stands in these columns: %(columns)s. Choose others"),
    "customers.bench.key_compared": _(
        "“%(column)s” names the records and cannot be compared too. Leave it out of the columns"
    ),
    "customers.bench.key_not_unique": _(
        "“%(column)s” of file %(file)s is empty or stands twice somewhere, so it names no record. Choose another key"
    ),
    "customers.bench.unknown_kind": _("“%(kind)s” is no kind of column. Write one of: %(known)s"),
    # facts, as the history shows them
    "customers.customer.created": _("Put on file"),
    "customers.customer.adopted": _("Taken over from another store"),
    "customers.customer.changed": _("Card changed"),
    "customers.customer.held": _("Contact paused"),
    "customers.customer.released": _("May be contacted again"),
    "customers.customer.revealed": _("Number shown in clear"),
    "customers.customer.probed": _("Asked across stores"),
    "customers.customer.imported": _("Customers imported"),
    "customers.customer.tagged": _("Tag added"),
    "customers.customer.untagged": _("Tag removed"),
    "customers.tag.made": _("New tag"),
    "customers.contact.added": _("Contact added"),
    "customers.contact.changed": _("Contact changed"),
    "customers.contact.dropped": _("Contact removed"),
    "customers.consent.given": _("Consent given"),
    "customers.consent.withdrawn": _("Consent withdrawn"),
}
