"""What is wrong with a number, plate, VIN or name as typed, and how to go on (domain.md 7)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IDENTIFIERS: dict[str, str | Promise] = {
    "customers.name.empty": _("The name is missing. Type it, or a title like 王先生"),
    "customers.name.too_long": _("The name has %(length)s characters, at most %(longest)s fit. Shorten it"),
    "customers.name.no_letters": _("“%(text)s” has no letter in it. Type the name"),
    "customers.name.placeholder": _("“%(name)s” names nobody. Ask for the name, or leave the customer out"),
    "customers.name.surname_only": _("Only a surname so far. Ask for the full name when it suits"),
    "customers.name.digits_inside": _("There are digits in “%(name)s”. Check the name"),
    "customers.phone.empty": _("The number is missing. Type it, or leave the field empty"),
    "customers.phone.too_short": _(
        "A mobile has 11 digits: %(missing)s short. Ask for the number again, or leave the field empty"
    ),
    "customers.phone.too_long": _(
        "A mobile has 11 digits: %(surplus)s too many. Ask for the number again, or leave the field empty"
    ),
    "customers.phone.not_a_number": _("This is not a telephone number. Type digits only"),
    "customers.phone.several": _("There is more than one number. Type one here and the other as second number"),
    "customers.phone.unknown_form": _(
        "No telephone number looks like this. A mobile has 11 digits; a foreign number starts with + and the country"
    ),
    "customers.phone.rounded_by_spreadsheet": _(
        "The spreadsheet has rounded this number and lost digits. Format the column as text and fill it again"
    ),
    "customers.phone.placeholder": _("This looks like a dummy number. Leave the field empty when it is not known"),
    "customers.phone.virtual": _(
        "This is a forwarding number: it may stop working. Ask for the real one when it suits"
    ),
    "customers.plate.empty": _("The plate is missing. Type it, or the VIN"),
    "customers.plate.letter_for_digit": _(
        "Character %(position)s of the plate is %(found)s; plates have no I and O there. Is it %(suggestion)s?"
    ),
    "customers.plate.choose_kind": _("This looks like a special plate. Choose its kind, then it is taken as typed"),
    "customers.plate.province_or_kind": _(
        "The province is missing in front of %(text)s: type it, like 沪%(text)s. A military plate has its own kind"
    ),
    "customers.plate.province_missing": _("The province is missing in front of %(text)s. Type it, like 沪%(text)s"),
    "customers.plate.unknown_form": _(
        "No plate looks like %(text)s. Compare it with the car, or choose a special kind"
    ),
    "customers.plate.too_short": _("%(length)s characters are too few: a plate has 7, a green one 8"),
    "customers.plate.too_long": _("The plate is too long: at most %(longest)s characters. Compare it with the car"),
    "customers.vin.empty": _("The VIN is missing. Type it, or the plate"),
    "customers.vin.wrong_length": _("The VIN has %(length)s characters, it needs %(wanted)s. Compare it with the car"),
    "customers.vin.forbidden_letter": _(
        "Character %(position)s of the VIN is the letter %(found)s, which no VIN has. It is probably %(meant)s"
    ),
    "customers.vin.foreign_character": _(
        "Character %(position)s of the VIN is “%(found)s”. A VIN has only letters and digits"
    ),
    "customers.id_number.empty": _("The ID number is missing"),
    "customers.id_number.old_form": _("This is the old number of 15 digits. Ask for the one with 18"),
    "customers.id_number.wrong_length": _("The ID number has %(length)s characters, it needs %(wanted)s. Check it"),
    "customers.id_number.foreign_character": _(
        "Character %(position)s of the ID number is “%(found)s”. Only digits, and X at the end"
    ),
    "customers.id_number.wrong_check": _(
        "The last character is %(found)s, by the others it would be %(wanted)s. One of them is mistyped"
    ),
    "customers.id_number.no_such_day": _("%(digits)s in the ID number is no day of birth. Check the digits"),
    "customers.id_number.unknown_region": _("No region begins with %(digits)s. Check the first digits"),
    "customers.credit_code.empty": _("The credit code is missing"),
    "customers.credit_code.foreign_character": _("A credit code has only letters and digits. Check it"),
    "customers.credit_code.wrong_length": _("The credit code has %(length)s characters, it needs %(wanted)s. Check it"),
    "customers.credit_code.forbidden_letter": _(
        "Character %(position)s is %(found)s, which no credit code has. It is probably %(meant)s"
    ),
    "customers.credit_code.wrong_check": _(
        "The last character is %(found)s, by the others it would be %(wanted)s. One of them is mistyped"
    ),
    "customers.credit_code.id_based": _("This tax number is made from an ID number. Check it with the papers"),
    "customers.credit_code.old_form": _("This is an old tax number of %(length)s characters. Ask for the new code"),
}
