"""Settlement for machines: ``/api/v1/bills``, ``/payments``, ``/prepayments``, ``/shifts``, ``/takings``, ``/approvals``."""

from ninja import Router

from cheyi.settlement.api import approvals, bills, money, shifts

router = Router(tags=["settlement"])
router.add_router("", bills.router)
router.add_router("", money.router)
router.add_router("", shifts.router)
router.add_router("", approvals.router)

__all__ = ["router"]
