"""What every answer carries, and the words of an answer that is none."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from cheyi.foundation.web import health, troubles
from cheyi.foundation.web.security import SecurityHeaders

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def policy_of(response):
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in", "/no-such-address", "/healthz", "/api/v1/openapi.json"])
def test_every_answer_carries_the_headers(client, path):
    response = client.get(path)
    assert {name: response.headers[name] for name in EXACT} == EXACT
    policy = policy_of(response)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "http:" not in response.headers["Content-Security-Policy"]
    assert len(response.headers["X-Request-Id"]) == 8


def headers_for(view):
    return SecurityHeaders(view)(RequestFactory().get("/"))


def test_a_nonce_stands_in_the_policy_only_when_a_page_used_it():
    used = headers_for(lambda request: HttpResponse(str(request.csp_nonce)))
    nonce = used.content.decode()
    assert policy_of(used)["script-src"] == f"'self' 'nonce-{nonce}'"
    assert len(nonce) >= 20
    assert policy_of(headers_for(lambda _: HttpResponse("x")))["script-src"] == "'self'"
    other = headers_for(lambda request: HttpResponse(str(request.csp_nonce)))
    assert other.content.decode() != nonce


def test_transport_security_is_promised_only_over_tls(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    plain = headers_for(lambda _: HttpResponse("x"))
    assert "Strict-Transport-Security" not in plain.headers
    secure = SecurityHeaders(lambda _: HttpResponse("x"))(RequestFactory().get("/", secure=True))
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_view_may_say_itself_how_long_its_answer_is_kept():
    response = headers_for(lambda _: HttpResponse("x", headers={"Cache-Control": "private, max-age=60"}))
    assert response.headers["Cache-Control"] == "private, max-age=60"
    assert response.headers["Content-Length"] == "1"


@pytest.mark.django_db
def test_health_tells_alive_and_ready_and_nothing_else(client, monkeypatch):
    assert (client.get("/healthz").content, client.get("/readyz").content) == (b"ok", b"ok")
    monkeypatch.setattr("cheyi.foundation.disk.WRITES_NEED", 2**62)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready")
    assert client.get("/healthz").status_code == 200
    assert health.is_ready() is False


@pytest.mark.django_db
def test_an_unknown_address_answers_in_words_and_in_the_shape_that_was_asked_for(client):
    page = client.get("/no-such-address")
    assert page.status_code == 404
    assert "<h1>" in page.content.decode()
    piece = client.get("/no-such-address", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.headers["HX-Retarget"]) == (404, "#notice")
    api = client.get("/api/v1/no-such-thing")
    assert api.headers["Content-Type"] == "application/problem+json"
    assert json.loads(api.content)["code"] == "foundation.access.not_found"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"), [("/customers?q=wang", "/customers/?q=wang"), ("/workshop/orders/", "/workshop/orders")]
)
def test_a_slash_too_many_or_too_few_leads_to_the_page_that_was_meant(client, typed, meant):
    answer = client.get(typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, meant)
    assert client.post(typed).status_code in (403, 404)
    assert client.get("/", PATH_INFO="//nowhere.example").status_code == 404


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_so():
    response = Client(enforce_csrf_checks=True).post("/sign-in", {"name": "x", "password": "y"})
    assert response.status_code == 403
    assert response.headers["X-Problem"] == "foundation.form.stale"
    page = response.content.decode()
    assert page.count("这个页面放得太久，没有提交。返回上一页，复制填好的内容，刷新后再提交") == 2  # title and heading
    assert "权限" not in page
    piece = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"}).post("/sign-in", {"name": "x"})
    assert "填的内容可以从这里复制" in piece.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("database or disk is full"), 503, "foundation.disk.read_only"),
        (OSError(28, "No space left on device"), 503, "foundation.disk.read_only"),
        (OperationalError("database is locked"), 503, "foundation.database.busy"),
        (OSError(2, "No such file"), 500, "foundation.program.wrong"),
        (ValueError("a bug"), 500, "foundation.program.wrong"),
        (None, 500, "foundation.program.wrong"),
    ],
)
def test_each_trouble_has_its_status_and_words(error, status, code):
    trouble = troubles.trouble_of(error)
    assert (trouble.status, trouble.code) == (status, code)
    assert len(trouble.message) > 8


def test_a_broken_page_shows_the_number_of_its_log_line_and_a_busy_database_when_to_come_again(rf):
    request = rf.get("/x")
    request.number = "abcd1234"
    response = after(OperationalError("database is locked"), request)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "abcd1234" in response.content.decode()


def after(error, request):
    """The answer while that error is on its way out."""
    try:
        raise error
    except type(error):
        return troubles.server_error(request)


def test_even_a_broken_error_page_leaves_words(rf, settings):
    settings.TEMPLATES = []
    response = after(ValueError("a bug"), rf.get("/x"))
    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/plain")
