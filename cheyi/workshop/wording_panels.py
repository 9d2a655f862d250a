"""The outside of a car, panel by panel (环车检查, domain.md 11.3)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PANELS: dict[str, str | Promise] = {
    "front_bumper": _("Front bumper"),
    "bonnet": _("Bonnet"),
    "left_front_wing": _("Left front wing"),
    "right_front_wing": _("Right front wing"),
    "left_front_door": _("Left front door"),
    "right_front_door": _("Right front door"),
    "left_rear_door": _("Left rear door"),
    "right_rear_door": _("Right rear door"),
    "left_rear_wing": _("Left rear wing"),
    "right_rear_wing": _("Right rear wing"),
    "roof": _("Roof"),
    "boot_lid": _("Boot lid"),
    "rear_bumper": _("Rear bumper"),
    "wheels": _("Wheels"),
}
