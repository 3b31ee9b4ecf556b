"""Addresses of the employer portal."""

from __future__ import annotations

from django.urls import path

from onecard.web.unit import views

app_name = "unit"
urlpatterns = [
    path("", views.start, name="start"),
    path("add", views.add, name="add"),
    path("add/check", views.check, name="check"),
    path("person/<str:ref>", views.person, name="person"),
    path("person/<str:ref>/retract", views.retract, name="retract"),
    path("handout", views.handout, name="handout"),
]
