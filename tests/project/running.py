"""The real program in processes of its own, for the tests that start or kill it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

CHEYI = [sys.executable, "-m", "cheyi.project.cli"]
PATIENCE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(directory, **more):
    """The tests' own settings stay outside: this is the program as a shop starts it."""
    mine = {"PYTEST_VERSION", "TEST_DATABASE_URL", "PYTEST_CURRENT_TEST"}
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    return {**kept, "CHEYI_DATA": str(directory), "CHEYI_LANGUAGE": "en", **more}


def stat_of(pid):
    """State, parent and session of a process."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ("", "0", "")
    return fields[0], fields[1], fields[3]


class Server:
    """A started ``cheyi up``."""

    def __init__(self, directory, more):
        self.port = free_port()
        self.directory = directory
        self.log = directory.parent / f"{directory.name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*CHEYI, "up", "--port", str(self.port)],
                env=environment(directory, **more),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self):
        self.wait_until(lambda: self.get("/healthz")[0] == 200)
        return self

    @property
    def said(self):
        return self.log.read_text()

    def wait_until(self, condition, *, pause=0.1):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(pause)

    def get(self, path, opener=None, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        try:
            with (opener or urllib.request.build_opener()).open(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers
        except (urllib.error.URLError, OSError):
            return 0, "", {}

    def call(self, path, body, *, token, key):
        """Post to the API; the status is 0 when no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
            connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def family(self):
        """The processes of this server that are alive, from /proc."""
        known = {int(entry.name): stat_of(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
        return [pid for pid, (state, _, session) in known.items() if session == str(self.process.pid) and state != "Z"]

    def children(self, parent):
        return [pid for pid in self.family() if int(stat_of(pid)[1]) == parent]

    def worker(self):
        """The process that holds the newest worker's file."""
        files = sorted((self.directory / "workers").glob("*.lock"), key=lambda file: file.stat().st_mtime)
        return int(files[-1].stem.split("-")[1]) if files else 0

    def end(self):
        self.process.terminate()
        self.process.wait(30)

    def kill(self):
        """All of it, at once."""
        for pid in self.family():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(30)
