"""Customer care's refusals in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: dict[str, str | Promise] = {
    "care.odometer.too_many": _(
        "%(count)s odometer readings of one car, at most %(most)s. Look whether several cars share its VIN"
    ),
    "care.schedule.interval_not_positive": _(
        "A service interval needs more than 0 whole km or months. %(km)s km and %(months)s months cannot be; correct the schedule"
    ),
    "care.schedule.no_interval": _("The service interval has neither km nor months. Enter at least one of them"),
    "care.reminder.moment_without_zone": _(
        "A moment without a time zone cannot be held against the quiet hours. Give the store's time with its zone"
    ),
    "care.drift.interval_not_positive": _("%(days)s days are no interval between visits. Check the service schedule"),
    "care.rfm.cuts_not_rising": _("The limits of the scores must rise: four values for “%(column)s”. Correct them"),
    "care.rfm.no_such_customer": _(
        "A visit names customer %(place)s, there are only %(customers)s. Build both lists from the same state"
    ),
    "care.life.no_such_customer": _(
        "A car names customer %(place)s, there are only %(customers)s. Build both lists from the same state"
    ),
    "care.columns.different_lengths": _("The columns are of different lengths: %(lengths)s. Give one value per row"),
    "care.columns.wrong_kind": _("The column “%(column)s” is %(kind)s. Give one row of numbers, days or yes and no"),
}
