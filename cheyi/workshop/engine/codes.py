"""Every reason that the engine gives, with the facts that always come with it; the sentences are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

UNPLANNED: Mapping[str, tuple[str, ...]] = {
    "no_bay": ("kind",),
    "no_ev_safe_bay": ("kind",),
    "no_minutes": ("minutes",),
    "no_shift_left": ("until",),
    "no_tool": ("kind",),
    "nobody_able": ("skill", "level", "best"),
    "nobody_certified": ("skill",),
    "nobody_present": ("skill",),
    "part_comes_later": ("until",),
    "part_overdue": ("expected",),
    "part_without_date": (),
    "shift_too_short": ("minutes", "longest"),
    "steps_in_a_circle": (),
    "waits_for_unplanned": ("task",),
}
PERSON: Mapping[str, tuple[str, ...]] = {
    "above_the_need": ("level", "required"),
    "certificate_missing": ("skill",),
    "changed_technician": ("before",),
    "dragged": (),
    "dragged_to_nobody": ("technician",),
    "free_now": (),
    "frozen": (),
    "just_enough_skill": ("level", "required"),
    "knows_model": ("model", "experience"),
    "level_too_low": ("skill", "level", "required"),
    "not_present": (),
    "only_one_able": ("skill", "level"),
    "queue": ("minutes",),
    "running": (),
    "same_car_before": ("times",),
    "shift_ends_before": ("queued", "minutes", "left"),
    "strong_for_difficult": ("level",),
}
TIME: Mapping[str, tuple[str, ...]] = {
    "as_wished": (),
    "busy_hours": (),
    "calm_hours": (),
    "cushion": ("minutes",),
    "fully_booked": ("until",),
    "nothing_to_do": (),
    "promise_kept": ("spare",),
    "promise_late": ("minutes",),
    "starts_now": (),
    "starts_when_free": ("until",),
    "starts_with_shift": ("until",),
    "waits_for_bay": ("task", "until"),
    "waits_for_part": ("until",),
    "waits_for_step": ("task", "until"),
    "waits_for_technician": ("task", "until"),
}
REMEDIES: Mapping[str, tuple[str, ...]] = {
    "earlier_gap": (),
    "go_first": ("others_late",),
    "new_promise": (),
    "one_level_below": ("task", "technician", "level", "required"),
    "other_technician": ("task", "technician", "start"),
    "overtime": ("minutes", "technician", "first"),
    "part_and_new_promise": ("task", "store", "arrives"),
    "part_by": ("task", "until"),
    "part_from_store": ("task", "store", "arrives"),
}
REASONS: Mapping[str, tuple[str, ...]] = {**UNPLANNED, **PERSON, **TIME, **REMEDIES}
