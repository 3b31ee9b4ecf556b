"""Addresses of the 12333 desk. Nothing a caller says is ever part of one."""

from __future__ import annotations

from django.urls import path

from onecard.web.phone import call, lookup, start

app_name = "phone"
urlpatterns = [
    path("", start.start, name="start"),
    path("page", lookup.page_code, name="page"),
    path("call/<str:ref>", call.summary, name="call"),
    path("call/<str:ref>/end", call.end, name="end"),
    path("call/<str:ref>/card/<str:card>/report", call.report, name="report"),
    path("call/<str:ref>/card/<str:card>", call.read_out, name="read_out"),
    path("call/<str:ref>/card/<str:card>/no/<slug:act>", call.explain, name="explain"),
]
