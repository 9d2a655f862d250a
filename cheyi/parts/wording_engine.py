"""Refusals of the demand forecast and of the stock levels, in words that say how to go on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENGINE_REFUSALS: dict[str, str | Promise] = {
    # tables that are measured
    "parts.bench.no_file": _("%(file)s is not there or may not be opened. Look at its name and folder"),
    "parts.bench.too_large_file": _("%(file)s is larger than %(longest)s MB. Cut it into several files"),
    "parts.bench.not_text": _("%(file)s is no text in UTF-8, UTF-16 or GB18030. Save it as CSV in UTF-8"),
    "parts.bench.open_quote": _("A cell of %(file)s begins with a quote that is never closed. Close it"),
    "parts.bench.empty": _("%(file)s holds no parts. Write a row for each part and a column for each month"),
    "parts.bench.no_months": _("%(file)s has no months. Write a row for each part and a column for each month"),
    "parts.bench.ragged_row": _("Row %(row)s of %(file)s has %(cells)s cells, more than the first row (%(head)s)"),
    "parts.bench.no_number": _("Row %(row)s, column %(column)s of %(file)s: “%(text)s” is not a number. Correct it"),
    "parts.bench.bad_price": _("Row %(row)s of %(file)s: “%(text)s” is not a price. Correct it, or leave it empty"),
    "parts.bench.too_few_months": _("There are %(months)s months. At least %(least)s are needed to compare forecasts"),
    "parts.bench.no_demand": _("Nothing was demanded in the last months of the file, so there is nothing to compare"),
    # classic formulas and stock levels
    "parts.classic.too_few_months": _("%(months)s months of demand are too few: a safety stock needs at least 2"),
    "parts.classic.bad_service": _(
        "A service of %(service)s %% cannot be planned: choose more than 0 and less than 100"
    ),
    "parts.classic.no_holding_cost": _(
        "Without a price and a holding cost there is no economic quantity. Fill in both"
    ),
    "parts.stocking.bad_goal": _("Give either a budget, or a service of more than 0 and less than 100 %%"),
    "parts.stocking.wrong_column": _("“%(column)s” of part %(part)s cannot be right. Correct it"),
    # histories
    "parts.demand.no_parts": _("There are no parts to forecast. Choose at least one"),
    "parts.demand.no_months": _("No month of demand is known. Wait until the first one is over"),
    "parts.demand.too_many_months": _("%(months)s months are too many, at most %(longest)s. Leave out the oldest"),
    "parts.demand.no_number": _("Part %(part)s, month %(month)s: the demand is no possible number. Correct it"),
    "parts.demand.wrong_shape": _("“%(column)s” does not fit the table of parts and months (%(cells)s). Complete it"),
    "parts.demand.wrong_horizon": _("%(months)s months cannot be forecast: more than 0, at most %(longest)s"),
}
