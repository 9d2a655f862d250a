"""``cheyi bench``: the engines on files that anybody can bring."""

from __future__ import annotations

import csv
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cheyi.project import cli
from tests.project.running import CHEYI, environment

SHOP = "2 2 1\n2 1 1 3 1 2 2\n1 2 1 2 2 3\n"
PEOPLE = "no,name,phone,car\n1,王建国,13800138000,浙A80001\n2,王建国,+86 138-0013-8000,浙a·80001\n3,李明,13900001111,浙A80002\n"


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")

    def call(*given):
        capsys.readouterr()
        code = cli.main(["bench", *(str(one) for one in given)])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err.strip()

    return call


def test_a_job_shop_is_planned_and_its_makespan_printed(run, tmp_path):
    instance = tmp_path / "two.fjs"
    instance.write_text(SHOP)
    code, said, _ = run("dispatch", "--instance", instance, "--seconds", "0.5")
    assert code == 0
    assert said[:4] == ["instance two", "jobs 2 operations 3 machines 2", "makespan 5", "bound 5"]


def test_records_of_one_person_are_paired_with_a_score(run, tmp_path):
    records, out = tmp_path / "people.csv", tmp_path / "pairs.csv"
    records.write_text(PEOPLE, encoding="utf-8")
    given = ["duplicates", "--records", records, "--columns", "name,phone", "car", "--key", "no", "--out", out]
    code, _, told = run(*given, "--maybe")
    assert code == 0
    assert told.startswith("3 records")
    pairs = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row["record"], row["against"]) for row in pairs] == [("1", "2")]


def test_demand_by_month_is_forecast_and_compared_with_the_classic_methods(run, tmp_path):
    series = tmp_path / "demand.csv"
    months = ",".join(f"2024-{month:02}" for month in range(1, 13))
    rows = [f"P{part},{','.join(str((part * month) % 5) for month in range(12))}" for part in range(1, 9)]
    series.write_text("\n".join([f"part,{months}", *rows]), encoding="utf-8")
    code, said, _ = run("parts", "--series", series)
    assert code == 0
    assert said[0] == "parts 8 months 12 (wide, without prices)"
    assert "quantile loss 0.9 and 0.95, 3 months ahead" in said
    assert "pieces in stock for 95% line fill" in said


@pytest.mark.parametrize(
    "given",
    [
        ("dispatch", "--instance", "nowhere.fjs"),
        ("parts", "--series", "nowhere.csv"),
        ("duplicates", "--records", "nowhere.csv"),
    ],
)
def test_a_file_that_is_not_there_is_named(run, given):
    code, said, told = run(*given)
    assert (code, said) == (1, [])
    assert "nowhere" in told


@pytest.mark.race
def test_measuring_needs_no_installation(tmp_path):
    instance = tmp_path / "two.fjs"
    instance.write_text(SHOP)
    answer = subprocess.run(
        [*CHEYI, "bench", "dispatch", "--instance", str(instance), "--seconds", "0.5"],
        env=environment(tmp_path / "none"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "makespan 5" in answer.stdout
    assert not (tmp_path / "none").exists()


@pytest.mark.race
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_bench_that_is_stopped_takes_its_server_with_it(tmp_path, sign):
    code = "import time; from tools.bench.search import _running\nwith _running() as port: print(port, flush=True); time.sleep(90)"
    bench = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(tmp_path / "data"),
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with bench:
        port = int(bench.stdout.readline())
        assert not closed(port)
        bench.send_signal(sign)
        bench.wait(60)
    assert closed(port)


def closed(port) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
