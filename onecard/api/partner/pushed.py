"""The shape of what partners push to us, and how the contract says it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from onecard.api.house import Asked
from onecard.api.partner.asking import CardId
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP


class NewsPushed(Asked):
    """What happened to an account, as in `tell_news`."""

    card_id: CardId
    event: FinancialEvent
    serial: Annotated[str, Field(min_length=1, max_length=64, pattern="^[!-~]+$")]
    sequence: Annotated[int, Field(ge=1, le=2**53, strict=True)]
    happened_at: datetime
    names: Annotated[str, Field(max_length=64)] = ""


class MessagePushed(Asked):
    """A CloudEvents body of the one type we listen to."""

    specversion: Literal["1.0"]
    id: Annotated[str, Field(max_length=80)]
    source: Annotated[str, Field(max_length=200)]
    type: Literal["bank.function.changed"]
    time: datetime | None = None
    data: NewsPushed


_SCHEMA = MessagePushed.model_json_schema(ref_template="#/components/schemas/{model}")
SHAPES: dict[str, Any] = _SCHEMA.pop("$defs")
"""The shapes it refers to: the contract keeps them beside the others."""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/cloudevents+json": {"schema": _SCHEMA}},
    },
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in (ID, TIMESTAMP, SIGNATURE)
    ],
}
