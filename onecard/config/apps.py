"""Runs the wiring once Django is ready."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Installs the world and the policy pack of this installation."""

    name = "onecard.config"
    label = "house"

    def ready(self) -> None:
        """Wire the house."""
        from onecard.config import checks, wiring

        wiring.wire()
        self.checks = checks
