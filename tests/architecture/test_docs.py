"""What the documents name is there: files, tests, pictures, and every link between them."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMED = re.compile(r"`((?:cheyi|tests|tools|docs|requirements)/[\w./-]*\w)`")


def test_every_link_between_documents_leads_somewhere():
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in DOCUMENTS
        for target in LINK.findall(document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert dead == []


def test_every_file_that_a_document_names_is_there():
    gone = [
        f"{document.relative_to(ROOT)}: {name}"
        for document in DOCUMENTS
        for name in NAMED.findall(document.read_text("utf-8"))
        if not (ROOT / name).exists()
    ]
    assert gone == []
