"""Cars for machines: ``/api/v1/vehicles``, ``/brands``, ``/series``, ``/models``, ``/recalls``."""

from ninja import Router

from cheyi.vehicles.api import cars, catalogue, people

router = Router(tags=["vehicles"])
router.add_router("", cars.router)
router.add_router("", people.router)
router.add_router("", catalogue.router)

__all__ = ["router"]
