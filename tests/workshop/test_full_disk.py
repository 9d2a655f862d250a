"""The disk fills up in the middle of an order: a clear answer, nothing half done, and the same form works afterwards."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from cheyi.foundation.models import AuditEntry, IdempotencyKey
from cheyi.foundation.scope import everywhere, within
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.parts.models import PartsRequest
from cheyi.workshop.models import LabourLine, WorkOrder
from tests.workshop.shop import open_shop

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON parts_requestline EXECUTE FUNCTION no_room()
"""
FREED = "DROP TRIGGER no_room ON parts_requestline; DROP FUNCTION no_room()"


@contextmanager
def full_disk():
    """No page more for SQLite; PostgreSQL answers with the error of a full disk, late in the act."""
    if connection.vendor == "sqlite":
        yield from _no_more_pages()
        return
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(FULL)
    try:
        yield
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute(FREED)


def _no_more_pages():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.django_db(transaction=True)
def test_an_order_opened_on_a_full_disk_is_refused_whole_and_opens_when_there_is_room_again():
    shop = open_shop()
    with within(shop.store):
        car = shop.car()
    browser = Client(raise_request_exception=False)
    session = browser.session
    session[SESSION_USER] = shop.advisor.user_id
    session.save()
    words = "刹车响，" * 20_000
    form = {"_key": "k" * 24, "job": ["MA001|customer|", "CH001|customer|"], "act": "open", "request_text": words}
    address = f"/workshop/reception/cars/{car.pk}/open"
    with everywhere("counting"):
        before = AuditEntry.objects.count()
    with full_disk():
        answer = browser.post(address, form)
    assert (answer.status_code, answer["X-Problem"]) == (503, "foundation.disk.read_only")
    assert "磁盘" in answer.content.decode()
    with everywhere("counting"):
        assert [WorkOrder.objects.count(), LabourLine.objects.count(), PartsRequest.objects.count()] == [0, 0, 0]
        assert [IdempotencyKey.objects.count(), AuditEntry.objects.count()] == [0, before]
    assert [browser.post(address, form).status_code for _ in range(2)] == [303, 303]
    with everywhere("counting"):
        assert [WorkOrder.objects.count(), LabourLine.objects.count(), PartsRequest.objects.count()] == [1, 2, 1]
