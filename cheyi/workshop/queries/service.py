"""Whether a visit counts as a service of the car."""

from __future__ import annotations

from cheyi.workshop.models import LabourLine, WorkOrder

SERVICE_OPS = ("MA001", "MA002", "MA003")


def was_serviced(order: WorkOrder) -> bool:
    """Maintenance by type, or with one of the service operations done."""
    if order.type in {"maintenance", "free_service"}:
        return True
    return LabourLine.objects.filter(order=order, state__in=["done", "passed"], op_code__in=SERVICE_OPS).exists()
