"""Photos and papers: laid on the shelf before the act, made a row by it, shown through the owner's check (附件)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header

from cheyi.foundation import disk, shelf
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.jobs import every
from cheyi.foundation.models import Store, StoredFile
from cheyi.foundation.pages import page
from cheyi.foundation.scope import everywhere
from cheyi.foundation.shelf import EDGES, WHOLE, CleanImage, CleanPaper, clean_name
from cheyi.kernel import Refused

__all__ = ["CleanImage", "CleanPaper", "clean_image", "clean_paper", "file_access", "files_page", "keep", "serve"]

LARGEST_PAPER = 30 * 1024 * 1024
UNKEPT_STAY = timedelta(days=1)
SWEPT_BACK = timedelta(days=30)
AT_ONCE = 500
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

MaySee = Callable[[Viewer, StoredFile], bool]
_checks: dict[str, MaySee] = {}


def file_access(owner: str) -> Callable[[MaySee], MaySee]:
    """Register who may see the files of an owner (``workshop.finding``): (viewer, file) -> bool.

    Raises ValueError for a second check of one owner.
    """

    def register(function: MaySee) -> MaySee:
        if _checks.setdefault(owner, function) is not function:
            raise ValueError(f"files of {owner} have a check already")
        return function

    return register


def clean_image(upload: Any) -> CleanImage:
    """Take an uploaded photo: see ``images.clean_image``. Belongs before the act's transaction."""
    from cheyi.foundation import images  # noqa: PLC0415 - pillow is loaded with the first photo

    return images.clean_image(upload)


def clean_paper(upload: Any) -> CleanPaper:
    """Take an uploaded PDF as it is; it is only ever handed out as a download. Belongs before the act's transaction.

    Raises Refused ``foundation.disk.no_uploads``, ``foundation.file.too_heavy`` (over 30 MB), ``foundation.file.not_pdf``.
    """
    disk.demand_room_for_uploads()
    content: bytes = upload.read(LARGEST_PAPER + 1)
    if len(content) > LARGEST_PAPER:
        raise Refused("foundation.file.too_heavy", limit=LARGEST_PAPER // 1024 // 1024)
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Refused("foundation.file.not_pdf")
    uid = uuid4()
    shelf.put(uid, {WHOLE: content})
    name = clean_name(getattr(upload, "name", "") or "")
    return CleanPaper(uid, name, hashlib.sha256(content).hexdigest(), len(content))


@act
def keep(
    clean: CleanImage | CleanPaper,
    *,
    access: str,
    store: Store,
    by: Viewer,
    now: datetime,
    name: str = "",
    customer_may_see: bool = False,
) -> StoredFile:
    """Make a file on the shelf a row of the store; the owner then points to it by foreign key.

    ``access`` names the owner's registered check. Raises KeyError for an unknown one, Refused ``foundation.file.gone``
    when the file was not kept within a day.
    """
    if access not in _checks:
        raise KeyError(f"nobody says who may see files of {access}")
    image = clean if isinstance(clean, CleanImage) else None
    if not shelf.place(clean.uid, str(EDGES[-1]) if image else WHOLE).exists():
        raise Refused("foundation.file.gone")
    file = StoredFile.objects.create(
        store=store,
        uid=clean.uid,
        kind=StoredFile.Kind.IMAGE if image else StoredFile.Kind.DOCUMENT,
        name=name or clean.name or f"{now:%Y%m%d-%H%M%S}",
        media_type=clean.media_type,
        sha256=clean.sha256,
        size=clean.size,
        width=image.width if image else None,
        height=image.height if image else None,
        access=access,
        customer_may_see=customer_may_see,
        created_at=now,
        created_by_id=by.user_id,
    )
    audit(by, "foundation.file.kept", file, now=now, owner=access, sha256=clean.sha256)
    return file


@page("foundation.account.use", methods=("GET",))
def files_page(request: Any, uid: UUID, piece: str) -> HttpResponse:
    """Hand out a file to whoever its owner's check lets see it; for all others it does not exist."""
    file = StoredFile.objects.filter(uid=uid).first()
    check = _checks.get(file.access) if file is not None else None
    if file is None or check is None or not check(request.viewer, file):
        raise Http404
    return serve(request, file, piece)


def serve(request: HttpRequest, file: StoredFile, piece: str) -> HttpResponse:
    """The answer with a file's content; whoever calls this has checked that it may be seen.

    ``piece`` is 320, 800 or 1600 for a photo, ``whole`` for a paper. Raises Http404 for another one.
    """
    is_image = file.kind == StoredFile.Kind.IMAGE
    path = shelf.place(file.uid, piece)
    if piece not in ([str(edge) for edge in EDGES] if is_image else [WHOLE]) or not path.exists():
        raise Http404
    tag = f'"{file.sha256[:32]}-{piece}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Content-Security-Policy": SANDBOX}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    if not is_image:
        return FileResponse(  # type: ignore[return-value]
            path.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type, headers=headers
        )
    headers |= {"Content-Disposition": content_disposition_header(False, file.name) or "inline"}
    return HttpResponse(path.read_bytes(), content_type=file.media_type, headers=headers)


@every(timedelta(days=1), "foundation.file.sweep")
def sweep(*, now: datetime) -> None:
    """Take away what was laid on the shelf over a day ago and belongs to nothing: its act was refused or never came."""
    late = now - UNKEPT_STAY
    laid = shelf.laid_down((late - SWEPT_BACK).timestamp(), late.timestamp())
    while batch := list(islice(laid, AT_ONCE)):
        with everywhere("files of no store are looked for"):
            kept = set(StoredFile.objects.filter(uid__in=batch).values_list("uid", flat=True))
        for uid in set(batch) - kept:
            shelf.remove(uid)
