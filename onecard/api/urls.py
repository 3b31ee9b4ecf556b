"""The addresses of the API, one router per room."""

from __future__ import annotations

from onecard.api import (
    applications,
    cards,
    counter,
    employer,
    payments,
    photos,
    production,
    purses,
    reference,
    topup,
)
from onecard.api.house import api

api.add_router("/applications", applications.router)
api.add_router("/counter", counter.router)
api.add_router("/employer", employer.router)
api.add_router("/payments", payments.router)
api.add_router("/photos", photos.router)
api.add_router("/topup", topup.router)
api.add_router("/topup", purses.router)
api.add_router("", cards.router)
api.add_router("", production.router)
api.add_router("", reference.router)

urlpatterns = api.urls[0]
