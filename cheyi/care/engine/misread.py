"""What a reading that does not fit may have been meant to be: swapped digits, one lost or doubled, miles for kilometres."""

from __future__ import annotations

from cheyi.care.engine.model import Reading
from cheyi.kernel import Reason
from cheyi.vehicles.rules.mileage import FASTEST_DAILY_KM, MOST_KM

METRES_IN_A_MILE = 1_609_344


def likely_meant(reading: Reading, low: Reading | None, high: Reading | None) -> tuple[Reason, ...]:
    """Slips that make the reading fit between its neighbours, nearest to the middle first; proposals, never corrections.

    ``low`` and ``high`` are the believed readings before and after, or None.
    """
    least = low.km if low is not None else 0
    most = _most(reading, low, high)
    if high is not None:
        least = max(least, high.km - FASTEST_DAILY_KM * max((high.on - reading.on).days, 1))
    if least > most:
        return ()
    found: dict[int, str] = {}
    for code, values in _slips(reading.km):
        for km in values:
            if least <= km <= most and km != reading.km:
                found.setdefault(km, code)
    middle = least + most if high is not None else 2 * least
    nearest = sorted(found, key=lambda km: (abs(2 * km - middle), km))
    return tuple(Reason(found[km], km=km) for km in nearest[:3])


def _most(reading: Reading, low: Reading | None, high: Reading | None) -> int:
    most = high.km if high is not None else MOST_KM
    if low is not None:
        most = min(most, low.km + FASTEST_DAILY_KM * max((reading.on - low.on).days, 1))
    return most


def _slips(km: int) -> tuple[tuple[str, list[int]], ...]:
    digits = str(km)
    places = range(len(digits))
    swapped = [int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]) for at in places[:-1]]
    doubled = [int(digits[:at] + digits[at + 1 :]) for at in places if len(digits) > 1]
    lost = [int(digits[:at] + new + digits[at:]) for at in range(len(digits) + 1) for new in "0123456789"]
    return (
        ("swapped_digits", swapped),
        ("digit_too_many", doubled),
        ("miles", [km * METRES_IN_A_MILE // 1_000_000]),
        ("digit_missing", lost),
    )
