"""Wiring of the project: the set-up page and the commands."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The uppermost package; it has no tables."""

    name = "cheyi.project"
    label = "project"

    def ready(self) -> None:
        """Put the entries on the rail."""
        from cheyi.project import menu  # noqa: F401, PLC0415 - registers itself
