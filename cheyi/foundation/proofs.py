"""Proofs of the foundation's services: sealed fields open and agree with their indexes, files and rows belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.apps import apps
from django.db import models

from cheyi.foundation import shelf
from cheyi.foundation.invariants import invariant
from cheyi.foundation.models import StoredFile
from cheyi.foundation.sealed import CannotOpen, Sealed, SealedField, blind_index, tail_index

LARGEST = {StoredFile.Kind.IMAGE.value: str(shelf.EDGES[-1]), StoredFile.Kind.DOCUMENT.value: shelf.WHOLE}
INDEXES = {"_tail_index": tail_index, "_index": blind_index}
AT_ONCE = 500


@invariant("I11")
def sealed_fields_open() -> Iterator[str]:
    """Every sealed field opens with the key ring and equals its blind indexes (``mobile_index``, ``mobile_tail_index``)."""
    for model in apps.get_models():
        sealed = [field.name for field in model._meta.fields if isinstance(field, SealedField)]  # noqa: SLF001
        if sealed:
            for row in model._base_manager.iterator(chunk_size=AT_ONCE):  # noqa: SLF001
                yield from _wrong_in(row, sealed)


def _wrong_in(row: models.Model, sealed: list[str]) -> Iterator[str]:
    for name in sealed:
        value: Sealed = getattr(row, name)
        try:
            text = value.clear()
        except CannotOpen:
            yield f"{row._meta.label} {row.pk}: {name} does not open"  # noqa: SLF001
            continue
        for ending, index_of in INDEXES.items():
            if getattr(row, name + ending, None) not in {None, index_of(text)}:
                yield f"{row._meta.label} {row.pk}: {name}{ending} is not the index of {name}"  # noqa: SLF001


@invariant("I12")
def files_are_whole() -> Iterator[str]:
    """Every file row has its file with equal hash, and every file that the sweep has seen has a row."""
    known: set[UUID] = set()
    for file in StoredFile.objects.iterator(chunk_size=AT_ONCE):
        known.add(file.uid)
        path = shelf.place(file.uid, LARGEST[file.kind])
        if not path.exists():
            yield f"file {file.pk} ({file.name}) is not on the shelf"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            yield f"file {file.pk} ({file.name}) was changed on the shelf"
    for uid in shelf.laid_down(0, datetime.now(UTC).timestamp() - shelf.UNKEPT_SECONDS):
        if uid not in known:
            yield f"{uid.hex} lies on the shelf and belongs to nothing"
