"""A small site of the shell's own pages on a loopback port, with the product's security policy, that keeps what it was sent."""

from __future__ import annotations

import json
import mimetypes
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, expect

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.pages.navigation import Entry
from cheyi.foundation.searching import HitGroup, SearchHit
from cheyi.foundation.ui.icons import VENDOR
from cheyi.foundation.web.security import POLICY

STATIC = VENDOR.parent.parent
UNDO = "22222222-2222-4222-8222-222222222222"
VIEWER = Viewer(
    user_id=1,
    employee_id=1,
    name="陈雨桐",
    group_id=1,
    legal_entity_id=1,
    store_id=1,
    roles=frozenset({"advisor"}),
    stores=((1, "滨江店"), (2, "西湖店")),
)
QUIET = Viewer(**{name: getattr(VIEWER, name) for name in VIEWER.__slots__} | {"single_keys": False})
NAV = [
    Entry(key, label, icon, "", "", frozenset(), url=f"/went/{key}", current=key == "R")
    for key, label, icon in (("R", "接车", "car"), ("O", "工单", "clipboard-plus"))
]

HEAD = """{% extends "ui/shell.html" %}{% from "ui/macros.html" import button, field, text_field, choice, plate %}"""
PAGES = {
    "keys": HEAD
    + """{% block main %}{{ button("开单", key="N", attrs={"id": "new"}) }}{{ button("全收", key="Shift+A", attrs={"id": "all"}) }}
    {{ button("收款", primary=true, attrs={"id": "main-act"}) }}{{ choice("way", "cash", "现金", key="2") }}
    <input id="free" aria-label="备注" data-key="I"><ul>{% for n in (1, 2, 3) %}<li data-row id="row-{{ n }}" tabindex="-1">
    <button id="open-{{ n }}" data-open-row>看 {{ n }}</button></li>{% endfor %}</ul>{% endblock %}""",
    "form": HEAD
    + """{% block main %}<div id="out"></div><form id="form" method="post" action="/plain" hx-post="/form{{ where }}" hx-target="#out"
    data-draft="one">{{ form_tokens(request) }}{{ field("name", "姓名", "") }}{{ field("mileage", "里程", "48210") }}
    <div data-sealed>{{ field("id_no", "证件号") }}</div>{{ text_field("words", "原话") }}{{ button("存", type="submit", primary=true) }}</form>
    <button id="bare" hx-post="/form" hx-target="#out">直接</button>
    <i id="eval" hx-on:click="window.evaluated = true">x</i>{% endblock %}""",
    "secret": HEAD
    + """{% from "ui/macros.html" import new_password_field %}{% block main %}<div id="out"></div><form id="form" method="post"
    action="/form" hx-post="/form" hx-target="#out" data-sealed>{{ form_tokens(request) }}{{ new_password_field("password", "新密码") }}
    {{ button("存", type="submit") }}</form>{% endblock %}
    {% block scripts %}<script type="module" src="{{ static("cheyi/js/password.js") }}"></script>{% endblock %}""",
    "plain": HEAD
    + """{% block main %}<form id="form" method="post" action="/slow" data-draft="two">{{ form_tokens(request) }}{{ field("name", "姓名", "") }}
    {{ button("存", type="submit") }}</form>{% endblock %}""",
    "language": HEAD
    + """{% block main %}<form id="form" method="post" action="/plain" data-draft="three">{{ field("name", "姓名", where) }}
    {{ field("password", "密码", type="password") }}{{ button("存", type="submit") }}</form>
    <form id="language" method="post" action="/language" data-keep-drafts><button>English</button></form>{% endblock %}""",
    "poll": HEAD
    + """{% block main %}<div id="poll" hx-get="/poll" hx-trigger="every 150ms" hx-swap="outerMorph" data-poll>first</div>{% endblock %}""",
    "photo": HEAD
    + """{% block main %}<form id="form" method="post" enctype="multipart/form-data" hx-post="/photo" hx-target="#out" hx-encoding="multipart/form-data">
    {{ form_tokens(request) }}<input type="file" name="photo" id="photo" accept="image/*" data-photo data-submit></form><div id="out"></div>{% endblock %}
    {% block scripts %}<script type="module" src="{{ static("cheyi/js/photo.js") }}"></script>{% endblock %}""",
    "board": HEAD
    + """{% block styles %}<link rel="stylesheet" href="{{ static("cheyi/css/steps.css") }}"><link rel="stylesheet" href="{{ static("cheyi/css/board.css") }}">{% endblock %}
    {% block main %}<section class="card board slots-114 lead-6" id="board" data-board data-start="08:30">
    {% for lane, name in ((1, "赵磊"), (2, "刘洋")) %}<div class="board-row"><div class="board-who">{{ name }}</div>
    <div class="lane" data-lane="{{ lane }}" data-name="{{ name }}">{% if lane == 1 %}<button class="block run at-12 for-24" id="block" data-at="12"
    data-for="24" data-move="/move{{ where }}" data-places="/places"><b>{{ "浙AD83721"|plate }}</b></button>{% endif %}</div></div>{% endfor %}</section>{% endblock %}
    {% block scripts %}<script type="module" src="{{ static("cheyi/js/board.js") }}"></script>{% endblock %}""",
    "phone": """{% extends "ui/phone.html" %}{% from "ui/macros.html" import button, plate, tag %}{% block heading %}我的活{% endblock %}
    {% block main %}<section class="job-now"><div class="row">{{ plate("浙A31X5K", "lg") }}<span class="gap"></span>{{ tag("承诺 15:30") }}</div>
    <div class="row">{{ button("暂停", "player-pause") }}{{ button("完工", "check", tone="primary") }}</div></section>
    <div class="trio">{{ button("拍照追加", "camera") }}{{ button("领料", "package") }}{{ button("求助", "headset") }}</div>{% endblock %}""",
}
PLACES = """<div class="dialog-body"><button data-close id="place">刘洋 13:45</button><form method="post" hx-post="/move/refuse?"
hx-target="#board" hx-swap="innerMorph"><button type="submit" data-close id="refused-place">赵磊</button></form></div>"""


