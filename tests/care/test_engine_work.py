"""What is to be done at a coming service."""

from datetime import date

from cheyi.care.engine.model import Service
from cheyi.care.engine.schedule import Interval, Node, Schedule, standard
from cheyi.care.engine.work import NodeDue, nodes_due

ON = date(2026, 6, 30)
NEW = date(2023, 6, 1)


def done_now(schedule, km, done, new_on=NEW):
    return [one.op for one in nodes_due(schedule, km=km, on=ON, done=done, new_on=new_on) if one.now]


def test_the_forty_thousand_service_of_a_petrol_car_that_had_all_before():
    schedule = standard("petrol").without("plugs_iridium")
    done = {node.op: Service(date(2025, 6, 30), 20_000) for node in schedule.nodes if node.every.km == 20_000}
    done |= {op: Service(date(2025, 6, 30), 30_000) for op in ("oil_and_filter", "check_of_32_points")}
    assert done_now(schedule, 40_000, done) == [
        "oil_and_filter",
        "check_of_32_points",
        "air_filter",
        "cabin_filter",
        "brake_fluid",
        "plugs_normal",
        "gearbox_check",
    ]


def test_a_job_that_falls_due_before_half_of_the_way_to_the_next_service_is_done_now():
    schedule = Schedule(
        Interval(10_000, 12), None, (Node("filter", Interval(20_000)), Node("fluid", Interval(None, 24)))
    )
    soon = {"filter": Service(ON, 25_000), "fluid": Service(date(2024, 12, 30), None)}
    assert done_now(schedule, 40_000, soon) == ["filter", "fluid"]
    later = {"filter": Service(ON, 25_001), "fluid": Service(date(2024, 12, 31), None)}
    assert done_now(schedule, 40_000, later) == []


def test_what_was_never_recorded_counts_from_new_and_says_so():
    found = nodes_due(standard("bev"), km=20_000, on=ON, done={}, new_on=NEW)
    fluid = next(one for one in found if one.op == "brake_fluid")
    assert (fluid.km, fluid.on, fluid.now) == (None, date(2025, 6, 1), True)
    assert [reason.code for reason in fluid.reasons] == ["never_recorded"]
    gear = next(one for one in found if one.op == "gear_oil")
    assert (gear.km, gear.now) == (60_000, False)


def test_a_job_by_months_of_a_car_of_unknown_age_is_unknown():
    found = nodes_due(Schedule(Interval(10_000), None, (Node("fluid", Interval(None, 24)),)), km=5, on=ON, done={})
    assert [reason.code for reason in found[0].reasons] == ["never_recorded", "no_measure_known"]
    assert found == (NodeDue("fluid", None, None, False, found[0].reasons),)


def test_hard_use_brings_jobs_at_half_the_distance():
    done = {"oil_and_filter": Service(ON, 35_000)}
    assert "belts" in done_now(standard("petrol", "business"), 40_000, done)
    assert "belts" not in done_now(standard("petrol"), 40_000, done)
