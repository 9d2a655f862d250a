"""Start everything: web server, worker and clock."""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from cheyi.project.addresses import Address, NotAllowed, demand_allowed, demand_free
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _
from cheyi.project.family import Family, end_with_parent

NAME = "up"
HELP = _("Start the server with its worker and clock; the first start prints the set-up link")
APPLICATION = "cheyi.project.wsgi"
PREPARE = [sys.executable, "-m", "cheyi.project.cli", "prepare"]
WAIT_FOR_ENDING = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how much to start."""
    parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on; only this machine when not given"))
    parser.add_argument("--port", type=int, default=8000, help=_("port to listen on"))
    parser.add_argument("--certificate", type=Path, help=_("certificate file (PEM) for an encrypted connection"))
    parser.add_argument("--key", type=Path, help=_("the certificate's key (PEM)"))
    parser.add_argument(
        "--insecure-http", action="store_true", help=_("listen for others without encryption, at your risk")
    )
    parser.add_argument("--threads", type=int, default=4, help=_("requests answered at the same time per process"))
    parser.add_argument("--workers", type=int, default=1, help=_("web processes; more than one wants PostgreSQL"))
    parser.add_argument(
        "--web-only", action="store_true", help=_("without the job worker: it runs elsewhere (cheyi work)")
    )


def run(options: argparse.Namespace) -> int:
    """Prepare, then serve until somebody ends it."""
    os.umask(0o077)
    address = Address(options.host, options.port, options.certificate, options.key, options.insecure_http)
    directory = Path(os.environ.get("CHEYI_DATA", "data")).resolve()
    try:
        demand_allowed(address, directory)
        demand_free(address)
    except NotAllowed as refusal:
        complain(refusal)
        return 2
    os.environ.update(environment(address, directory))
    if code := subprocess.run([*PREPARE, "--address", address.link], check=False).returncode:  # noqa: S603
        return code
    importlib.import_module(APPLICATION)
    members = {"web": functools.partial(serve, address, options)}
    if not options.web_only:
        work = importlib.import_module("cheyi.project.commands.work")
        members["work"] = functools.partial(work.work, work.THREADS)
    return Family(members).run()


def environment(address: Address, directory: Path) -> dict[str, str]:
    """What the web and worker processes are told."""
    told = {
        "CHEYI_DATA": str(directory),
        "CHEYI_TLS": "1" if address.is_encrypted else "",
        "DJANGO_SETTINGS_MODULE": "cheyi.project.settings",
    }
    return told if os.environ.get("CHEYI_HOSTS") else {**told, "CHEYI_HOSTS": ",".join(address.host_names)}


def serve(address: Address, options: argparse.Namespace) -> int:
    """Run the web server until it is told to end."""
    from granian import Granian  # noqa: PLC0415 - only the web child needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    server = Granian(
        f"{APPLICATION}:application",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        workers_kill_timeout=WAIT_FOR_ENDING,
        log_level=LogLevels.warning,
        ssl_cert=address.certificate,
        ssl_key=address.key,
    )
    server.on_startup(functools.partial(_greet, address))
    server.serve(target_loader=_application, wrap_loader=False)
    return 0


def _greet(address: Address) -> None:
    """Say where it is, and in the demo who may sign in."""
    from cheyi.foundation import demo_accounts  # noqa: PLC0415 - Django is set up only now

    running = words("Cheyi is running:")
    say(f"{running} {address.link}")
    for one in demo_accounts.shown():
        say(f"  {one.name:<18} {one.password:<14} {one.person}")


def _application() -> Any:
    """What each web process calls; it was loaded before the fork and ends with its parent."""
    end_with_parent()
    return importlib.import_module(APPLICATION).application
