"""Where the server may listen: this machine alone, unless the connection is encrypted or risk is asked for."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from cheyi.project.console import words


class NotAllowed(RuntimeError):
    """The server may not listen like that; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port, with a certificate and its key where there is one."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Whether the server speaks TLS itself."""
        return self.certificate is not None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def link(self) -> str:
        """What a browser on this machine opens."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self.is_encrypted else 'http'}://{shown}:{self.port}"

    @property
    def host_names(self) -> list[str]:
        """The names under which requests are answered."""
        names = ["127.0.0.1", "localhost", "[::1]"]
        if not self.is_loopback:
            name = socket.gethostname()
            found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)} if name else set()
            names += [self.host, name, f"{name}.local", *sorted(found)]
        return list(dict.fromkeys(names))


def demand_allowed(address: Address, directory: Path) -> None:
    """Raises NotAllowed for an open address without TLS, an open demo, debugging in the open, or a missing file."""
    if bool(address.certificate) != bool(address.key):
        raise NotAllowed(words("A certificate needs its key: --certificate FILE --key FILE"))
    for file in (address.certificate, address.key):
        if file is not None and not file.is_file():
            raise NotAllowed(words("There is no file %s") % file)
    if address.is_loopback:
        return
    if (directory / "demo").exists():
        raise NotAllowed(words("A demo is for this machine alone: leave --host away"))
    if os.environ.get("CHEYI_DEBUG"):
        raise NotAllowed(words("CHEYI_DEBUG is set: debugging is for this machine alone"))
    if not address.is_encrypted and not address.insecure:
        raise NotAllowed(
            words("Others could read along on %s. Give --certificate and --key, or --insecure-http if you accept that")
            % address.host
        )


def demand_free(address: Address) -> None:
    """Raises NotAllowed when something listens there already."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            text = words("Port %(port)s is taken or not allowed (%(why)s). Another one: --port 8001")
            raise NotAllowed(text % {"port": address.port, "why": error.strerror}) from error
