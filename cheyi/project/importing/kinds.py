"""The kinds of files that can be taken over, by the word of the command."""

from __future__ import annotations

from cheyi.customers import imports as customers
from cheyi.foundation.importing import ImportKind
from cheyi.parts import imports as parts
from cheyi.project.importing.staff import STAFF
from cheyi.vehicles import imports as vehicles
from cheyi.workshop import imports as workshop

KINDS: dict[str, ImportKind] = {
    kind.code: kind for kind in (customers.KIND, vehicles.KIND, parts.PARTS, parts.STOCK, STAFF, workshop.OPERATIONS)
}
