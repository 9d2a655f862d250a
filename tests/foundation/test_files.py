"""Files belong to somebody, are shown through the owner's check, and what nobody kept is swept away."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from cheyi.foundation import disk, files, shelf
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.files import clean_image, clean_paper, files_page, keep, serve
from cheyi.foundation.invariants import check
from cheyi.foundation.models import AuditEntry, StoredFile
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from tests.foundation.org import NOW, Town, found_town

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def town(db, settings, tmp_path, monkeypatch) -> Town:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(files, "_checks", {"test.paper": for_advisors})
    return found_town()


def for_advisors(viewer: Viewer, file: StoredFile) -> bool:
    return viewer.name == "advisor" and file.access == "test.paper"


def photo() -> io.BytesIO:
    upload = io.BytesIO()
    Image.new("RGB", (1000, 500), "navy").save(upload, "PNG")
    upload.seek(0)
    upload.name = "door.png"
    return upload


def paper(content: bytes = PDF, name: str = "报价.pdf") -> io.BytesIO:
    upload = io.BytesIO(content)
    upload.name = name
    return upload


def kept(town: Town, clean: object = None, **changes: object) -> StoredFile:
    details = {"access": "test.paper", "store": town.store, "by": town.person("advisor"), "now": NOW}
    return keep(clean or clean_image(photo()), **{**details, **changes})


def asked(viewer: object, **headers: str) -> object:
    request = RequestFactory().get("/files", headers=headers)
    request.viewer, request.now = viewer, NOW
    return request


def test_a_kept_photo_is_a_row_with_hash_and_size(town):
    with within(town.store):
        file = kept(town, customer_may_see=True)
    content = shelf.place(file.uid, "1600").read_bytes()
    assert (file.kind, file.name, file.media_type) == ("image", "door.png", "image/jpeg")
    assert (file.width, file.height, file.size, file.customer_may_see) == (1000, 500, len(content), True)
    assert AuditEntry.objects.get(code="foundation.file.kept").facts == {"owner": "test.paper", "sha256": file.sha256}


def test_a_photo_is_shown_in_three_sizes_in_its_own_sandbox(town):
    with within(town.store):
        file = kept(town)
        for piece, width in (("1600", 1000), ("800", 800), ("320", 320)):
            answer = serve(asked(None), file, piece)
            assert Image.open(io.BytesIO(answer.content)).width == width
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert answer.headers["Content-Disposition"].startswith("inline")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        unchanged = serve(asked(None, if_none_match=answer.headers["ETag"]), file, "320")
        assert unchanged.status_code == 304
        for piece in ("whole", "99", "../1600"):
            with pytest.raises(Http404):
                serve(asked(None), file, piece)


def test_a_paper_is_only_downloaded(town):
    with within(town.store):
        file = kept(town, clean_paper(paper()))
        answer = serve(asked(None), file, "whole")
        assert b"".join(answer.streaming_content) == PDF
        answer.file_to_stream.close()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (file.kind, file.size, file.width) == ("document", len(PDF), None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>", "foundation.file.not_pdf"),
        (PDF[:-20], "foundation.file.not_pdf"),
        (b"", "foundation.file.not_pdf"),
        (b"%PDF-" + b"0" * (30 * 1024 * 1024), "foundation.file.too_heavy"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_and_leaves_nothing(town, content, code):
    with pytest.raises(Refused) as refused:
        clean_paper(paper(content))
    assert refused.value.code == code
    assert not shelf.root().exists()


def test_only_whom_the_owner_s_check_lets_gets_the_file(town):
    with within(town.store):
        file = kept(town)
    answer = files_page(asked(town.person("advisor")), uid=file.uid, piece="320")
    assert answer.status_code == 200
    other_store = town.person("advisor", "advisor2", store=town.sister)
    for viewer in (town.person("technician"), other_store):
        with pytest.raises(Http404):
            files_page(asked(viewer), uid=file.uid, piece="320")
    with pytest.raises(Http404):
        files_page(asked(town.person("advisor")), uid=uuid4(), piece="320")


def test_nobody_signed_in_is_sent_to_sign_in(town):
    answer = files_page(asked(None), uid=uuid4(), piece="320")
    assert answer.status_code == 302


def test_an_owner_without_a_check_keeps_nothing(town):
    with within(town.store):
        with pytest.raises(KeyError):
            kept(town, access="nobody.knows")
        assert not StoredFile.objects.exists()
    with pytest.raises(ValueError, match="already"):
        files.file_access("test.paper")(lambda *_: True)


def test_a_refused_act_keeps_no_row_and_the_sweep_takes_the_photo(town):
    clean = clean_image(photo())

    @act
    def refused() -> None:
        kept(town, clean)
        raise Refused("foundation.undo.impossible")

    with within(town.store):
        with pytest.raises(Refused):
            refused()
        assert not StoredFile.objects.exists()
        remaining = kept(town)
    for piece in shelf.root().glob("??/*"):
        os.utime(piece, ((NOW - timedelta(days=2)).timestamp(),) * 2)
    fresh = clean_image(photo())
    for piece in shelf.place(fresh.uid, "").parent.glob(f"{fresh.uid.hex}.*"):
        os.utime(piece, (NOW.timestamp(),) * 2)
    files.sweep(now=NOW)
    lying = {piece.name.partition(".")[0] for piece in shelf.root().glob("??/*")}
    assert lying == {remaining.uid.hex, fresh.uid.hex}
    files.sweep(now=NOW)
    assert shelf.place(remaining.uid, "320").exists()


def test_a_photo_swept_meanwhile_is_refused_in_words(town):
    clean = clean_image(photo())
    assert shelf.remove(clean.uid) == 3
    with within(town.store), pytest.raises(Refused, match=r"foundation\.file\.gone"):
        kept(town, clean)


def test_a_full_disk_takes_no_paper(town, monkeypatch):
    monkeypatch.setattr(disk, "space", lambda: disk.Space(free=0, total=1000 * disk.MEGABYTE))
    with pytest.raises(Refused, match=r"foundation\.disk\.no_uploads"):
        clean_paper(paper())


def wrong(code: str) -> list[str]:
    return [line for finding in check([code]) for line in finding.violations]


def test_the_check_finds_files_that_are_gone_changed_or_nobody_s(town):
    with within(town.store):
        gone, changed, whole = kept(town), kept(town, clean_paper(paper())), kept(town)
    assert wrong("I12") == []
    shelf.remove(gone.uid)
    shelf.place(changed.uid, "whole").write_bytes(b"%PDF-other")
    left = clean_image(photo())
    for piece in shelf.place(left.uid, "").parent.glob(f"{left.uid.hex}.*"):
        os.utime(piece, (0, 0))
    assert wrong("I12") == [
        f"file {gone.pk} (door.png) is not on the shelf",
        f"file {changed.pk} (报价.pdf) was changed on the shelf",
        f"{left.uid.hex} lies on the shelf and belongs to nothing",
    ]
    assert shelf.place(whole.uid, "320").exists()
