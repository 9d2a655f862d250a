"""Wiring of the customers package."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """People and firms the store works for."""

    name = "cheyi.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
