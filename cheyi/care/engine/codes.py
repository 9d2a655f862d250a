"""Every reason that the engine gives, with the facts that always come with it; the sentences stand in ``saying.py``."""

from __future__ import annotations

from collections.abc import Mapping

IMPOSSIBLE: Mapping[str, tuple[str, ...]] = {
    "before_built": ("on", "new_on"),
    "beyond_any_car": ("km", "most"),
    "in_the_future": ("on", "today"),
    "negative": ("km",),
    "no_day": (),
    "not_whole_km": ("text",),
}
DROPPED: Mapping[str, tuple[str, ...]] = {
    **IMPOSSIBLE,
    "above_next": ("km", "next", "next_on"),
    "below_next": ("km", "next", "next_on"),
    "beyond_its_age": ("km", "most", "new_on"),
    "corrected": ("on", "km"),
    "doubtful": (),
    "falls": ("km", "last", "last_on"),
    "jumps": ("km", "last", "last_on", "most"),
}
ODD: Mapping[str, tuple[str, ...]] = {
    "looks_replaced": ("since", "km", "count"),
    "new_day_contradicted": ("new_on", "count"),
    "new_in_the_future": ("new_on",),
    "stays": ("km", "since", "on"),
}
MEANT: Mapping[str, tuple[str, ...]] = {
    "digit_missing": ("km",),
    "digit_too_many": ("km",),
    "miles": ("km",),
    "swapped_digits": ("km",),
}
ASKED: Mapping[str, tuple[str, ...]] = {
    "lower": ("km", "last", "last_on"),
    "too_far": ("km", "last", "last_on", "most"),
}
DAILY: Mapping[str, tuple[str, ...]] = {
    "as_its_group": ("km", "cars"),
    "as_usual": ("km",),
    "blended": ("year", "life", "share"),
    "drawn_to_group": ("km", "cars", "share"),
    "held_within": ("least", "most"),
    "last_and_present": ("days",),
    "new_owner": ("since",),
    "no_distance_known": (),
    "readings_dropped": ("count",),
    "too_short": ("days",),
}
DUE: Mapping[str, tuple[str, ...]] = {
    "counted_from_new": ("new_on",),
    "due_by_distance": ("on", "km", "daily"),
    "due_by_time": ("on",),
    "no_reading": (),
    "reading_old": ("on", "days"),
    "service_reading_doubtful": ("on",),
}
UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "does_not_fall": ("first", "last", "off_by"),
    "energy_unknown": ("energy",),
    "inspections_too_few": ("count",),
    "left_the_base": (),
    "less_than_nothing": (),
    "never_paid": (),
    "never_serviced_here": (),
    "never_visited": (),
    "no_car_in_the_base": (),
    "service_before_built": ("on", "new_on"),
    "service_in_the_future": ("on", "today"),
    "visit_in_the_future": ("on",),
}
SILENCE: Mapping[str, tuple[str, ...]] = {
    "appointment_open": (),
    "car_gone": ("status",),
    "complaint_open": (),
    "due_unknown": (),
    "not_due_yet": ("chance", "needed", "days"),
    "opted_out": ("channel",),
    "quiet_hours": ("until",),
    "reminded_lately": ("channel", "on", "least"),
    "touched_enough": ("count", "most"),
    "visit_in_the_future": ("on",),
    "visited_lately": ("on", "least"),
    "yearly_rule": ("km", "on"),
}
REMINDED: Mapping[str, tuple[str, ...]] = {"likely_due": ("on", "chance", "days")}
WORK: Mapping[str, tuple[str, ...]] = {"never_recorded": (), "no_measure_known": ()}
WEAR: Mapping[str, tuple[str, ...]] = {
    "inspections_left_out": ("count",),
    "renewed": ("on",),
    "worn_by_days": ("count",),
    "worn_by_km": ("count", "km"),
}
REASONS: Mapping[str, tuple[str, ...]] = {
    **DROPPED,
    **ODD,
    **MEANT,
    **ASKED,
    **DAILY,
    **DUE,
    **UNKNOWN,
    **SILENCE,
    **REMINDED,
    **WORK,
    **WEAR,
}
