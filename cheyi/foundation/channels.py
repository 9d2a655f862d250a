"""The port through which messages leave; the adapter that ships writes them down and sends nothing (domain.md 9.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from cheyi.foundation.masks import hidden, mobile


class CannotSend(Exception):
    """The provider will never take this message (no address, blocked number, wrong template); others are tried again."""


class Channel(Protocol):
    """A way to a customer: SMS, WeChat, e-mail. Sending twice with one key must be one message."""

    def send(self, *, template: str, text: str, to: str, facts: Mapping[str, Any], idempotency_key: str) -> str:
        """Give the message to the provider and return the provider's id. Raises CannotSend."""
        ...

    def status(self, provider_id: str) -> str:
        """What became of it: ``sent``, ``delivered``, ``failed`` or ``unknown``."""
        ...


class FakeChannel:
    """Writes each message into a file of the data directory, once per key, and sends nothing."""

    def __init__(self, name: str) -> None:
        """``name`` is the channel it stands for."""
        self.name = name

    @property
    def _directory(self) -> Path:
        return Path(settings.DATA_DIR) / "fake_messages"

    def send(self, *, template: str, text: str, to: str, facts: Mapping[str, Any], idempotency_key: str) -> str:
        """Write it down, the address masked. Raises CannotSend when there is no address."""
        if not to:
            raise CannotSend("no address")
        self._directory.mkdir(mode=0o700, exist_ok=True)
        shown = mobile(to) if to.lstrip("+").isdecimal() else hidden(to)
        record = {"channel": self.name, "template": template, "text": text, "to": shown, "facts": dict(facts)}
        file = self._directory / f"{idempotency_key}.json"
        try:
            with file.open("x", encoding="utf-8") as target:
                json.dump(record, target, ensure_ascii=False)
        except FileExistsError:
            pass
        return f"fake:{idempotency_key}"

    def status(self, provider_id: str) -> str:
        """``sent`` if it was written down here."""
        key = provider_id.removeprefix("fake:")
        return "sent" if (self._directory / f"{key}.json").exists() else "unknown"


_channels: dict[str, Channel] = {}


def provide(name: str, channel: Channel) -> None:
    """Make an adapter the way of a channel."""
    _channels[name] = channel


def channel_of(name: str) -> Channel:
    """The adapter of a channel; in demo mode, and where none is provided, the one that sends nothing."""
    return FakeChannel(name) if settings.DEMO or name not in _channels else _channels[name]
