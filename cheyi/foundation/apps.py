"""Wiring of the foundation."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Accounts, stores, access, audit, jobs and screens."""

    name = "cheyi.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself."""
        from cheyi.foundation.startup import load_registries  # noqa: PLC0415 - models must be ready first

        load_registries()
