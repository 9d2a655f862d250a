"""The parts store's verbs and questions for machines: ``/api/v1/parts``, ``/stock``, ``/parts-requests``."""

from ninja import Router

from cheyi.parts.api import catalogue, places, requests, stock

router = Router(tags=["parts"])
router.add_router("", catalogue.router)
router.add_router("", stock.router)
router.add_router("", places.router)
router.add_router("", requests.router)

__all__ = ["router"]
