"""Losses: reported by the card-face bank's own system, read by whoever may, taken back by version.

`accepted_at` is the committed time: HR functions are denied from that instant. `confirmed_at` is
each party's own word; until then it is pending. A withdrawal names the version it takes back, and
is closed once a replacement was applied for. The transit purse knows no loss.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import ConfigDict, Field

from onecard.actions import financial
from onecard.actions import loss as acts
from onecard.actions.financial import News
from onecard.api.caller import key_in_header
from onecard.api.house import Asked, Told
from onecard.api.partner.asking import (
    CardId,
    CardPageAsked,
    Page,
    Serial,
    done_once,
    etag,
    page,
    place_in,
    version_asked,
)
from onecard.api.partner.door import allowed
from onecard.api.partner.told import ConfirmationTold, LossTold
from onecard.domain import loss as rules
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.partner_scope import LOSS_READ, LOSS_WRITE, Function
from onecard.domain.refusal import Refusal, Refused
from onecard.queries import partner as queries
from onecard.queries.partner import PartnerCaller
from onecard.seams.world import world

router = Router(tags=["losses"])
LOSSES = "losses"
_SERIAL_LENGTH = 64


class LossAsked(Asked):
    """A loss that the bank has accepted: the person and the papers were there, its side is lost.

    `formal` covers HR and financial function. `temporary` is the financial function's own, by the
    bank's rules, and needs `sequence`, your count of messages about this card. `function` may be
    left out; asking for `transit` explains why there is no such report.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "card_id": "crd_01JGFJJZ000000000000000CA1",
                    "kind": "formal",
                    "reason": "lost",
                    "biz_serial_no": "20260302000001",
                }
            ]
        },
    )
    card_id: CardId
    kind: Literal["formal", "temporary"]
    reason: Literal["lost", "stolen"] = "lost"
    function: Function | None = None
    outlet: Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_]*$")] = ""
    sequence: Annotated[int, Field(ge=1, le=2**53, strict=True)] | None = None
    biz_serial_no: Serial = ""


class WithdrawalAsked(Asked):
    """Where the loss was taken back; the version stands in `If-Match`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"biz_serial_no": "20260302000002"}]},
    )
    outlet: Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_]*$")] = ""
    biz_serial_no: Serial = ""


class LossAnswerTold(Told):
    """A loss after a request, with what serves as evidence of it; the same for every retry.

    `request_digest` is the SHA-256 (hex) of the request's body as it arrived: under our signature
    one message proves what was acknowledged. `notice` says where nothing changed. `confirmations`
    are as they stood then; `GET /losses/{id}` tells how they stand now.
    """

    id: str
    card_id: str
    kind: str
    version: int
    hr_state: str
    financial_state: str
    accepted_at: datetime | None
    expires_at: datetime | None
    notice: str
    financial_answer: str
    confirmations: list[ConfirmationTold]
    request_digest: str


@router.post("/losses", response={201: LossAnswerTold}, operation_id="report_loss")
@done_once
def report_loss(request: HttpRequest, response: HttpResponse, asked: LossAsked) -> object:
    """Report a loss. Effective here at once; never refused for an old version of the card."""
    caller = allowed(request, LOSS_WRITE)
    if asked.function is Function.TRANSIT:
        raise Refused(rules.may_report_transit())
    if asked.kind == "temporary":
        return Status(201, _temporary(request, caller, asked))
    receipt = acts.take_formal_report(
        card=asked.card_id,
        serial=_serial(request, asked),
        outlet=asked.outlet,
        actor=caller.actor,
        at=world().clock.now(),
    )
    response["ETag"] = etag(receipt.version)
    return Status(201, _answer(request, caller, receipt))


@router.get("/losses", response=Page[LossTold], operation_id="list_losses")
def list_losses(request: HttpRequest, asked: Query[CardPageAsked]) -> object:
    """Losses, of one card or of all you may know of."""
    caller = allowed(request, LOSS_READ)
    after = place_in(asked.after, of=LOSSES, client=caller.ref)
    found = queries.losses(
        caller=caller,
        card=asked.card_id,
        after=after,
        limit=asked.limit,
        at=world().clock.now(),
    )
    return page(found, asked.limit, of=LOSSES, client=caller.ref)


@router.get("/losses/{loss_id}", response=LossTold, operation_id="read_loss")
def read_loss(request: HttpRequest, response: HttpResponse, loss_id: str) -> object:
    """One loss and who has confirmed it; `ETag` is the version a withdrawal has to name."""
    caller = allowed(request, LOSS_READ)
    seen = queries.loss(caller=caller, loss=loss_id, at=world().clock.now())
    response["ETag"] = etag(seen.version)
    return seen


@router.post("/losses/{loss_id}/withdrawal", response=LossAnswerTold, operation_id="withdraw_loss")
@done_once
def withdraw_loss(
    request: HttpRequest, response: HttpResponse, loss_id: str, asked: WithdrawalAsked
) -> object:
    """Take a formal loss back, at the bank that accepted it; `If-Match` names its version."""
    caller = allowed(request, LOSS_WRITE)
    version, now = version_asked(request), world().clock.now()
    seen = queries.loss(caller=caller, loss=loss_id, at=now)
    receipt = acts.take_withdrawal(
        card=seen.card_id, version=version, outlet=asked.outlet, actor=caller.actor, at=now
    )
    response["ETag"] = etag(receipt.version)
    return _answer(request, caller, receipt) | {"id": receipt.report or loss_id}


def _temporary(request: HttpRequest, caller: PartnerCaller, asked: LossAsked) -> dict[str, Any]:
    """The bank's own temporary report, as news of its function."""
    if asked.sequence is None:
        raise Refused(Refusal("request.field_missing", {"pointer": "sequence"}, field="sequence"))
    serial = _serial(request, asked)
    now = world().clock.now()
    news = News(asked.card_id, FinancialEvent.REPORT_TEMPORARY, serial, asked.sequence, now)
    told = financial.take_news(news=news, actor=caller.actor, at=now)
    card = queries.card(caller=caller, card=asked.card_id, at=now)
    kept = queries.loss_of_serial(caller=caller, serial=serial, at=now)
    return {
        "id": kept.id if kept else "",
        "card_id": card.id,
        "kind": asked.kind,
        "version": card.loss_version,
        "hr_state": card.functions[0].state,
        "financial_state": told.financial_state,
        "accepted_at": kept.accepted_at if kept else None,
        "expires_at": kept.expires_at if kept else None,
        "notice": "" if told.result == "applied" else told.result,
        "financial_answer": told.result,
        "confirmations": [],
        "request_digest": _digest(request),
    }


def _answer(
    request: HttpRequest, caller: PartnerCaller, receipt: acts.LossReceipt
) -> dict[str, Any]:
    """From the stored receipt, so that a retry gets the same."""
    return {
        "id": receipt.report,
        "card_id": receipt.card,
        "kind": receipt.kind,
        "version": receipt.version,
        "hr_state": receipt.hr_state,
        "financial_state": receipt.financial_state,
        "accepted_at": receipt.accepted_at,
        "expires_at": receipt.until,
        "notice": receipt.notice,
        "financial_answer": receipt.financial_answer,
        "confirmations": queries.confirmations_at(
            caller=caller, loss=receipt.report, at=receipt.accepted_at
        ),
        "request_digest": _digest(request),
    }


def _serial(request: HttpRequest, asked: LossAsked) -> str:
    return asked.biz_serial_no or key_in_header(request)[:_SERIAL_LENGTH]


def _digest(request: HttpRequest) -> str:
    return hashlib.sha256(request.body).hexdigest()
