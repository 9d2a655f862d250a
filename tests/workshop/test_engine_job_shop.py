"""The general flexible job-shop: read as it stands in text files, solved within its time, proven before it is told."""

import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.engine.bench import BenchResult, bench_dispatch, run, schedule_faults
from cheyi.workshop.engine.job_shop import Instance, Schedule, solve_job_shop
from cheyi.workshop.engine.job_shop_bound import lower_bound
from cheyi.workshop.engine.job_shop_solver import solve_from
from cheyi.workshop.engine.job_shop_start import greedy
from cheyi.workshop.engine.job_shop_state import State
from cheyi.workshop.engine.job_shop_text import read_instance
from cheyi.workshop.engine.tabu import Tabu
from tests.simulators.job_shops import SIX_BY_SIX, random_instance

TINY = "2 2\n2 1 1 3 1 2 2\n1 2 1 4 2 6\n"


READ = Instance((({1: 3}, {2: 2}), ({1: 4, 2: 6},)))


@pytest.mark.parametrize(
    "text",
    [
        TINY,
        "2 2 1.33\n2 1 1 3 1 2 2\n1 2 1 4 2 6",
        "2\t2   1,33  \r\n\r\n2 1 1 3 1 2 2 \r\n  1 2 1 4 2 6\t\r\n\r\n",
        "# two jobs\n2 2 // jobs, machines\n2 1 1 3 1 2 2 ; first\n% second\n1 2 1 4 2 6\n",
    ],
)
def test_the_usual_text_is_read_however_it_is_spaced(text):
    assert read_instance(text) == READ
    assert read_instance(text).machines == (1, 2)


def test_machines_may_be_numbered_from_nought():
    assert read_instance("1 2\n2 1 0 3 1 1 2\n").machines == (0, 1)
    assert read_instance("1 5\n1 1 3 3\n").machines == (3,)


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "not_an_instance", {"line": 1}),
        ("# nothing", "not_an_instance", {"line": 1}),
        ("two jobs", "not_an_instance", {"line": 1}),
        ("2", "not_an_instance", {"line": 1}),
        ("2 2 1 1", "not_an_instance", {"line": 1}),
        ("1 1\n\n2 1 1 3\n", "not_an_instance", {"line": 3}),
        ("1 1\n1 0\n", "not_an_instance", {"line": 2}),
        ("1 1\n1 1 1 3 4\n", "not_an_instance", {"line": 2}),
        ("1 1\n1 1 1 x\n", "not_an_instance", {"line": 2}),
        ("1 1\n1 1 1 -3\n", "not_an_instance", {"line": 2}),
        ("1 1\n1 1 1 2.5\n", "not_an_instance", {"line": 2}),
        ("1 1\n1 1 1 9999999999\n", "not_an_instance", {"line": 2}),
        ("2 2\n1 1 1 3\n", "jobs_missing", {"line": 2, "jobs": 2, "found": 1}),
        ("999999999 2\n1 1 1 3\n", "jobs_missing", {"line": 2, "jobs": 999999999, "found": 1}),
        ("1 2\n1 1 1 3\n\n1 1 1 3\n", "jobs_left_over", {"line": 4, "jobs": 1}),
        ("1 2\n1 2 1 3 1 4\n", "machine_twice", {"line": 2}),
        ("2 2\n1 1 0 3\n1 1 2 3\n", "machine_unknown", {"line": 3, "machine": 2, "machines": 2}),
        ("1 2\n1 1 3 3\n", "machine_unknown", {"line": 2, "machine": 3, "machines": 2}),
    ],
)
def test_a_text_that_is_no_instance_is_refused_with_its_line(text, code, facts):
    with pytest.raises(Refused) as refusal:
        read_instance(text)
    assert (refusal.value.code, refusal.value.facts) == (f"workshop.bench.{code}", facts)


def test_the_bound_counts_what_only_some_machines_can_do():
    assert lower_bound(read_instance(TINY)) == 5
    alone = read_instance("3 3\n2 1 1 4 1 2 5\n2 1 1 4 1 2 5\n1 3 1 9 2 9 3 1\n")
    assert lower_bound(alone) == 4 + 2 * 5
    pair = read_instance("3 3\n1 2 1 6 2 6\n1 2 1 6 2 6\n2 1 3 1 2 1 6 2 6\n")
    assert lower_bound(pair) == 9
    assert lower_bound(Instance(())) == 0


