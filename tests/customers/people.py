"""A group of three stores for the tests: home and near share a legal entity, far is another firm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cheyi.customers import actions
from cheyi.customers.models import Customer
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import AuditEntry, Fact, Store
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Refused
from tests.foundation.org import NOW, Town, found_town, hire

WANG, WANG_MOBILE = "王建国", "13800138000"


@dataclass
class Street:
    """The three stores with an advisor each; acts happen inside the scope of the store they name."""

    town: Town
    home: Store
    near: Store
    far: Store
    advisors: dict[int, Viewer] = field(default_factory=dict)

    def advisor(self, store: Store | None = None) -> Viewer:
        at = store or self.home
        if at.pk not in self.advisors:
            self.advisors[at.pk] = hire(at, "advisor", "刘洋")
        return self.advisors[at.pk]

    def add(self, name: str = WANG, mobile: str = WANG_MOBILE, *, store: Store | None = None, **more: Any) -> Customer:
        at = store or self.home
        with within(at):
            return actions.add(name=name, mobile=mobile, store=at, by=self.advisor(at), now=NOW, **more)

    def refused(self, call: Any) -> Refused:
        """What the call was refused with, after checking that it left nothing behind."""
        before = footprint()
        try:
            call()
        except Refused as refused:
            assert footprint() == before
            return refused
        raise AssertionError("nothing was refused")


def open_street() -> Street:
    town = found_town()
    near = Store.objects.create(
        group=town.group, legal_entity=town.store.legal_entity, code="SH03", name="城北店", created_at=NOW
    )
    return Street(town, town.store, near, town.sister)


@contextmanager
def anywhere() -> Iterator[None]:
    with everywhere("a test looks at everything"):
        yield


def footprint() -> tuple[int, ...]:
    """How many rows each table of interest has."""
    from cheyi.customers import models as people
    from cheyi.foundation.models import SearchKey
    from cheyi.vehicles import models as cars

    tables = [getattr(module, name) for module in (people, cars) for name in module.__all__]
    with anywhere():
        return tuple(table.objects.count() for table in (*tables, AuditEntry, Fact, SearchKey))


def audited(code: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(code=code).order_by("pk"))


def told(code: str) -> list[dict[str, Any]]:
    return [fact.facts for fact in Fact.objects.filter(code=code).order_by("pk")]
