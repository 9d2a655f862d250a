"""The checklists' items in words (domain.md 11.4)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ITEMS: dict[str, str | Promise] = {
    "torque_marked": _("Torque marked"),
    "no_leak": _("No leak"),
    "parts_match": _("Parts fitted as issued"),
    "old_parts_bagged": _("Old parts bagged"),
    "tools_removed": _("Tools removed"),
    "symptom_gone": _("Symptom gone"),
    "related_parts": _("Related parts"),
    "connectors": _("Connectors"),
    "fluid_levels": _("Fluid levels"),
    "codes_cleared": _("Fault codes cleared"),
    "items_done": _("All wishes done"),
    "road_test": _("Road test"),
    "lamps": _("Lamps"),
    "no_new_noise": _("No new noise"),
    "codes_none": _("No fault codes"),
    "torque_sample": _("Torque sample"),
    "clean": _("Clean inside and outside"),
    "settings_restored": _("Clock, windows, seat as before"),
    "reminder_reset": _("Service reminder reset"),
    "photos": _("Photos"),
    "interlock": _("High-voltage interlock"),
    "insulation": _("Insulation"),
    "coolant_level": _("Coolant level"),
    "charging_test": _("Charging test"),
    "gaps": _("Gaps"),
    "colour_match": _("Colour match"),
    "no_dust_or_runs": _("No dust or runs"),
    "fit": _("Fit"),
    "water_test": _("Water test"),
}
