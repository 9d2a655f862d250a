"""Wiring of the package."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Bills, payments and the journal."""

    name = "cheyi.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
