"""Wiring of the parts package."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    """Catalogue, stock, requests."""

    name = "cheyi.parts"
    label = "parts"
    default_auto_field = "django.db.models.BigAutoField"
