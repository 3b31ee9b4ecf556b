"""The address of the style page."""

from __future__ import annotations

from django.urls import path

from onecard.web.style import views

urlpatterns = [path("", views.style, name="style")]
