"""Addresses of the bank desk. Numbers travel in the body of a form only."""

from __future__ import annotations

from django.urls import path

from onecard.web.bank import acts, card, lists, scan

app_name = "bank"
urlpatterns = [
    path("", scan.start, name="start"),
    path("payday", lists.payday, name="payday"),
    path("discrepancies", lists.discrepancies, name="discrepancies"),
    path("person/<str:person>", card.person, name="person"),
    path("person/<str:person>/card/<str:ref>", card.card, name="card"),
    path("person/<str:person>/card/<str:ref>/slip", card.print_slip, name="slip"),
    path("person/<str:person>/card/<str:ref>/<slug:act>", acts.perform_act, name="act"),
]