@pytest.mark.parametrize("seed", range(6))
def test_times_after_a_move_are_those_of_the_plan_built_anew(seed):
    instance = read_instance(random_instance(seed, jobs=5 + seed, choice=1 + seed % 4))
    tabu = Tabu(instance, greedy(instance), seed)
    anew = State(instance, tabu.state.plan())
    moved = 0
    while moved < 60 and (move := tabu.best_move()):
        tabu.take(move)
        moved += 1
        anew.stand(tabu.state.plan())
        assert sorted(anew.order) == list(range(anew.count))
        assert (anew.heads, anew.ends, anew.latest) == (tabu.state.heads, tabu.state.ends, tabu.state.latest)
    assert moved == 60


def test_the_six_by_six_is_solved_and_proven():
    found = solve_job_shop(read_instance(SIX_BY_SIX), seconds=2)
    assert (found.makespan, found.bound) == (55, 55)
    assert schedule_faults(read_instance(SIX_BY_SIX), found) == []


@pytest.mark.parametrize("seed", range(6))
def test_tabu_search_never_closes_a_circle_and_beats_the_greedy_plan(seed):
    instance = read_instance(random_instance(seed, jobs=8 + seed, choice=1 + seed % 4))
    first = Tabu(instance, greedy(instance), seed)
    start = first.schedule(0)
    assert schedule_faults(instance, start) == []
    first.run(until=process_time() + 0.3, enough=lower_bound(instance))
    better = first.schedule(lower_bound(instance))
    assert schedule_faults(instance, better) == []
    assert better.makespan <= start.makespan
    solved = solve_from(instance, better, until=process_time() + 0.3, seed=1)
    assert schedule_faults(instance, solved) == []
    assert solved.bound <= solved.makespan <= better.makespan


def test_the_whole_search_takes_a_tenth_off_the_greedy_plan_within_its_seconds():
    greedy_sum = found_sum = 0
    for seed in range(3):
        instance = read_instance(random_instance(seed, jobs=15, machines=8, steps=8))
        greedy_sum += Tabu(instance, greedy(instance), 1).makespan
        found_sum += solve_job_shop(instance, seconds=0.6).makespan
    assert found_sum < 0.9 * greedy_sum


def test_a_large_instance_is_left_to_the_search_that_loads_no_solver():
    code = (
        "import sys; from cheyi.workshop.engine.job_shop import solve_job_shop;"
        "from cheyi.workshop.engine.job_shop_text import read_instance;"
        "found = solve_job_shop(read_instance(sys.stdin.read()), seconds=0.3);"
        "print(found.makespan > found.bound, 'ortools' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=random_instance(1, jobs=8, machines=8, steps=8, choice=1),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.split() == ["True", "False"]


def test_a_schedule_that_breaks_a_rule_is_found_out():
    instance = read_instance(TINY)
    assert schedule_faults(instance, Schedule((0, 3, 0), (1, 2, 2), 6, 5)) == ["machine 2 twice at once"]
    assert schedule_faults(instance, Schedule((0, 2, 5), (1, 2, 2), 11, 5)) == ["operation 1 before its turn"]
    assert schedule_faults(instance, Schedule((0, 3, 5), (2, 2, 2), 11, 5))[0] == "operation 0 on machine 2"
    assert schedule_faults(instance, Schedule((0, 3, 5), (1, 2, 2), 9, 5)) == ["the makespan is not the last end"]


def test_the_bench_prints_makespan_and_bound(tmp_path):
    path = tmp_path / "tiny.fjs"
    path.write_text(TINY)
    result = run(path, 1)
    assert result == BenchResult("tiny", 2, 3, 2, 7, 7, result.cpu_seconds)
    assert bench_dispatch(path, 1)[:6] == (
        "instance tiny",
        "jobs 2 operations 3 machines 2",
        "makespan 7",
        "bound 7",
        "gap 0.00 %",
        "feasible yes",
    )


def test_a_missing_file_and_no_time_are_refused(tmp_path):
    with pytest.raises(Refused) as missing:
        run(tmp_path / "none.fjs", 1)
    assert missing.value.code == "workshop.bench.no_file"
    for seconds in (0.0, -1.0, float("nan"), float("inf"), 3601.0):
        with pytest.raises(Refused) as timeless:
            solve_job_shop(read_instance(TINY), seconds=seconds)
        assert timeless.value.code == "workshop.bench.no_time"


def test_an_instance_without_operations_is_done_at_once():
    assert solve_job_shop(Instance(()), seconds=1) == Schedule((), (), 0, 0)
