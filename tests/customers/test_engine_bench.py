"""Linking table files as the command does: columns, keys that never tell, what is refused, and what is written."""

import csv
import io
import random
import subprocess
import sys

import pytest

from cheyi.customers.engine.bench import run, run_rows
from cheyi.kernel import Refused
from tests.simulators import linkage_sets


def save(path, rows, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def files(tmp_path):
    first, second = linkage_sets.two_files(200, seed=31)
    left = save(
        tmp_path / "a.csv", [{"rec_id": f"a{t}", **row} for row, t in zip(first.rows, first.truth, strict=True)]
    )
    right = save(
        tmp_path / "b.csv", [{"rec_id": f"b{t}", **row} for row, t in zip(second.rows, second.truth, strict=True)]
    )
    return left, right


def test_two_files_are_linked_by_the_named_columns(files):
    result = run(*files, linkage_sets.COLUMNS)
    assert (result.records, result.against) == (200, 200)
    right = [pair for pair in result.pairs if pair[0][1:] == pair[1][1:]]
    assert len(right) >= 199
    assert len(result.pairs) - len(right) <= 1
    assert "200 records against 200" in result.summary()


def test_without_columns_all_but_the_key_are_used(files):
    result = run(*files)
    assert [name for name, _ in result.columns] == list(linkage_sets.COLUMNS)
    assert dict(result.columns)["date_of_birth"] == "date"


def test_the_pairs_are_written_with_scores(files):
    result = run(*files, linkage_sets.COLUMNS)
    stream = io.StringIO()
    result.write(stream)
    written = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert len(written) == len(result.pairs)
    assert written[0]["answer"] == "same"
    assert float(written[0]["probability"]) > 0.5
    assert "surname:" in written[0]["alike"]
    everything = io.StringIO()
    result.write(everything, maybe=True)
    assert everything.getvalue().startswith(stream.getvalue())


def test_records_without_a_key_are_numbered_and_kinds_may_be_given():
    rows = [{"n": "钱小满", "p": "19904713852"}, {"n": "李丽", "p": "19918265937"}, {"n": "钱小满", "p": "19904713852"}]
    result = run_rows(rows, None, ["n:person", "p:phone"])
    assert [pair[:2] for pair in result.pairs] == [("1", "3")]


def refused(code, **facts):
    """Expect this refusal with these facts among others."""
    return pytest.raises(
        Refused, check=lambda one: one.code == f"customers.bench.{code}" and facts.items() <= one.facts.items()
    )


def test_columns_of_other_names_are_linked_as_pairs_of_names():
    first = [{"姓名": "钱小满", "电话": "19904713852"}, {"姓名": "李丽", "电话": "19918265937"}]
    second = [{"客户": "李丽", "手机": "199 1826 5937"}, {"客户": "周文静", "手机": "19907345128"}]
    result = run_rows(first, second, ["姓名=客户", "电话=手机:phone"])
    assert [pair[:2] for pair in result.pairs] == [("2", "1")]
    assert result.columns == (("姓名", "person"), ("电话", "phone"))


@pytest.mark.parametrize(
    ("first", "second", "columns", "code", "facts"),
    [
        ([{"n": "x"}], None, ["m"], "unknown_column", {"column": "m", "file": 1, "known": "n"}),
        ([{"n": "x"}], [{"m": "x"}], ["n"], "unknown_column", {"column": "n", "file": 2, "known": "m"}),
        ([{"n": "x"}], [{"m": "x"}], ["n=k"], "unknown_column", {"column": "k", "file": 2, "known": "m"}),
        ([{"n": "x"}], [{"m": "x"}], [], "no_common_column", {"first": "n", "second": "m"}),
        ([{"n": "x"}], None, ["n:horse"], "unknown_kind", {"column": "n", "kind": "horse"}),
        ([{"n": "", "m": "x"}] * 2, None, ["n"], "nothing_filled", {"columns": "n"}),
    ],
)
def test_what_cannot_be_linked_is_refused_with_its_name(first, second, columns, code, facts):
    with refused(code, **facts):
        run_rows(first, second, columns)


def test_a_key_must_name_every_record_and_is_never_compared():
    rows = [{"rec": "a", "n": "x"}, {"rec": "a", "n": "y"}]
    with refused("key_not_unique", column="rec", file=1):
        run_rows(rows, None, ["n"], key="rec")
    with refused("unknown_column", column="no", file=1, known="rec, n"):
        run_rows(rows, None, ["n"], key="no")
    with refused("key_compared", column="n"):
        run_rows([{"n": "x"}, {"n": "y"}], None, ["n"], key="n")


def test_an_empty_table_and_a_single_record_have_no_pairs():
    assert run_rows([], None, ["n"]).pairs == ()
    assert run_rows([], [{"n": "x"}], ["n"]).pairs == ()
    assert run_rows([{"n": "x"}], [], ["n"]).pairs == ()
    assert run_rows([{"n": "x"}], None, ["n"]).summary().splitlines()[0] == "1 records"


def named(register, keys, dice):
    """The pairs that are found among a register's rows, in any order, under keys of this form."""
    names = [keys.format(entity=entity, place=place, half=place // 2) for place, entity in enumerate(register.truth)]
    rows = [{"rec_id": name, **row} for name, row in zip(names, register.rows, strict=True)]
    dice.shuffle(rows)
    return {frozenset((names.index(a), names.index(b))) for a, b, _ in run_rows(rows).pairs}


def test_neither_the_names_of_the_records_nor_their_order_change_an_answer():
    register = linkage_sets.one_file(250, seed=61)
    telling = named(register, "rec-{entity}-dup-{place}", random.Random(1))
    misleading = named(register, "rec-{half}-dup-{place}", random.Random(2))
    mute = named(register, "{place}", random.Random(3))
    assert len(telling) > 100
    assert telling == misleading == mute


@pytest.mark.parametrize("name", ["电话", "phone"])
def test_a_column_that_tells_who_somebody_is_is_no_key_though_no_cell_stands_twice(name):
    first = [
        {name: "19904713852", "n": "钱小满"},
        {name: "19918265937", "n": "李丽"},
        {name: "19907345128", "n": "周文"},
    ]
    second = [{name: "199-0471-3852", "n": "钱小满"}, {name: "13918265931", "n": "孙大伟"}]
    result = run_rows(first, second)
    assert dict(result.columns) == {name: "phone", "n": "person"}
    assert [pair[:2] for pair in result.pairs] == [("1", "1")]


def test_running_numbers_are_a_key_by_their_make_alone():
    rows = [
        {"n": f"{word} {word}", "which": f"R-{place:03}-x"} for place, word in enumerate(("mia", "bob", "mia", "eve"))
    ]
    result = run_rows(rows)
    assert [name for name, _ in result.columns] == ["n"]
    assert result.named(result.linked.same[0] if result.linked.same else result.linked.maybe[0]) == (
        "R-000-x",
        "R-002-x",
    )


def test_nothing_of_it_is_imported_when_the_web_process_starts():
    script = (
        "import sys;"
        "from cheyi.customers.engine import bench, credit_codes, marks, merging, points;"
        "from cheyi.parts.engine import guard;"
        "print(sorted({'numpy', 'django', 'pypinyin'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
