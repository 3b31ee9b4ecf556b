"""Which door answers which address."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from onecard.api import problems
from onecard.api import urls as api_urls
from onecard.api.house import api
from onecard.api.partner import urls as partner_urls
from onecard.config.bare import bare
from onecard.web.reference import views as reference

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include((api_urls.urlpatterns, "api"))),
    path("v1/", include((partner_urls.urlpatterns, "partner"))),
    path("api/docs", reference.api_docs, {"schema": api.get_openapi_schema}),
    path("api/partner-docs", reference.api_docs, {"schema": partner_urls.api.get_openapi_schema}),
    path("api/errors", reference.errors, {"status_of": problems.status_of}),
    *([path("bench/bare", bare)] if settings.ENVIRONMENT.bench else []),
    path("", include("onecard.web.urls")),
]

handler400 = "onecard.web.failures.malformed"
handler403 = "onecard.web.failures.forbidden"
handler404 = "onecard.web.failures.absent"
handler500 = "onecard.web.failures.broken"
