"""Which door answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("onecard.web.urls"))]

handler400 = "onecard.web.failures.malformed"
handler403 = "onecard.web.failures.forbidden"
handler404 = "onecard.web.failures.absent"
handler500 = "onecard.web.failures.broken"
