"""The search is the same in every process, dies alone, and never comes near the web."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cheyi.workshop.engine import job_shop_solver, solver
from cheyi.workshop.engine.apart import Improver
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.sequence import Limits
from tests.project.running import environment
from tests.simulators.shops import random_shop

ROOT = Path(__file__).parents[2]
ENDLESS = Limits(placements=8_000, rounds=100, size=200, effort=1e9, seconds=600)


def run(code, **more):
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **more}
    )
    return ran.stdout.split()


@pytest.mark.race
def test_a_child_that_is_killed_in_the_middle_of_its_search_leaves_the_rules_plan():
    made = random_shop(7, orders=40, people=5)
    with Improver(patience=120) as improver:

        def kill():
            while improver._child is None:
                time.sleep(0.01)
            time.sleep(2)
            os.kill(improver._child.pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        told = improver.improve(made, limits=ENDLESS)
        killer.join()
        assert (told.worthwhile, told.plan, told.rule) == (False, plan_by_rule(made), plan_by_rule(made))
        assert improver._child is None


def test_rule_search_and_solver_answer_alike_however_python_shuffles_its_sets():
    code = (
        "from cheyi.workshop.engine.improve import improve; from cheyi.workshop.engine.sequence import Limits;"
        "from cheyi.workshop.engine.risk import at_risk; from tests.simulators.shops import random_shop;"
        "from hashlib import sha256; made = random_shop(4, orders=16, people=5);"
        "told = improve(made, limits=Limits(placements=8_000, rounds=2, size=9, effort=0.02));"
        "print(told.worthwhile, sha256(repr((told, at_risk(made, told.plan))).encode()).hexdigest())"
    )
    first, second, third = (run(code, PYTHONHASHSEED=seed) for seed in ("0", "1", "12345"))
    assert first[0] == "True"
    assert first == second == third


def test_the_web_loads_neither_solver_nor_numpy_when_it_starts(tmp_path):
    code = (
        "import sys; import cheyi.project.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        "print('cheyi.workshop.pages' in sys.modules, *({'ortools', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    assert run(code, **environment(tmp_path / "none")) == ["True"]


def test_repair_hint_is_never_set_because_it_aborts_the_process():
    for made in (solver.set_up(Limits()), job_shop_solver.set_up(1)):
        assert made.parameters.repair_hint is False
    assert solver.set_up(Limits()).parameters.num_workers == 1
