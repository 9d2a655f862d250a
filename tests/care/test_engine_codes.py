"""Every reason that the engine can give is listed with its facts and has its sentence; the engine stays light."""

import ast
import subprocess
import sys
from pathlib import Path

from django.utils.translation import override

from cheyi.care import saying
from cheyi.care.engine import codes
from cheyi.kernel import Quantity, Rate, Reason

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
    assert len(found) > 50
    wrong = [(code, names) for code, names in found if set(codes.REASONS.get(code, ("?",))) != names]
    assert wrong == []


def test_every_listed_reason_is_given_somewhere():
    written = {code for code, _ in given_in_source()}
    through_variables = {"above_next", "below_next", *codes.MEANT}
    assert set(codes.REASONS) - written <= through_variables


def test_every_reason_has_its_sentence_in_both_languages():
    assert saying.REASONS.keys() == codes.REASONS.keys()
    for code, names in codes.REASONS.items():
        facts = dict.fromkeys(names, 3)
        with override("en"):
            english = saying.reason(Reason(code, **facts))
        with override("zh-hans"):
            chinese = saying.reason(Reason(code, **facts))
        assert english != chinese
        assert "%(" not in english + chinese


def test_facts_are_readable():
    with override("en"):
        one = Reason("blended", year=Quantity.of("70.04"), life=Quantity.of(50), share=Rate(5095))
        assert saying.reason(one) == "70.0 km a day last year, 50.0 all its life"
        falls = Reason("negative", km=-1)
        assert saying.reasons([falls, Reason("drawn_to_group", km=Quantity.of(30), cars=1200, share=Rate(900))]) == (
            "less than 0 km，drawn towards the 30.0 km a day of its model by 9%"
        )


def test_the_engine_loads_neither_numpy_nor_django_and_its_batch_part_only_numpy():
    modules = [f"cheyi.care.engine.{path.stem}" for path in ENGINE.glob("*.py") if path.stem != "__init__"]
    script = (
        f"import sys, importlib; [importlib.import_module(name) for name in {modules!r}]\n"
        "print('numpy' in sys.modules, 'django' in sys.modules, end=' ')\n"
        "import cheyi.care.engine.many.rfm, cheyi.care.engine.many.drift\n"
        "print('numpy' in sys.modules, 'django' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout == "False False True False\n"
