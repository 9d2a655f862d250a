"""Permissions of the project: taking over a business's own tables."""

from __future__ import annotations

from cheyi.foundation.access import permission

APPLY = "project.import.apply"
permission(APPLY, capability="designer", letter="V", only=("store_manager", "administrator"))
