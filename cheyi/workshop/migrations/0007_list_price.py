"""What lines cost by list: of those that are there, what they cost now."""

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce

import cheyi.foundation.fields
import cheyi.kernel.money

PRICES = {
    "LabourLine": Coalesce(F("fixed_price"), F("rate")),
    "PartLine": F("unit_price"),
    "SubletLine": F("gross"),
    "FeeLine": F("gross"),
}


def as_priced(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Prices changed before there was a list price count as the list's."""
    for name, price in PRICES.items():
        apps.get_model("workshop", name)._base_manager.update(list_price=price)  # noqa: SLF001


class Migration(migrations.Migration):
    dependencies = [("workshop", "0006_call_back")]

    operations = [
        *(
            migrations.AddField(
                model_name=name.lower(),
                name="list_price",
                field=cheyi.foundation.fields.MoneyField(default=cheyi.kernel.money.Money(0)),
            )
            for name in PRICES
        ),
        migrations.RunPython(as_priced, migrations.RunPython.noop, elidable=True),
    ]
