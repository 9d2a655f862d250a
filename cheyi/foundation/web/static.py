"""Static files under names that carry their hash, served by the program itself with a year of caching.

The files are collected once per version into the data directory; each process reads the list and keeps the compressed
text files in memory (well under a megabyte). Measured against granian's own static mount in docs/decisions/0004-static.md.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

from cheyi import __version__

TEXTS = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest", ".html"}
TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}
ALWAYS = [
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("Vary", "Accept-Encoding"),
]

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class HashedFiles(ManifestStaticFilesStorage):
    """Hashed names where the files have been collected, plain names where not (tests, development)."""

    support_js_module_import_aggregation = True

    @property
    def manifest_strict(self) -> bool:  # type: ignore[override]
        """A missing file is an error only when files have been collected."""
        return bool(self.hashed_files)

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one when nothing has been collected."""
        return super().stored_name(name) if self.hashed_files else name


def collect() -> None:
    """Collect all static files under hashed names where the list of sources has changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp, seen = root / "sources.txt", _sources()
    if stamp.is_file() and stamp.read_text("utf-8") == seen and (root / "staticfiles.json").is_file():
        return
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(mode=0o700, parents=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(seen, "utf-8")


def _sources() -> str:
    """Every source file with its size and time, and our version."""
    lines = [__version__]
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(sorted(lines))


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file ready to be sent; ``packed`` is its gzip form where that is smaller."""

    kind: str
    plain: bytes
    packed: bytes | None


def load(root: Path) -> dict[str, StaticFile]:
    """Read the collected files that the manifest names, by their hashed names."""
    manifest = root / "staticfiles.json"
    if not manifest.is_file():
        return {}
    names = json.loads(manifest.read_text("utf-8"))["paths"].values()
    return {name: _read(root / name) for name in names}


def _read(file: Path) -> StaticFile:
    plain = file.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if file.suffix in TEXTS else None
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        kind += "; charset=utf-8"
    return StaticFile(kind, plain, packed if packed is not None and len(packed) < len(plain) else None)


class WithStaticFiles:
    """Answers addresses under STATIC_URL and passes everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._prefix: str = settings.STATIC_URL
        self._files = load(Path(settings.STATIC_ROOT))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(self._prefix):
            return self._application(environ, start_response)
        file = self._files.get(path.removeprefix(self._prefix))
        if file is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            start_response(
                "404 Not Found", [("Content-Type", "text/plain"), *ALWAYS[1:3], ("Cache-Control", "no-store")]
            )
            return [b"not found"]
        packed = file.packed if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else None
        body = packed or file.plain
        headers = [("Content-Type", file.kind), ("Content-Length", str(len(body))), *ALWAYS]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
