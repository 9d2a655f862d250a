"""How a booking came, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNELS: dict[str, str | Promise] = {
    "phone": _("By phone"),
    "wechat": _("WeChat"),
    "walk_in_next": _("Booked when leaving"),
    "sa_outbound": _("Called by us"),
    "web": _("Website"),
    "mini_program": _("Mini program"),
    "oem_app": _("Maker's app"),
}
