"""The addresses of the partners' API, one router per room."""

from __future__ import annotations

from onecard.api.partner import cards, events, hooks, losses, oauth, orders, reconciliations, tools
from onecard.api.partner.house import api

__all__ = ["api", "urlpatterns"]

for room in (oauth, cards, losses, orders, reconciliations, events, hooks, tools):
    api.add_router("", room.router)

urlpatterns = api.urls[0]
