"""The real program from an empty directory: set-up link, doors shut until then, nothing left when it is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.project.databases import drop_own_database, own_address, own_database
from tests.project.running import CHEYI, PATIENCE, Server, environment, free_port

pytestmark = [pytest.mark.race, pytest.mark.django_db]


@pytest.fixture
def start(tmp_path):
    servers = []
    database = own_database("_up")

    def begin(name="data"):
        servers.append(Server(tmp_path / name, database))
        return servers[-1].wait()

    yield begin
    for server in servers:
        server.kill()
    drop_own_database("_up")


FORM = {
    "group": "恒远汽车",
    "legal_entity": "",
    "store": "恒远滨江店",
    "code": "hz01",
    "kind": "garage",
    "person": "王建国",
    "name": "wangjg",
    "password": "correct horse battery",
}


def another_browser():
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def token_in(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)


def test_an_empty_directory_is_set_up_once_by_the_link_and_by_nothing_else(start, tmp_path):
    first = start()
    old = re.search(r"/set-up/\S+", first.said).group(0)
    first.end()
    server = start()
    directory = tmp_path / "data"
    assert directory.stat().st_mode & 0o777 == 0o700
    for key in ("secret.key", "master.key", "index.key"):
        assert (directory / "keys" / key).stat().st_mode & 0o777 == 0o600
    for path in ("/", "/sign-in", "/search?q=x", "/api/v1/openapi.json", "/no-such"):
        assert server.get(path)[0] == 503
    link = re.search(r"/set-up/\S+", server.said).group(0)
    assert len(link.removeprefix("/set-up/")) >= 43
    assert old != link
    assert [server.get(path)[0] for path in (old, "/set-up/" + "x" * 43)] == [410, 410]
    assert link.removeprefix("/set-up/") not in "".join(
        file.read_bytes().decode("latin-1") for file in directory.glob("cheyi.sqlite3*")
    )

    browser = another_browser()
    status, page, _ = server.get(link, browser)
    assert status == 200
    tokens = {"csrfmiddlewaretoken": token_in(page)}
    status, page, _ = server.get(link, browser, {**FORM, **tokens, "password": "恒远滨江店恒远滨江店"})
    assert status == 422
    status, page, _ = server.get(link, browser, {**FORM, **tokens, "code": "?"})
    assert status == 422
    status, page, _ = server.get(link, browser, {**FORM, **tokens})
    assert (status, "王建国" in page, 'name="password"' in page) == (200, True, False)
    assert server.get(link)[0] == 410
    assert "王建国" in server.get("/account", browser)[1]

    later = another_browser()
    status, page, _ = server.get("/sign-in", later)
    assert status == 200
    sign_in = {"csrfmiddlewaretoken": token_in(page), "name": "wangjg", "password": FORM["password"]}
    assert server.get("/sign-in", later, sign_in)[0] == 200
    status, page, headers = server.get("/account", later)
    assert status == 200
    assert "恒远滨江店" in page
    assert headers["Cache-Control"] == "no-store"
    assert "Cheyi is running" in server.said
    checked = subprocess.run(
        [*CHEYI, "doctor"],
        env=environment(directory, **own_address("_up")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 here" in checked.stdout


def check_static_files(server):
    """Hashed names, compressed, kept for a year; nothing beside them."""
    page = server.get(re.search(r"/set-up/\S+", server.said).group(0))[1]
    sheet = re.search(r'href="(/static/cheyi/css/tokens\.[0-9a-f]{12}\.css)"', page).group(1)
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{sheet}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert server.get("/static/cheyi/css/no-such.css")[0] == 404
    assert server.get("/static/../keys/secret.key")[0] in {404, 503}


def test_whichever_process_is_killed_comes_back_and_a_killed_server_leaves_nothing_behind(start, tmp_path):
    server = start()
    check_static_files(server)
    main = server.process.pid
    server.wait_until(lambda: server.worker() in server.family())
    worker = server.worker()
    (parent_of_web,) = set(server.children(main)) - {worker}
    (web,) = server.children(parent_of_web)
    for victim in (worker, web, parent_of_web):
        os.kill(victim, signal.SIGKILL)
        server.wait_until(lambda victim=victim: victim not in server.family() and len(server.family()) == 4)
        server.wait_until(lambda: server.get("/healthz")[0] == 200)
    os.kill(main, signal.SIGKILL)
    server.process.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while server.family():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_directory_that_others_may_read_stops_the_start(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir(mode=0o755)
    ended = subprocess.run(
        [*CHEYI, "up", "--port", str(free_port())],
        env=environment(directory),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Nothing was started: ")
    assert "may be read by others" in ended.stderr
    assert "chmod" in ended.stderr