@dataclass
class Sent:
    """One POST as it arrived."""

    path: str
    form: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """The site while a test runs: what it was sent, and how it shall fail."""

    sent: list[Sent] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    cut: int = 0  # how many POSTs are still to be cut off without an answer
    version: int = 1

    def forget(self) -> None:
        """Begin anew."""
        self.sent, self.asked, self.tags, self.cut, self.version = [], [], [], 0, 1

    def start(self) -> str:
        """Serve on a free loopback port; gives the address."""
        site = self

        class Visit(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                answer(self, lambda: site.get(self.path, dict(self.headers)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer(self, lambda: site.post(self.path, dict(self.headers), body))

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        """Close the port."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def get(self, address: str, headers: dict[str, str]) -> tuple[int, str | bytes, dict[str, str]]:
        """Files, pages and the answers of the parts."""
        url = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
        if url.path.startswith("/static/"):
            file = STATIC / url.path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            return 200, file.read_bytes(), {"Content-Type": kind, "Cache-Control": "max-age=600"}
        if url.path == "/poll":
            return self.poll(headers.get("If-None-Match", ""))
        return 200, self.shown(url.path, asked, url.query), {}

    def shown(self, path: str, asked: dict[str, str], query: str) -> str:
        """Pages, hits, places; any other address says its name."""
        if path.startswith("/page/"):
            return page(path.removeprefix("/page/"), **asked)
        if path == "/search":
            self.asked.append(asked["q"])
            time.sleep(0.4 if asked["q"].startswith("slow") else 0)
            return search(asked["q"])
        if path == "/places":
            return PLACES
        return f"<!doctype html><title>{path}</title><p>{path} {query}"

    def poll(self, known: str) -> tuple[int, str, dict[str, str]]:
        """What changes, with its tag."""
        self.tags.append(known)
        tag = {"ETag": f'"{self.version}"'}
        if known == tag["ETag"]:
            return 304, "", tag
        inside = f'version {self.version} <input id="typed">'
        asks = 'id="poll" hx-get="/poll" hx-trigger="every 150ms" hx-swap="outerMorph" data-poll'
        return 200, f"<div {asks}>{inside}</div>", tag

    def post(self, address: str, headers: dict[str, str], body: bytes) -> tuple[int, str | bytes, dict[str, str]]:
        """Keep what came and answer as the address says."""
        plain = "multipart" not in headers.get("Content-Type", "")
        form = (
            {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
            if plain
            else {}
        )
        self.sent.append(Sent(address, form, headers, body))
        if self.cut:
            self.cut -= 1
            raise ConnectionAbortedError
        if "refuse" in address:
            named = address.partition("field=")[2]
            return 422, part("ui/_problem.html", message="里程比上次小", field=named), {}
        if "crash" in address:
            return 502, "<html>a proxy's page</html>", {}
        if "slow" in address:
            time.sleep(0.4)
        said = quote(json.dumps([{"text": "已开单", "undo": UNDO}], ensure_ascii=False), safe="")
        return 200, '<p id="done">saved</p>' if "move" not in address else page("board"), {"X-Toast": said}


def answer(visit: BaseHTTPRequestHandler, ask: Callable[[], tuple[int, str | bytes, dict[str, str]]]) -> None:
    """Send an answer under the product's policy, or cut the line."""
    try:
        status, body, headers = ask()
    except ConnectionAbortedError:
        visit.connection.shutdown(socket.SHUT_RDWR)
        return
    data = body.encode() if isinstance(body, str) else body
    visit.send_response(status)
    policy = {"Content-Security-Policy": POLICY.format(nonce=""), "Content-Type": "text/html; charset=utf-8"}
    policy |= {"Cache-Control": "no-store", "Content-Length": str(len(data))}
    for name, value in (policy | headers).items():
        visit.send_header(name, value)
    visit.end_headers()
    if status != 304:
        with suppress(BrokenPipeError):  # a search that was given up
            visit.wfile.write(data)


def context(**more: object) -> dict[str, object]:
    """What screen() passes."""
    request = RequestFactory().get("/")
    request.shown_toasts = []
    return {"request": request, "viewer": VIEWER, "store": None, "now": None, "csp_nonce": "", "nav": NAV, **more}


def page(name: str, *, where: str = "", keys: str = "on") -> str:
    """One of the pages above."""
    with translation.override("en"):
        viewer = VIEWER if keys == "on" else QUIET
        return engines["jinja2"].env.from_string(PAGES[name]).render(context(where=where, viewer=viewer))


def part(name: str, **more: object) -> str:
    """A fragment of the shell."""
    with translation.override("en"):
        return engines["jinja2"].env.get_template(name).render(context(**more))


def search(text: str) -> str:
    """Two cars and a new order, each address naming the text it was found by."""
    hits = tuple(
        SearchHit(
            url=f"/went/{n}?{quote(text)}", action="接车开单", title=f"李{n}", plate="浙AD83721", file_url=f"/file/{n}"
        )
        for n in (1, 2)
    )
    new = SearchHit(url=f"/went/new?{quote(text)}", action="开单", title="新客户开单")
    return part("ui/_search.html", text=text, groups=[HitGroup("车辆", hits), HitGroup("动作", (new,), "actions")])


def opened(tab: Page, name: str) -> None:
    """Open a page, wait until its scripts run, and note every click from then on."""
    tab.goto(f"/page/{name}")
    expect(tab.locator("body")).to_be_visible()
    until(tab, "window.htmx !== undefined")
    tab.evaluate(
        "window.clicks = []; document.addEventListener('click', (e) => window.clicks.push(e.target.closest('[id]')?.id), true)"
    )


def until(tab: Page, condition: str, *, seconds: float = 20) -> None:
    """Wait until a condition holds in the page; the library's own waiting needs an eval that the policy forbids."""
    wait_for(tab, lambda: tab.evaluate(condition), seconds=seconds, what=condition)


def wait_for(tab: Page, happened: Callable[[], bool], *, seconds: float = 20, what: str = "") -> None:
    """Wait until something has happened, while the page goes on."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, what
        tab.wait_for_timeout(20)


def clicks(tab: Page) -> list[str]:
    """The ids of what was clicked since the page was opened."""
    return tab.evaluate("window.clicks")
