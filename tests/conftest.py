"""Fixtures for every test: a data directory of its own, the database with its guards, the keys."""

from __future__ import annotations

import hypothesis
import pytest
from django.conf import settings
from django.utils import timezone, translation

from cheyi.project import data_dir as data_directory
from cheyi.project import setting_up
from tests.foundation.org import Town, found_town

hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")  # a busy machine is slow, not wrong


@pytest.fixture(scope="session", autouse=True)
def data_dir():
    """The temporary data directory that the settings have made and remove at the end, with keys."""
    data_directory.make(settings.DATA_DIR)
    return settings.DATA_DIR


@pytest.fixture(autouse=True)
def doors_open(data_dir):
    """No test leaves the installation waiting for its set-up, which would shut all addresses of the next one."""
    yield
    (data_dir / setting_up.PENDING).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def speaks_chinese():
    """Every test begins in the program's own language and zone, whatever a command of the one before was told to speak."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def town(db) -> Town:
    """Two stores of two firms in one group, without people; tests that open a scope first make their own."""
    return found_town()


@pytest.fixture(scope="session")
def playwright():
    """The one driver of a run: two at a time are refused by the library."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver
