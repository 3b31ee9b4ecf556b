"""Addresses of the kiosk's screen."""

from __future__ import annotations

from django.urls import path

from onecard.web.kiosk import screens

app_name = "kiosk"
urlpatterns = [
    path("", screens.start, name="start"),
    path("look", screens.look, name="look"),
    path("tap", screens.answer, name="tap"),
    path("hold", screens.hold, name="hold"),
    path("purse/<slug:purse>", screens.purse, name="purse"),
    path("order/<slug:order>", screens.order, name="order"),
    path("order/<slug:order>/pay", screens.pay, name="pay"),
    path("order/<slug:order>/begin", screens.begin, name="begin"),
]
