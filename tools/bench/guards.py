"""How fast the guards of the foundation answer: a statement seen before, pictures and tables that are bombs.

python tools/bench/guards.py        a few seconds; the tests count calls and reads, here is the time
"""

from __future__ import annotations

import io
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cheyi.project.cli import set_up_django

set_up_django()

from cheyi.foundation import images, tablechild  # noqa: E402
from cheyi.foundation.guards.declarations import Table  # noqa: E402
from cheyi.foundation.guards.wall import Wall  # noqa: E402
from cheyi.foundation.scope import Scope  # noqa: E402
from cheyi.kernel import Refused  # noqa: E402

ROUNDS = 10_000


def statement() -> float:
    """CPU seconds of one check of a statement whose text is known."""
    wall = Wall([Table("work_order", "store", append_only=False, links=())])
    here = Scope(store_ids=frozenset({3}), group_ids=frozenset({1}), home_store_id=3)
    sql = "SELECT id FROM work_order WHERE store_id = %s"
    return _spent(lambda: [wall.wrong(sql, (3,), here) for _ in range(ROUNDS)]) / ROUNDS


def picture() -> float:
    """CPU seconds until 144 megapixels in some kilobytes are refused."""
    edge = 12_000
    rows = zlib.compress(b"\0" * (edge // 8 + 1) * edge, 9)
    head = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return _spent(lambda: _refused(lambda: images.redraw(bomb)))


def table() -> float:
    """CPU seconds until an archive of 290 MB of noughts is refused."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (290 * 1024 * 1024))
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "bomb.xlsx"
        file.write_bytes(content.getvalue())
        return _spent(lambda: _refused(lambda: tablechild.check_archive(file)))


def _refused(act: Callable[[], object]) -> None:
    try:
        act()
    except (Refused, tablechild.Refusal):
        return
    raise SystemExit("it was not refused")


def _spent(act: Callable[[], object]) -> float:
    act()
    began = process_time()
    act()
    return process_time() - began


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    print("| what | CPU | target | |\n|---|---|---|---|")
    missed = 0
    for what, seconds, target in (
        ("a statement seen before", statement(), 0.0002),
        ("a picture of 144 megapixels refused", picture(), 0.05),
        ("a table of 290 MB in 0.3 MB refused", table(), 10.0),
    ):
        missed += seconds > target
        mark = "ok" if seconds <= target else "MISSED"
        print(f"| {what} | {1000 * seconds:.3f} ms | <= {1000 * target:g} ms | {mark} |")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
