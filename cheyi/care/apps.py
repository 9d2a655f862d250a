"""Wiring of the package."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Due services, reminders, drifting customers."""

    name = "cheyi.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"
