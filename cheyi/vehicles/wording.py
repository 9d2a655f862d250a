"""Refusals and facts about cars in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: dict[str, str | Promise] = {
    "vehicles.vehicle.plate_or_vin": _("A car needs its plate or its VIN. Type one of them"),
    "vehicles.vehicle.check_digit": _(
        "One character of the VIN is misread: the ninth is %(found)s, by the others it would be %(wanted)s. "
        "Compare it with the car; if the car really says so, confirm it"
    ),
    "vehicles.vehicle.foreign_check_digit": _(
        "Character 9 of the VIN is %(found)s instead of %(wanted)s. Some makers abroad do that: compare it with the "
        "car and confirm it"
    ),
    "vehicles.vehicle.odd_vin": _("An unusual VIN. Compare it with the car and confirm it"),
    "vehicles.vehicle.plate_kind": _(
        "By its form this is another kind of plate. Compare it with the car and confirm it"
    ),
    "vehicles.vehicle.already_here": _("%(what)s is on file here already. Open that car"),
    "vehicles.vehicle.two_cars": _(
        "%(plate)s and the VIN ending in %(tail)s are two different cars on file. Compare both with the car"
    ),
    "vehicles.vehicle.plate_taken": _(
        "%(plate)s is on file for another car (VIN ending in %(tail)s). If the plate has moved to this car, confirm it"
    ),
    "vehicles.vehicle.just_added": _("A colleague has just put this car on file. Search for it"),
    "vehicles.vehicle.not_elsewhere": _(
        "No store of the group that may show its cars knows this one. Put the car on file"
    ),
    "vehicles.vehicle.changed_meanwhile": _(
        "%(who)s has changed this in the meantime. Look at what stands there now, and decide which one holds"
    ),
    "vehicles.vehicle.not_known_here": _(
        "This store does not know the car yet, so it has no note on it. Take it over first"
    ),
    "vehicles.vehicle.in_future": _("%(day)s is yet to come. Check the year"),
    "vehicles.vehicle.too_far_off": _("%(day)s is too far away. Check the year"),
    "vehicles.vehicle.out_of_range": _("%(number)s cannot be: %(least)s to %(most)s. Compare it with the papers"),
    "vehicles.vehicle.unknown_choice": _("“%(value)s” is not one of the choices. Choose from the list"),
    "vehicles.vehicle.too_long": _("That is too long: at most %(longest)s characters. Shorten it"),
    "vehicles.mileage.out_of_range": _("%(km)s km cannot be: 0 to %(most)s. Read the odometer again"),
    "vehicles.mileage.lower": _(
        "%(km)s km is less than the %(last)s km of %(last_on)s. Read it again, or say why: odometer replaced, typing "
        "error last time, reading doubtful"
    ),
    "vehicles.mileage.too_far": _(
        "%(km)s km is far more than the %(last)s km of %(last_on)s allow. Read it again, or confirm it with a reason"
    ),
    "vehicles.mileage.earlier_day": _("There is a later reading, of %(last_on)s. Enter the reading with today's date"),
    "vehicles.mileage.unknown_reason": _("“%(reason)s” is not one of the reasons. Choose from the list"),
    "vehicles.owner.before_former": _("The owner so far has the car since %(since)s. Choose a later day"),
    "vehicles.owner.unknown_role": _("“%(role)s” is not one of the roles. Choose from the list"),
    "vehicles.recall.not_named": _("The recall %(recall)s does not name this car. Check the VIN"),
    "vehicles.import.no_owner": _("There is no customer %(text)s on file. Import the customers first, or correct it"),
    "vehicles.import.several_owners": _("Several customers fit “%(text)s”. Add the phone or the customer's number"),
    "vehicles.import.read_otherwise": _("“%(text)s” was read as %(meant)s"),
    "vehicles.import.no_model": _("There is no model “%(text)s” on file; the text is kept beside the car"),
    # facts, as the history shows them
    "vehicles.vehicle.added": _("Car put on file"),
    "vehicles.vehicle.adopted": _("Car taken over from another store"),
    "vehicles.vehicle.changed": _("Car's file changed"),
    "vehicles.vehicle.imported": _("Cars imported"),
    "vehicles.vehicle.mileage_recorded": _("Mileage read"),
    "vehicles.vehicle.owner_changed": _("Owner changed"),
    "vehicles.vehicle.person_added": _("Somebody added to the car"),
    "vehicles.vehicle.person_ended": _("Somebody removed from the car"),
    "vehicles.vehicle.plate_changed": _("Plate changed"),
    "vehicles.vehicle.serviced": _("Service recorded"),
    "vehicles.vehicle.service_planned": _("Next service set"),
    "vehicles.vehicle.daily_km_set": _("Daily distance set"),
    "vehicles.vehicle.recall_open": _("A recall names the car"),
    "vehicles.recall.opened": _("Recall put on file"),
    "vehicles.recall.done": _("Recall done"),
    "vehicles.brand.added": _("New brand"),
    "vehicles.series.added": _("New series"),
    "vehicles.model.added": _("New model"),
}
