"""Addresses of the office."""

from __future__ import annotations

from django.urls import path

from onecard.web.office import (
    accounts,
    audit,
    factory,
    health,
    held,
    payday,
    reconciliation,
    repair,
)

app_name = "office"
urlpatterns = [
    path("", health.start, name="start"),
    path("outbox", health.messages, name="outbox"),
    path("outbox/party", health.retry_party, name="retry_party"),
    path("outbox/<str:message>/retry", health.retry, name="retry"),
    path("batches", factory.batches, name="batches"),
    path("batches/make", factory.make, name="make"),
    path("batches/turn", factory.turn, name="turn"),
    path("batches/send", factory.send, name="send"),
    path("batches/take-in", factory.take_in, name="take_in"),
    path("batch/<str:ref>", factory.batch, name="batch"),
    path("batch/<str:ref>/step", factory.step, name="step"),
    path("file/<str:ref>", factory.export, name="export"),
    path("failures", repair.failures, name="failures"),
    path("failures/remake", repair.remake, name="remake"),
    path("application/<str:ref>", repair.application, name="application"),
    path("application/<str:ref>/review", repair.review, name="review"),
    path("portrait/<str:token>", repair.portrait, name="portrait"),
    path("due", repair.due, name="due"),
    path("discrepancies", repair.discrepancies, name="discrepancies"),
    path("discrepancies/<str:ref>", repair.settle, name="settle"),
    path("payday", payday.payday, name="payday"),
    path("reconciliation", reconciliation.start, name="reconciliation"),
    path("reconciliation/run", reconciliation.run, name="compare"),
    path("reconciliation/<str:ref>", reconciliation.decide, name="decide"),
    path("held", held.held, name="held"),
    path("held/<slug:order>", held.case, name="held_case"),
    path("held/<slug:order>/decide", held.decide, name="held_decide"),
    path("audit", audit.search, name="audit"),
    path("accounts", accounts.accounts, name="accounts"),
    path("accounts/<str:ref>", accounts.change, name="account"),
]
