"""One block for each car in a lane of the board: what is joined, what stays apart, and what may be moved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cheyi.kernel import Span
from cheyi.workshop import actions
from cheyi.workshop.queries.board import board
from cheyi.workshop.queries.board_axis import Axis, axis_of
from cheyi.workshop.queries.board_blocks import Block, BlockJob, one_per_car
from tests.foundation.org import NOW

OPENS = NOW.replace(hour=8, minute=0, second=0, microsecond=0)
AXIS = Axis(NOW.replace(hour=0, minute=0, second=0, microsecond=0), 8, 19)
NAMES = {1: "常规保养", 2: "制动液更换", 3: "空调滤芯"}


def at(hour, minute=0):
    return OPENS.replace(hour=hour, minute=minute)


def job(line, *, words="已派", runs=False, movable=True):
    return BlockJob(line, NAMES.get(line, ""), words, runs, movable)


def block(line, begins, ends, *, order=7, share=0, key="wait", one=None, **words):
    """A block of one job; where it stands is told by the joining."""
    jobs = (one or job(line),)
    shown = Block(jobs, order, "浙A80007", key, share, begins, ends, None, technician=1, bay=2)
    return replace(shown, **words)


def told(blocks):
    return [(one.works, one.at, one.length) for one in one_per_car(blocks, AXIS)]


def test_jobs_of_a_car_that_follow_one_another_are_one_block_from_the_first_to_the_last():
    rows = [block(2, at(10), at(10, 30)), block(1, at(9), at(10)), block(3, at(10, 35), at(11))]
    (one,) = one_per_car(rows, AXIS)
    assert (one.works, one.line_id, one.at, one.length) == (("常规保养", "制动液更换", "空调滤芯"), 1, 12, 24)
    assert (one.begins, one.ends, one.words, one.free) == (at(9), at(11), ("已派",), (1, 2, 3))


def test_more_than_five_minutes_between_two_jobs_are_two_blocks():
    assert told([block(1, at(9), at(9, 54)), block(2, at(10), at(10, 30))]) == [
        (("常规保养",), 12, 10),
        (("制动液更换",), 24, 6),
    ]


def test_jobs_on_both_sides_of_the_lunch_break_are_two_blocks():
    assert told([block(1, at(11), at(12)), block(2, at(13), at(14))]) == [
        (("常规保养",), 36, 12),
        (("制动液更换",), 60, 12),
    ]


def test_another_car_between_keeps_the_jobs_apart_however_short_it_is():
    rows = [block(1, at(9), at(10)), block(3, at(10), at(10, 5), order=8), block(2, at(10, 5), at(11))]
    assert [one.works for one in one_per_car(rows, AXIS)] == [("常规保养",), ("空调滤芯",), ("制动液更换",)]


@pytest.mark.parametrize(
    "other",
    [{"key": "run"}, {"bay": 3}, {"technician": 2}, {"proposed": True}, {"order": 8}],
    ids=["state", "bay", "technician", "proposed", "order"],
)
def test_another_state_bay_technician_or_car_is_another_block(other):
    assert len(one_per_car([block(1, at(9), at(10)), block(2, at(10), at(11), **other)], AXIS)) == 2


def test_work_given_without_a_bay_stands_where_the_rest_does_but_never_joins_two_bays():
    rows = [block(1, at(9), at(10), bay=None), block(2, at(10), at(11)), block(3, at(11), at(12), bay=3)]
    assert [(one.works, one.bay) for one in one_per_car(rows, AXIS)] == [
        (("常规保养", "制动液更换"), 2),
        (("空调滤芯",), 3),
    ]


def test_what_is_done_counts_by_its_share_of_the_whole_block():
    running = block(1, at(9), at(10), share=60, key="run", one=job(1, words="施工", runs=True, movable=False))
    (one,) = one_per_car([running, block(2, at(10), at(12), key="run")], AXIS)
    assert (one.share, one.words, one.movable, one.free) == (20, ("施工", "已派"), False, (2,))
    done = [block(1, at(9), at(10), share=100, key="ok"), block(2, at(10), at(10, 7), share=100, key="ok")]
    assert [one.share for one in one_per_car(done, AXIS)] == [100]


def test_a_paused_job_that_goes_on_at_once_is_named_once_and_the_running_state_first():
    first = block(1, at(9), at(9, 10), key="run", one=job(1, words="暂停"))
    second = block(2, at(9, 10), at(9, 30), key="run", one=job(2, words="施工", runs=True, movable=False))
    again = block(1, at(9, 30), at(10), key="run", one=job(1, words="暂停"))
    (one,) = one_per_car([first, second, again], AXIS)
    assert (one.works, one.words, one.free) == (("常规保养", "制动液更换"), ("施工", "暂停"), (1,))


def test_a_short_end_makes_a_block_no_longer_than_it_lasts():
    assert told([block(1, at(9), at(9, 50)), block(2, at(9, 50), at(9, 55))]) == [(("常规保养", "制动液更换"), 12, 11)]
    assert told([block(1, at(9), at(9, 3)), block(2, at(9, 3), at(9, 6))]) == [(("常规保养", "制动液更换"), 12, 3)]


@pytest.mark.parametrize("by_bay", [False, True])
def test_two_jobs_of_a_car_stand_on_the_board_as_one_block_and_the_hours_stay(shop, by_bay):
    wang = shop.technician()
    order = shop.opened("DT004", "CH001", to=wang)
    seen = board(shop.store, NOW, by_bay=by_bay)
    (one,) = [block for lane in seen.lanes for block in lane.blocks]
    lines = [shop.labour(order, place) for place in (0, 1)]
    assert sorted(one.works) == sorted(line.name for line in lines)
    minutes = sum(line.std_hours.minutes for line in lines)
    assert one.ends - one.begins == timedelta(minutes=minutes)
    (lane,) = [lane for lane in seen.lanes if lane.blocks]
    if not by_bay:
        (span,) = [lane.hours]
        assert lane.share == round(100 * minutes / ((span[1] - span[0]).total_seconds() / 60))


@pytest.mark.parametrize(
    ("reason", "key", "words"),
    [
        ("wait_parts", "part", "待件"),
        ("wait_approval", "ask", "待客户"),
        ("wait_tool", "wait", "待工具"),
        ("break", "wait", "暂停"),
        ("", "wait", "暂停"),
    ],
)
def test_a_job_put_aside_in_an_order_at_work_stands_there_with_what_it_waits_for(shop, reason, key, words):
    wang = shop.technician()
    order = shop.opened("DT004", "CH001", to=wang)
    actions.start_job(shop.labour(order), technician=shop.employee(wang), by=wang, now=NOW)
    actions.pause_job(shop.labour(order), technician=shop.employee(wang), reason=reason, by=wang, now=NOW)
    assert shop.fresh(order).state == "working"
    blocks = [block for lane in board(shop.store, NOW).lanes for block in lane.blocks]
    aside = [block for block in blocks if shop.labour(order).pk in {job.line_id for job in block.jobs}]
    assert {(block.key, block.words) for block in aside} == {(key, (words,))}


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        ([], (8, 19)),
        ([(7.5, 18)], (7, 18)),
        ([(8.5, 12), (13, 20.25)], (8, 21)),
        ([(9, 18), (21, 23.5)], (9, 24)),
        ([(9, 18), (-5, 2)], (0, 18)),
        ([(-30, 40)], (0, 24)),
        ([(9, 10)], (9, 13)),
        ([(23, 23.5)], (20, 24)),
    ],
    ids=["nothing", "opens early", "noon break", "work at night", "from yesterday", "days", "short", "short and late"],
)
def test_the_board_shows_the_whole_hours_that_hold_everything(spans, hours):
    midnight = NOW.replace(hour=0)
    made = [Span(midnight + timedelta(hours=one), midnight + timedelta(hours=other)) for one, other in spans]
    axis = axis_of(midnight, made)
    assert (axis.opens, axis.closes, axis.slots) == (*hours, (hours[1] - hours[0]) * 12)
