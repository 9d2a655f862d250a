"""Databases beside the test's own, for programs that run as processes of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import connection


def own_database(ending):
    """The setting that leads a program to a fresh database of that ending; nothing on SQLite, where each directory has its own."""
    if connection.vendor != "postgresql":
        return {}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_name(ending)}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_name(ending)}"')
    return own_address(ending)


def own_address(ending):
    """The same setting, the database left as it is."""
    return {"DATABASE_URL": f"postgres:///{_name(ending)}"} if connection.vendor == "postgresql" else {}


def _name(ending):
    return settings.DATABASES["default"]["NAME"] + ending


def drop_own_database(ending):
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{_name(ending)}" WITH (FORCE)')
