"""Write the permission table from doors and capability matrix, to be read before it is committed.

The test compares the program with the committed file and never calls this.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path


def main() -> None:
    """Write table.csv beside this file."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("CHEYI_TESTING", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")

    import django

    django.setup()

    from tests.permissions import rows

    computed = [row.cells() for row in rows.computed()]
    with rows.TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(rows.HEAD)
        writer.writerows(computed)


if __name__ == "__main__":
    main()
