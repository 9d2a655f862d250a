"""A disk that fills up stops uploads first and writes later, in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cheyi.foundation import disk
from cheyi.kernel import Refused
from tests.foundation.org import found_town
from tests.foundation.test_once import signed_in, teams

MB = disk.MEGABYTE


@pytest.mark.parametrize(
    ("free", "total", "uploads", "writes"),
    [
        (500 * MB, 10_000 * MB, True, True),
        (499 * MB, 1_000 * MB, False, True),
        (600 * MB, 12_001 * MB, False, True),
        (600 * MB, 12_000 * MB, True, True),
        (100 * MB, 1_000 * MB, False, True),
        (100 * MB - 1, 1_000 * MB, False, False),
        (0, 1_000 * MB, False, False),
    ],
)
def test_the_limits_are_500_megabytes_or_5_percent_and_100_megabytes(free, total, uploads, writes):
    seen = disk.Space(free=free, total=total)
    assert (seen.takes_uploads, seen.takes_writes) == (uploads, writes)


def test_the_refusals_say_how_much_is_left(monkeypatch):
    monkeypatch.setattr(disk, "space", lambda: disk.Space(free=42 * MB, total=100_000 * MB))
    with pytest.raises(Refused) as uploads:
        disk.demand_room_for_uploads()
    with pytest.raises(Refused) as writes:
        disk.demand_room_for_writes()
    assert (uploads.value.code, uploads.value.facts) == ("foundation.disk.no_uploads", {"free": 42})
    assert (writes.value.code, writes.value.facts) == ("foundation.disk.read_only", {"free": 42})


def test_the_real_disk_is_looked_at_once_in_five_seconds(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    looks = []
    usage = disk.shutil.disk_usage

    def counted(place):
        looks.append(place)
        return usage(place)

    clock = iter([10.0, 14.9, 15.0])
    # its own names only: the clock of the whole process is read by others meanwhile
    monkeypatch.setattr(disk, "shutil", SimpleNamespace(disk_usage=counted))
    monkeypatch.setattr(disk, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    first, second, third = disk.space(), disk.space(), disk.space()
    assert looks == [tmp_path, tmp_path]
    assert first is second
    assert third.total == usage(tmp_path).total


@pytest.mark.django_db
class TestThroughPages:
    @pytest.fixture(autouse=True)
    def _trial(self, settings):
        settings.ROOT_URLCONF = "tests.foundation.trial_urls"

    @pytest.fixture
    def advisor(self):
        return signed_in(found_town().person("advisor"))

    def test_a_full_disk_reads_but_does_not_write_and_recovers_by_itself(self, advisor, monkeypatch):
        assert advisor.post("/write", {"name": "early", "_key": "k1"}).status_code == 303
        monkeypatch.setattr(disk, "space", lambda: disk.Space(free=99 * MB, total=1_000 * MB))
        refused = advisor.post("/write", {"name": "late", "_key": "k2"})
        assert (refused.status_code, refused["X-Problem"]) == (422, "foundation.disk.read_only")
        assert teams() == ["early"]
        assert advisor.get("/home").status_code == 200
        assert advisor.post("/write", {"name": "early", "_key": "k1"})["X-Replayed"] == "1"
        monkeypatch.setattr(disk, "space", lambda: disk.Space(free=900 * MB, total=1_000 * MB))
        assert advisor.post("/write", {"name": "late", "_key": "k2"}).status_code == 303
        assert teams() == ["early", "late"]
