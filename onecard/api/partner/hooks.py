"""Messages that partners push to us: an address for each key, Standard Webhooks headers."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from pydantic import ValidationError

from onecard.actions import financial
from onecard.actions import partner as acts
from onecard.actions._keeping import once
from onecard.actions.financial import News
from onecard.actions.partner import Pushed
from onecard.api import strict_json
from onecard.api.partner.door import body_of
from onecard.api.partner.pushed import BODY, MessagePushed
from onecard.api.partner.told import TakenTold
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refusal, Refused
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP
from onecard.seams.world import world

router = Router(tags=["webhooks to us"])


@router.post(
    "/hooks/{hook}",
    response=TakenTold,
    operation_id="push_message",
    auth=None,
    openapi_extra=BODY,
)
def push_message(request: HttpRequest, hook: str) -> object:
    """Push a message to us. The same id again gives the same answer; with another body 409."""
    headers = request.headers
    pushed = Pushed(headers.get(ID, ""), headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, ""))
    body = body_of(request)
    client = acts.receive(hook=hook, pushed=pushed, body=body, at=world().wire_now())
    message = _read(body)
    actor = Actor(Role.PARTNER, client, Channel.PARTNER_API)
    try:
        with once(client, f"webhook:{pushed.message}", body.decode()):
            taken = financial.take_news(news=message, actor=actor, at=world().clock.now())
    except Refused as refused:
        if refused.refusal.code == "request.key_reused":
            raise Refused(Refusal("webhook.same_id", field=ID)) from refused
        raise
    return {"message": pushed.message, "result": taken.result}


def _read(body: bytes) -> News:
    """Raises `Refused` naming what does not fit."""
    try:
        told = MessagePushed.model_validate(strict_json.read(body)).data
    except ValidationError as wrong:
        pointer = "/".join(str(step) for step in wrong.errors()[0]["loc"])
        facts = {"pointer": pointer, "problem": "value"}
        raise Refused(Refusal("request.field_value", facts, field=pointer)) from None
    return News(told.card_id, told.event, told.serial, told.sequence, told.happened_at, told.names)
