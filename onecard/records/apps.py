"""Tells Django that this folder holds the tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """One app, one migration history for all rooms."""

    name = "onecard.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
