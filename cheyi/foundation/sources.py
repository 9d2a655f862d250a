"""A link from a lower package up to the document that wants something of it: kind, id and the label as it was."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Source:
    """Which document: ``Source("workshop.order", 81, "ROSH012606150001")``."""

    kind: str
    id: int
    label: str = ""


class Sourced(models.Model):
    """Columns that keep a Source; never a foreign key, since it points up."""

    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    source_label = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def source(self) -> Source:
        """The columns as one value."""
        return Source(self.source_kind, self.source_id, self.source_label)
