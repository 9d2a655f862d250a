"""Wiring of the workshop."""

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    """Work orders, technicians, checks and hand-over."""

    name = "cheyi.workshop"
    label = "workshop"
    default_auto_field = "django.db.models.BigAutoField"
