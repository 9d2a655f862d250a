"""Drawings that stand in for the photos of what a technician finds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw

from cheyi.foundation.access import Viewer
from cheyi.foundation.files import clean_image, keep
from cheyi.foundation.models import Store, StoredFile

SIZE = (960, 720)
GROUND, DARK, STEEL, RUST, WARN = "#2b3442", "#11161d", "#98a5b3", "#8a5a3a", "#f2b134"

# operation that is proposed, and what the technician says
FINDINGS = (
    ("CH002", "后刹车片剩 2.8 mm，建议更换"),
    ("MA004", "空调滤芯发黑，有异味"),
    ("EL001", "蓄电池冷启动电流只剩六成"),
)


def photo_of(code: str, *, store: Store, by: Viewer, now: datetime) -> StoredFile:
    """The drawing for an operation of ``FINDINGS``, kept as a photo that the customer may see."""
    upload = io.BytesIO(_drawn(code))
    upload.name = "photo.jpg"
    return keep(clean_image(upload), store=store, access="workshop.finding", customer_may_see=True, by=by, now=now)


@cache
def _drawn(code: str) -> bytes:
    picture = Image.new("RGB", SIZE, GROUND)
    DRAWINGS[code](ImageDraw.Draw(picture))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=86)
    return content.getvalue()


def _brake(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((180, 60, 780, 660), fill=STEEL, outline=DARK, width=8)
    pen.ellipse((360, 240, 600, 480), fill=GROUND, outline=DARK, width=8)
    for turn in range(0, 360, 72):
        pen.arc((210, 90, 750, 630), turn, turn + 40, fill=RUST, width=5)
    pen.rounded_rectangle((600, 200, 840, 520), 36, fill="#b03a2e", outline=DARK, width=8)
    pen.rectangle((590, 250, 612, 470), fill=WARN)
    pen.line((601, 250, 470, 130), fill=WARN, width=5)
    pen.rounded_rectangle((300, 80, 476, 150), 14, fill=DARK)
    pen.text((322, 92), "2.8 mm", fill=WARN, font_size=40)


def _filter(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((150, 150, 810, 570), 18, fill="#d8d4c8", outline=DARK, width=8)
    for place in range(28):
        left = 176 + place * 22
        pen.polygon(((left, 176), (left + 11, 176), (left + 11, 544), (left, 544)), fill="#6d6a5c")
    for place in range(60):
        x, y = 180 + (place * 97) % 590, 190 + (place * 61) % 330
        pen.ellipse((x, y, x + 26, y + 18), fill="#3a382f")


def _battery(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((180, 220, 780, 600), 20, fill="#1d2733", outline=DARK, width=8)
    pen.rectangle((180, 220, 780, 300), fill="#31404f")
    for left, colour in ((250, "#b03a2e"), (640, DARK)):
        pen.ellipse((left, 160, left + 80, 240), fill=STEEL, outline=colour, width=10)
    pen.rounded_rectangle((340, 380, 620, 520), 12, fill="#dfe8d8")
    pen.text((376, 412), "CCA 61%", fill=DARK, font_size=48)


DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {"CH002": _brake, "MA004": _filter, "EL001": _battery}
