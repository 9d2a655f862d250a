"""Who may do what: roles, the capability matrix as data, permissions, and the viewer of a request."""

from cheyi.foundation.access.permissions import Permission, all_permissions, permission
from cheyi.foundation.access.viewer import SYSTEM, Colleague, Viewer, colleagues_who_may, viewer_of

__all__ = [
    "SYSTEM",
    "Colleague",
    "Permission",
    "Viewer",
    "all_permissions",
    "colleagues_who_may",
    "permission",
    "viewer_of",
]

permission("foundation.account.use", capability="own_account", letter="X")
permission("foundation.todo.reopen", capability="own_account", letter="X")
permission("foundation.account.view", capability="users", letter="V")
for verb in ("grant", "release"):
    permission(f"foundation.account.{verb}", capability="users", letter="E")
permission("foundation.calendar.edit", capability="designer", letter="V", only=("store_manager", "administrator"))
permission(
    "foundation.roster.edit",
    capability="dispatch",
    letter="E",
    only=("foreman", "store_manager", "service_manager"),
)
