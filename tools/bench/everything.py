"""All tables of docs/performance.md and docs/engines in one run: ``make bench``.

python tools/bench/everything.py           a group of 30,000 cars, few seeds: about fifteen minutes
python tools/bench/everything.py --full    300,000 cars, all seeds: over an hour

The chain is measured on SQLite, and on PostgreSQL too when TEST_DATABASE_URL is set.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "var" / "bench"
CHEYI = [sys.executable, "-m", "cheyi.project.cli"]
ENGINES = {
    "guards": ([], []),
    "dispatch": ([], ["--seeds", "20", "--days", "500", "--sizes", "8x40,15x75,20x90"]),
    "parts": ([], ["--full"]),
    "duplicates": (["--quick"], []),
    "parts_store": ([], ["--seeds", "5"]),
    "guard": ([], ["--seeds", "3"]),
    "care": ([], ["--seeds", "10", "--cars", "3000"]),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="everything at its full size")
    full = parser.parse_args().full
    missed = 0
    for engine, address in _databases().items():
        missed += _chain(engine, address, cars=300_000 if full else 30_000, full=full)
    for name, (few, all_) in ENGINES.items():
        print(f"\n## {name}\n", flush=True)
        missed += _run(name, *(all_ if full else few)) != 0
    return 1 if missed else 0


def _databases() -> dict[str, str]:
    address = os.environ.get("TEST_DATABASE_URL", "")
    return {"SQLite": ""} | ({"PostgreSQL": f"{address}_bench"} if address else {})


def _chain(engine: str, address: str, *, cars: int, full: bool) -> int:
    """A fresh demo, the chain on it, then the search box over a large group; how many of them failed."""
    directory = DATA / engine.lower()
    shutil.rmtree(directory, ignore_errors=True)
    if address:
        name = address.rsplit("/", 1)[1]
        subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)
        subprocess.run(["createdb", name], check=True)
    place = {"CHEYI_DATA": str(directory), "DATABASE_URL": address}
    subprocess.run([*CHEYI, "demo", "--full", "--midday"], env={**os.environ, **place}, cwd=ROOT, check=True)
    print(f"\n## The chain on {engine}\n", flush=True)
    failed = _run("chain", **place) != 0
    failed += _run("desks", **place) != 0
    failed += _run("bulk", **place) != 0
    print(f"\n## The search box on {engine}\n", flush=True)
    failed += _run("search", "--cars", str(cars), "--parts", str(cars // 3), **place) != 0
    print(f"\n## The desk on {engine}\n", flush=True)
    failed += _run("desk", "--customers", str(1_000_000 if full else 100_000), **place) != 0
    return failed


def _run(table: str, *arguments: str, **more: str) -> int:
    words = [sys.executable, "-m", f"tools.bench.{table}", *arguments]
    return subprocess.run(words, env={**os.environ, **more}, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
