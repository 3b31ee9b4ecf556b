"""Addresses of the staff door."""

from __future__ import annotations

from django.urls import path

from onecard.web.sign_in import views

app_name = "sign_in"
urlpatterns = [
    path("", views.start, name="start"),
    path("code", views.code, name="code"),
    path("enrol", views.enrol, name="enrol"),
    path("password", views.password, name="password"),
    path("account", views.account, name="account"),
    path("out", views.out, name="out"),
    path("stay", views.stay, name="stay"),
]
