"""Addresses of the Citizen Card outlet's desk. Nothing personal is ever part of one."""

from __future__ import annotations

from django.urls import path

from onecard.web.card_desk import drawer, refunds, taps, topups

app_name = "card_desk"
urlpatterns = [
    path("", topups.start, name="start"),
    path("drawer", drawer.drawer, name="drawer"),
    path("drawer/<slug:shift>/<slug:what>", drawer.judge, name="judge"),
    path("look", taps.look, name="look"),
    path("tap", taps.answer, name="tap"),
    path("hold", taps.hold, name="hold"),
    path("purse/<slug:purse>", topups.purse, name="purse"),
    path("order/<slug:order>", topups.order, name="order"),
    path("order/<slug:order>/cash", topups.cash, name="cash"),
    path("order/<slug:order>/cash-back", topups.cash_back, name="cash_back"),
    path("order/<slug:order>/begin", taps.begin, name="begin"),
    path("order/<slug:order>/ask-back", topups.ask_back, name="ask_back"),
    path("purse/<slug:purse>/refund", refunds.ask, name="ask_refund"),
    path("refund/<slug:refund>", refunds.refund, name="refund"),
    path("refund/<slug:refund>/begin", taps.begin_refund, name="begin_refund"),
    path("refund/<slug:refund>/<slug:what>", refunds.step, name="refund_step"),
]
