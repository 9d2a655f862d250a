"""What the project hangs on the start page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cheyi.foundation.panels import Panel, panel
from cheyi.project.first_steps import steps


@panel("foundation.start", order=10, permission="foundation.account.grant")
def first_steps(request: Any, _store_id: int) -> Panel | None:
    """What comes first in a new store, for who runs the installation."""
    found = steps(request.viewer, request.store)
    return Panel(_("What comes first"), "project/_first_steps.html", {"steps": found}) if found else None
