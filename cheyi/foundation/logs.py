"""Structured log lines in UTC, as JSON; sealed values and long texts never reach them (reliability.md 9.9)."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = (
    "password",
    "mobile",
    "phone",
    "token",
    "secret",
    "cookie",
    "authorization",
    "id_no",
    "address_text",
    "wechat",
)
LONGEST = 2000


def hide(logger: object, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank values whose name says that they are sealed or secret, and cut long ones."""
    del logger, method
    for name, value in line.items():
        if any(word in name.lower() for word in HIDDEN):
            line[name] = "…"
        elif isinstance(value, str) and len(value) > LONGEST:
            # A traceback says what went wrong at its end.
            line[name] = "…" + value[-LONGEST:] if name == "exception" else value[:LONGEST] + "…"
    return line


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    hide,
]


def configure(*, level: str) -> None:
    """Send our lines and those of the libraries to standard error, one JSON object each."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    for old in [each for each in root.handlers if getattr(each, "is_cheyi", False)]:
        root.removeHandler(old)
    handler.is_cheyi = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("django.request").setLevel("ERROR")
