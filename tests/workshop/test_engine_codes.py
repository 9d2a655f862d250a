"""Every reason that the engine can give is in the list from which the sentences are written."""

import ast
from pathlib import Path

from cheyi.workshop import saying
from cheyi.workshop.engine import codes
from cheyi.workshop.engine.improve import improve
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.risk import at_risk
from cheyi.workshop.engine.sequence import Limits
from cheyi.workshop.engine.suggest import rank
from tests.simulators.shops import random_shop, with_running

ENGINE = Path(codes.__file__).parent


def given_in_source():
    """(code, names of its facts) of every reason or remedy that is written out in the engine."""
    for path in sorted(ENGINE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name in {"Reason", "remedy"} and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, {word.arg for word in node.keywords}


def test_every_reason_in_the_source_is_listed_with_its_facts():
    found = dict(given_in_source())
    assert len(found) > 40
    missing = {code: names for code, names in found.items() if not set(codes.REASONS.get(code, ("?",))) <= names}
    assert missing == {}


def test_every_reason_has_words_but_the_cushion_that_the_time_itself_shows():
    spoken = {*saying.REASONS, *saying.REMEDIES, *saying.SLOTS}
    assert codes.REASONS.keys() - spoken == {"cushion"}


def test_what_the_engine_says_of_busy_shops_comes_from_the_list():
    said = {}
    for seed in range(12):
        shop = with_running(random_shop(seed, orders=25, people=5))
        plan = plan_by_rule(shop)
        better = improve(shop, published=plan, limits=Limits(placements=5_000, rounds=0, effort=0.01)).plan
        told = [one.reason for one in plan.unplanned]
        told += [reason for one in (*plan.assignments, *better.assignments) for reason in one.reasons]
        told += [reason for one in rank(shop, shop.tasks[0], plan=plan) for reason in one.reasons]
        told += [one.what for risk in at_risk(shop, plan) for one in risk.remedies]
        said.update({reason.code: reason for reason in told})
    assert said.keys() <= codes.REASONS.keys()
    assert all(set(codes.REASONS[code]) <= set(reason.facts) for code, reason in said.items())
    assert len(said) > 20
