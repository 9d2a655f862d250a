"""Who should do one line (domain.md 6.9), and what the foreman's own choices teach."""

from dataclasses import replace
from datetime import date

from cheyi.kernel import Rate, Reason, Span
from cheyi.workshop.engine.model import Shop, Task, Technician
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.suggest import Override, Weights, learned, rank
from tests.simulators.shops import at, shift

SIX_HOURS = (shift(0, 9, 15, None),)


def person(number, level, experience="0", **more):
    return Technician(
        number,
        {"general": level},
        SIX_HOURS,
        experience={"suv": Rate.percent(experience)} if experience != "0" else {},
        **more,
    )


LINE = Task(10, 5, "general", 3, 60, model="suv", seen_by={2: 3})
T1, T2, T3 = person(1, 5, "90"), person(2, 3, "50"), person(3, 2)


def queue(technician, minutes, number):
    """An order of other work that fills so many minutes of a person's shift."""
    from cheyi.workshop.engine.model import Dragged

    return Task(number, number, "general", 1, minutes, dragged=Dragged(technician, start=at(9)))


def shop(*tasks, people=(T1, T2, T3)):
    return Shop(at(9), tuple(tasks), people)


def test_the_vector_of_the_score():
    made = shop(queue(1, 60, 20), queue(2, 240, 21))
    first, second, third = rank(made, LINE, plan=plan_by_rule(made))
    assert (first.technician, str(first.score)) == (2, "0.7333")
    assert (second.technician, str(second.score)) == (1, "0.7083")
    assert (third.technician, third.eligible) == (3, False)
    assert (str(second.skill), str(second.load), str(second.experience), str(second.continuity)) == (
        "0.8",
        "0.8333",
        "0.9",
        "0",
    )


def test_every_suggestion_says_why():
    made = shop(queue(2, 240, 21))
    by_person = {one.technician: one.reasons for one in rank(made, LINE, plan=plan_by_rule(made))}
    assert by_person[1] == (
        Reason("above_the_need", level=5, required=3),
        Reason("free_now"),
        Reason("knows_model", model="suv", experience=Rate.percent(90)),
    )
    assert by_person[2] == (
        Reason("just_enough_skill", level=3, required=3),
        Reason("queue", minutes=240),
        Reason("knows_model", model="suv", experience=Rate.percent(50)),
        Reason("same_car_before", times=3),
    )
    assert by_person[3] == (Reason("level_too_low", skill="general", level=2, required=3),)


def test_a_difficult_line_wants_the_best_person():
    first, second, _ = rank(shop(), replace(LINE, difficult=True, seen_by={}))
    assert (first.technician, str(first.skill), str(second.skill)) == (1, "1", "0.6")
    assert first.reasons[0] == Reason("strong_for_difficult", level=5)


def test_high_voltage_work_needs_a_valid_certificate_whatever_the_score():
    line = replace(LINE, needs_hv=True)
    people = (replace(T1, hv_until=date(2026, 3, 1)), replace(T2, hv_until=date(2026, 3, 2)))
    first, second = rank(shop(people=people), line)
    assert (first.technician, first.eligible) == (2, True)
    assert second.reasons == (Reason("certificate_missing", skill="general"),)


def test_who_is_away_or_whose_shift_ends_before_the_work_is_not_eligible():
    away = replace(T2, absences=(Span(at(9), at(15)),))
    made = shop(queue(1, 310, 20), people=(T1, away))
    first, second = rank(made, LINE, plan=plan_by_rule(made))
    assert {first.technician: first.reasons[0], second.technician: second.reasons[0]} == {
        1: Reason("shift_ends_before", queued=310, minutes=60, left=360),
        2: Reason("not_present"),
    }


def test_the_line_itself_is_not_counted_as_its_own_queue():
    made = shop(LINE)
    plan = plan_by_rule(made)
    assert plan.of(10).technician == 2
    assert str(rank(made, LINE, plan=plan)[0].load) == "1"


def test_overrides_shift_the_weights_a_little_and_within_bounds():
    made = shop(queue(1, 60, 20), queue(2, 240, 21))
    proposed, taken, _ = rank(made, LINE, plan=plan_by_rule(made))
    once = learned(Weights(), (Override(proposed, taken),))
    assert once == Weights(skill=40, load=26, experience=20, continuity=14)
    often = learned(Weights(), (Override(proposed, taken),) * 100)
    assert often == Weights(skill=40, load=35, experience=20, continuity=5)
