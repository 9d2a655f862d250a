"""The whole test suite: every engine and the browser, with one line each at the end that says what ran and what did not.

``--strict`` counts a missing PostgreSQL or Chromium and every skipped test as a failure (.ci/run).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.chromium import CHROMIUM

LAST_LINE = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")


@dataclass
class Part:
    """One run of pytest."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    code: int = 0
    words: str = ""
    seconds: float = 0.0

    @property
    def skipped(self) -> int:
        return sum(int(count) for count, what in LAST_LINE.findall(self.words) if what in ("skipped", "xfailed"))

    def run(self) -> None:
        print(f"\n=== {self.name}: pytest {' '.join(self.arguments)}", flush=True)
        started = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", "pytest", *self.arguments],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert child.stdout is not None
        for line in child.stdout:
            print(line, end="", flush=True)
            if LAST_LINE.search(line) and " in " in line:
                self.words = line.strip("= \n")
        self.code = child.wait()
        self.seconds = time.monotonic() - started


def parts(jobs: int, chromium: bool, address: str) -> list[Part]:
    # Each process has databases, directories and programs of its own; one that has done its share takes of the others'.
    side = ["-q", "-n", str(jobs), "--dist", "worksteal"] if jobs > 1 else ["-q"]
    engines = {"SQLite": ""} | ({"PostgreSQL": address} if address else {})
    made = []
    for name, url in engines.items():
        environment = {"TEST_DATABASE_URL": url}
        made.append(Part(name, [*side, "-m", "not race and not browser"], environment))
        made.append(Part(f"{name}, races", [*side, "-m", "race and not browser"], environment))
        if chromium:  # the shell's own pages know no database: once is enough
            where = [] if name == "SQLite" else ["tests/browser"]
            made.append(Part(f"{name}, browser", [*side, "-m", "browser", *where], environment))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strict", action="store_true", help="missing engines, browser and skipped tests are failures")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="test processes side by side")
    options = parser.parse_args()
    address = os.environ.get("TEST_DATABASE_URL", "")
    chromium = CHROMIUM is not None
    missing = [*([] if address else ["PostgreSQL (TEST_DATABASE_URL)"]), *([] if chromium else ["browser (Chromium)"])]
    run = parts(options.jobs, chromium, address)
    for part in run:
        part.run()
    print("\n=== what ran")
    for part in run:
        print(f"{'ok  ' if part.code == 0 else 'FAIL'} {part.name:<22}{part.words} ({part.seconds:.0f} s)")
    for each in missing:
        print(f"NOT RUN: {each}")
    failed = [part for part in run if part.code != 0 or (options.strict and part.skipped)]
    return 1 if failed or (options.strict and missing) else 0


if __name__ == "__main__":
    sys.exit(main())
