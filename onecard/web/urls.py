"""Which door answers which address: every area keeps its own list, one line each here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from onecard.web import display

urlpatterns: list[URLPattern | URLResolver] = [
    path("display", display.display, name="display"),
    path("language", display.display, name="language"),
    path("style", include("onecard.web.style.urls")),
    path("sign-in/", include("onecard.web.sign_in.urls")),
    path("counter/", include("onecard.web.counter.urls")),
    path("phone/", include("onecard.web.phone.urls")),
    path("bank/", include("onecard.web.bank.urls")),
    path("unit/", include("onecard.web.unit.urls")),
    path("card-desk/", include("onecard.web.card_desk.urls")),
    path("kiosk/", include("onecard.web.kiosk.urls")),
    path("office/", include("onecard.web.office.urls")),
    path("", include("onecard.web.portal.urls")),
]
