"""Wiring of the vehicles package."""

from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    """Cars and what is known of them."""

    name = "cheyi.vehicles"
    label = "vehicles"
    default_auto_field = "django.db.models.BigAutoField"
