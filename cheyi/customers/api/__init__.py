"""The verbs and questions on customers for machines: ``/api/v1/customers``."""

from ninja import Router

from cheyi.customers.api import files, people

router = Router(tags=["customers"])
router.add_router("", files.router)
router.add_router("", people.router)

__all__ = ["router"]
