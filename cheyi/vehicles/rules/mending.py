"""What a file's row says of a car, read as it can only have been meant; whatever was read otherwise is told."""

from __future__ import annotations

from typing import Any

from cheyi.customers.engine import phones, plates, vins
from cheyi.customers.engine.verdicts import narrow
from cheyi.kernel import Refused

NO_PLATE_YET = frozenset(["无牌", "未上牌", "新车", "新车未上牌", "临牌", "无牌照", "待上牌", "暂无牌照"])


def mended(values: dict[str, Any]) -> tuple[Refused, ...]:
    """Mend the row's plate, VIN and owner's number in place; one note for each that was read otherwise.

    - A plate that says there is none yet is left out where the VIN is known; I and O of a plate are 1 and 0.
    - I, O and Q of a VIN are 1, 0 and 0 when its check digit then fits (domain.md 7.1); else a person must compare it.
    - The owner's number only serves to find him, so one that cannot be read is passed over where his old number or his
      name is there too.
    """
    notes = []
    plate, vin = values.get("plate", ""), values.get("vin", "")
    if vin and narrow(plate) in NO_PLATE_YET:
        del values["plate"]
    elif repaired := plates.repair(plate):
        values["plate"] = repaired
        notes.append(Refused("vehicles.import.read_otherwise", field="plate", text=plate, meant=repaired))
    meant = "".join(vins.FORBIDDEN.get(letter, letter) for letter in vins.normalise(vin))
    if meant != vins.normalise(vin) and vins.is_sound(meant):
        values["vin"] = meant
        notes.append(Refused("vehicles.import.read_otherwise", field="vin", text=vin, meant=meant))
    number = values.get("owner_mobile", "")
    if number and not phones.check(number).valid:
        found = phones.several(number)
        if len(found) == 1:
            values["owner_mobile"] = found[0]
        elif values.get("owner_no") or values.get("owner"):
            del values["owner_mobile"]
    return tuple(notes)
