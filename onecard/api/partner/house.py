"""The partners' API itself: the same manners as the other one, another door, its own contract."""

from __future__ import annotations

from typing import Any

from onecard import __version__
from onecard.api.house import House, StrictParser, furnish
from onecard.api.partner import contract
from onecard.api.partner.door import PartnerDoor


class PartnerHouse(House):
    """The API with its contract."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The contract, with headers, common answers, webhooks and ways to sign in."""
        return contract.complete(super(House, self).get_openapi_schema(**options))


api = furnish(
    PartnerHouse(
        title="onecard partner API",
        version=__version__,
        description=contract.INTRODUCTION,
        parser=StrictParser(),
        auth=PartnerDoor(),
        docs_url=None,
        openapi_url="/openapi.json",
        urls_namespace="partner",
    )
)
