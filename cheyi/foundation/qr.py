"""QR codes as drawings."""

from __future__ import annotations

import segno


def qr(text: str) -> str:
    """A QR code as SVG path data in one viewBox unit per module: ``size|path``; the template draws it."""
    code = segno.make_qr(text, error="m")
    size = code.symbol_size(border=0)[0]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark)
    return f"{size}|{path}"
