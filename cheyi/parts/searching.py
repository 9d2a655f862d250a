"""The parts store's part of the one search box: parts by number, name or pinyin, with what is free here."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.searching import HitGroup, SearchHit, searcher
from cheyi.parts import queries
from cheyi.parts.queries import FoundPart

MOST = 4


@searcher(order=30)
def parts(text: str, viewer: Viewer, store: Store, now: datetime) -> HitGroup | None:
    """Parts, for whoever may look at the stock."""
    if not viewer.may("parts.part.view"):
        return None
    found = queries.find(text, store, MOST, on=store.business_date(now))
    return HitGroup(_("Parts and stock"), tuple(_hit(one) for one in found))


def _hit(one: FoundPart) -> SearchHit:
    address = reverse("parts:part", args=[one.part_id])
    free = one.stock.own
    return SearchHit(
        url=address,
        action=_("Open"),
        title=one.name,
        detail=one.part_no,
        note=_("free %(quantity)s") % {"quantity": f"{free} {one.unit}"} if free else "",
        status_key="" if free else "bad",
        status="" if free else _("none here"),
        file_url=address,
    )
