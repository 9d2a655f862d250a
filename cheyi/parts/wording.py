"""The parts store's refusals in words that say how to go on; its facts stand in ``wording_facts.py``, its engines' refusals in ``wording_engine.py``."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.parts.wording_engine import ENGINE_REFUSALS
from cheyi.parts.wording_facts import FACTS

REFUSALS: dict[str, str | Promise] = {
    # numbers and the wrong-part guard
    "parts.part.number_missing": _("No part number. Scan the label, or type the number that stands on it"),
    "parts.part.number_too_long": _("A part number has at most %(longest)s characters. Check what was scanned"),
    "parts.part.name_missing": _("The part needs a name"),
    "parts.part.too_long": _("“%(text)s” is longer than %(longest)s characters. Shorten it"),
    "parts.part.bad_value": _("“%(value)s” does not fit here. Correct it and save again"),
    "parts.part.already_here": _("%(part_no)s %(brand)s is in the catalogue already. Search for it instead"),
    "parts.part.not_here": _("This part is not in the catalogue. Search for it again"),
    "parts.part.unknown_number": _("No part has the number %(number)s. Check it against the label"),
    "parts.part.look_alike": _(
        "Stop: %(number)s is not %(other)s. The numbers differ at character %(place)s; look at both labels"
    ),
    "parts.part.other_part": _("That is %(number)s %(number_name)s. This line wants %(other)s %(other_name)s"),
    "parts.part.other_grade": _(
        "%(number)s may replace %(wanted)s, but its grade differs. The advisor changes the line once the customer agrees"
    ),
    "parts.part.same_number_other_brand": _(
        "%(number)s is made by %(brand)s and by %(others)s. Scan the barcode, or confirm that it is %(brand)s"
    ),
    "parts.part.several_brands": _("Several brands have the number %(number)s: choose one"),
    "parts.part.superseded": _("%(number)s is replaced by %(successor)s. Take the new number"),
    "parts.part.withdrawn": _("%(number)s is no longer used. Search for another part"),
    "parts.part.superseded_in_a_circle": _("These numbers replace each other in a circle. Check which one is newer"),
    "parts.part.own_substitute": _("%(part_no)s cannot replace itself. Choose another part"),
    "parts.part.substitute_is_issued": _("%(number)s is a substitute: issue it directly instead of laying it ready"),
    "parts.part.does_not_fit": _("%(number)s does not fit this car; it is listed for others"),
    "parts.part.listed_for_others": _("%(number)s is listed for other cars. Check before it is fitted"),
    "parts.part.fit_undecided": _(
        "Whether %(number)s fits depends on the car's details. Complete them, or check the car"
    ),
    "parts.part.fit_unknown": _("Nobody has recorded yet which cars %(number)s fits"),
    "parts.part.seen_on_model": _("%(number)s was fitted to this model %(times)s times"),
    "parts.fitment.says_nothing": _("Say which cars %(part_no)s fits: brand, series, model, years, VIN or a code"),
    "parts.fitment.years": _("The years run backwards: %(year_from)s to %(year_to)s. Swap them"),
    # quantities
    "parts.quantity.not_positive": _("The quantity must be more than 0, not %(quantity)s"),
    "parts.quantity.too_large": _("%(quantity)s is too much: at most %(largest)s at once. Check the number of digits"),
    "parts.quantity.off_step": _("%(quantity)s cannot be handed out: this part goes in steps of %(step)s"),
    # stock
    "parts.stock.too_little": _(
        "%(wanted)s wanted, but only %(available)s free. Ask a sister store, or wait for stock"
    ),
    "parts.stock.taken_meanwhile": _("Somebody was faster: the stock has just been taken. Look again what is left"),
    "parts.stock.value_gone": _(
        "The stock's value has changed since (%(left)s left of %(value)s). Take it out as a new entry instead"
    ),
    "parts.stock.lot_expired": _(
        "Only %(available)s of %(wanted)s can be issued, the rest of %(part_no)s is past its last day. Scrap the old lot first"
    ),
    "parts.stock.reason_missing": _("Say why: the reason stays with the entry"),
    "parts.stock.reserved": _(
        "%(reserved)s of %(part_no)s are kept for work orders. Give up a reservation first, or count again"
    ),
    # lines and requests
    "parts.line.too_much": _("Only %(left)s more are wanted, not %(wanted)s. The advisor can add to the order"),
    "parts.line.not_so_much_out": _("Only %(out)s are out, so %(wanted)s cannot come back"),
    "parts.line.unknown_condition": _("Say in what condition the part is: good, damaged or opened"),
    "parts.line.unknown_choice": _("“%(choice)s” is not among the choices. Choose one of them"),
    "parts.request.nobody_wants": _("No open line wants %(number)s. Look at the label, or find the part in the stock"),
    "parts.request.none_here": _("No %(part_no)s in this store (%(car)s is short of %(wanted)s)"),
    "parts.request.look_alike_here": _(
        "No %(part_no)s in this store (%(car)s is short of %(wanted)s). Is it %(other)s that you hold?"
    ),
    "parts.request.few_here": _(
        "Only %(available)s %(part_no)s in this store (%(car)s wants %(wanted)s). Hand them out in the row"
    ),
    "parts.request.scan_first": _("Scan a label, or type the number on it"),
    "parts.line.not_short": _("Nothing is short here any more. Look at it again"),
    "parts.line.expected_in_the_past": _("That time is over. Say when the part will be here"),
    "parts.line.expected_too_late": _("That is more than %(days)s days ahead. Check the year"),
    "parts.line.begun_with_other": _(
        "%(number)s has been issued in part already. Take it back before issuing another part"
    ),
    "parts.line.not_now": _("That is not possible any more: the line has changed. Look at it again"),
    "parts.request.not_now": _("That is not possible any more: the request has changed. Look at it again"),
    "parts.request.empty": _("Nothing is asked for. Add a part first"),
    "parts.request.too_many_lines": _("%(count)s parts are too many at once, at most %(most)s. Split the request"),
    # forms
    "parts.form.bad_date": _("“%(text)s” is not a date. Write it like 2026-06-15"),
    "parts.form.bad_moment": _("“%(text)s” is not a day and time. Write it like 2026-06-15 10:00"),
    "parts.form.incomplete": _("The form is incomplete. Load the page again and repeat"),
    # tables that are taken over
    "parts.import.looks_like": _("%(number)s is easily mistaken for %(others)s. Look at the label once more"),
    "parts.import.negative": _("%(quantity)s is less than nothing. Count the shelf and write what lies there, or 0"),
    "parts.import.no_value": _("%(part_no)s has neither a unit cost nor a value. Fill in one of them"),
    # places, lots, receipts, moves
    "parts.place.bad_code": _("“%(bin)s” is not a bin. Write it like A-03-2-01"),
    "parts.place.not_here": _("This bin is not in this store. Choose another"),
    "parts.place.same": _("It lies there already. Choose another bin"),
    "parts.place.store_not_set_up": _("%(store)s keeps no stock yet. Let the administrator set up its warehouse"),
    "parts.warehouse.already_here": _("There is a warehouse %(warehouse)s already. Choose another code"),
    "parts.lot.batch_missing": _("%(part_no)s is kept by batch. Type the batch that stands on the package"),
    "parts.lot.other_expiry": _("Batch %(batch)s is known with last day %(known)s. Check the package"),
    "parts.receipt.empty": _("Nothing has come in yet. Add a part first"),
    "parts.receipt.too_many_lines": _("%(count)s rows are too many at once, at most %(most)s. Split the delivery"),
    "parts.receipt.already_here": _("Delivery note %(delivery_no)s of this supplier was received already"),
    "parts.receipt.value_negative": _("The value of %(part_no)s must not be below 0"),
    "parts.receipt.price_missing": _("%(part_no)s was never bought before. Type its price from the delivery note"),
    "parts.opening.other_quantity": _(
        "This bin was opened with %(before)s, not %(now)s. Count it or adjust it; an import never changes stock"
    ),
    # demand history, classes, pooling
    "parts.history.superseded_in_a_circle": _(
        "These numbers replace each other in a circle: %(numbers)s. Look which one is newest, and correct the catalogue"
    ),
    "parts.history.shares_do_not_add_up": _(
        "%(number)s is replaced by several numbers whose shares add up to %(shares)s instead of 10000. Correct the shares"
    ),
    "parts.history.ratio_not_positive": _(
        "%(takes)s new for %(instead_of)s of %(number)s cannot be. Enter more than 0 for both"
    ),
    "parts.classes.not_twelve_months": _("Part %(part)s has %(count)s months of demand. Classes need twelve"),
    "parts.classes.demand_negative": _("Part %(part)s has a month with demand below 0. Check its returns"),
    "parts.classes.cost_negative": _("Part %(part)s has a cost of %(cost)s. Correct its value first"),
    "parts.pooling.quantity_negative": _("Part %(part)s has a quantity of %(quantity)s. Correct it first"),
    "parts.pooling.cost_negative": _("Part %(part)s has a price of %(cost)s, which cannot be. Correct it first"),
    "parts.pooling.way_negative": _(
        "%(minutes)s minutes and %(cost)s between two stores cannot be. Correct the distances"
    ),
    "parts.pooling.price_missing": _("Part %(part)s has no purchase price. Enter one, then plan again"),
    "parts.pooling.listed_twice": _("Part %(part)s is listed twice for one store. Build the lists from the same state"),
    "parts.pooling.too_large": _("%(quantity)s of part %(part)s is too much. Check the number of digits"),
    "parts.slow.quantity_negative": _("Part %(part)s has a quantity of %(quantity)s. Correct it first"),
    "parts.slow.cost_negative": _("Part %(part)s has a price of %(cost)s, which cannot be. Correct it first"),
    "parts.move.wrong_places": _("Stock cannot go that way. Choose another place"),
    "parts.move.reversed_already": _("Some of it has come back already, so it cannot be undone"),
}

WORDING: dict[str, str | Promise] = {**REFUSALS, **ENGINE_REFUSALS, **FACTS}
