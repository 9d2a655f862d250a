"""Every reason that the stock engine can give is listed with its facts and has its sentence; the engine stays light."""

import ast
import subprocess
import sys
from datetime import date
from pathlib import Path

from django.utils.translation import override

from cheyi.kernel import Money, Quantity, Rate, Reason
from cheyi.parts import saying_stock
from cheyi.parts.engine import codes

ENGINE = Path(codes.__file__).parent


def given_in_source():
    """(code, names of its facts) of every reason that is written out in the engine."""
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name == "Reason" and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, {word.arg for word in node.keywords}


def test_every_reason_in_the_source_is_listed_with_its_facts():
    found = list(given_in_source())
    assert len(found) > 30
    wrong = [(code, names) for code, names in found if set(codes.REASONS.get(code, ("?",))) != names]
    assert wrong == []


def test_every_listed_reason_is_given_somewhere():
    assert set(codes.REASONS) - {code for code, _ in given_in_source()} == set()


def test_every_reason_has_its_sentence_in_both_languages():
    assert saying_stock.REASONS.keys() == codes.REASONS.keys()
    for code, names in codes.REASONS.items():
        facts = dict.fromkeys(names, 3)
        with override("en"):
            english = saying_stock.reason(Reason(code, **facts))
        with override("zh-hans"):
            chinese = saying_stock.reason(Reason(code, **facts))
        assert english != chinese
        assert "%(" not in english + chinese


def test_facts_are_readable():
    moved = Reason(
        "moved_instead_of_bought",
        giver="West",
        quantity=Quantity.of("2.5"),
        minutes=1200,
        saved=Money.yuan("12345.5"),
    )
    with override("en"):
        assert saying_stock.reason(moved) == "2.5 from West, 1,200 minutes away, saves ¥12,345.50 against buying"
        late = Reason("return_until", days=20, fee=Rate(1500))
        future = Reason("outbound_in_the_future", on=date(2026, 6, 1))
        assert saying_stock.reasons([late, future]) == (
            "the supplier takes it back for 20 more days at a fee of 15%，handed out on 2026-06-01, which is after today"
        )


def test_the_engine_loads_neither_django_nor_a_solver():
    light = ("codes", "supersession", "history", "leadtimes", "classes", "pooling", "slow")
    modules = [f"cheyi.parts.engine.{name}" for name in light]
    script = (
        f"import sys, importlib; [importlib.import_module(name) for name in {modules!r}]\n"
        "print(*(name in sys.modules for name in ('numpy', 'django', 'ortools')))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout == "False False False\n"


def test_a_plan_is_the_same_in_every_process():
    script = (
        "from cheyi.kernel import Money, Quantity\n"
        "from cheyi.parts.engine.pooling import Price, Shelf, Wanted, Way, plan\n"
        "q = lambda n: Quantity(1000 * n)\n"
        "stores = range(6)\n"
        "print(plan([Wanted(s, p, q(1 + s)) for s in (0, 1) for p in range(9)],\n"
        "  [Shelf(s, p, q(2 + (s * p) % 3), q(1)) for s in (2, 3, 4, 5) for p in range(9)],\n"
        "  [Price(p, Money(1000)) for p in range(9)],\n"
        "  [Way(g, t, 30, Money(100)) for g in stores for t in stores if g != t]))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ENGINE.parents[2])},
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(answers) == 1
    assert next(iter(answers)).count("Transfer(") > 9
