"""Addresses of the citizen portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from onecard.web.portal import start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
]
