"""Losses as partners see them: what stands, its version, who has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onecard.domain.partner_scope import Function, PartnerCaller, Reach
from onecard.domain.refusal import NotFound
from onecard.queries.partner.cards import cards_seen_by
from onecard.records.models import LossConfirmation, LossReport, LossSide

_IN_ADDRESS = {"hr": Function.HR, "financial": Function.FINANCIAL}


@dataclass(frozen=True)
class Confirmation:
    """One party that is told. Never `confirmed` before it has said so itself."""

    party: str
    state: str
    outbox_id: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class LossSeen:
    """One loss report. `version` is what a withdrawal names; `open` while it covers a function.

    A temporary one that is over by time is not open, swept or not.
    """

    id: str
    card_id: str
    kind: str
    open: bool
    version: int
    functions: tuple[str, ...]
    accepted_at: datetime
    expires_at: datetime | None
    biz_serial_no: str
    confirmations: tuple[Confirmation, ...]


def losses(
    *, caller: PartnerCaller, card: str, after: str, limit: int, at: datetime
) -> list[LossSeen]:
    """The next losses after an id, of one card or of all."""
    rows = _visible(caller).filter(ref__gt=after)
    if card:
        rows = rows.filter(card=card)
    return [_seen(row, caller, at) for row in rows.order_by("ref")[: limit + 1]]


def loss(*, caller: PartnerCaller, loss: str, at: datetime) -> LossSeen:
    """One loss. Raises `NotFound`."""
    row = _visible(caller).filter(ref=loss).first()
    if row is None:
        raise NotFound("LossReport")
    return _seen(row, caller, at)


def _visible(caller: PartnerCaller) -> QuerySet[LossReport]:
    cards = cards_seen_by(caller)
    return LossReport.objects.filter(card__in=cards).select_related("card")


def _seen(row: LossReport, caller: PartnerCaller, at: datetime) -> LossSeen:
    sides = LossSide.objects.filter(report=row).order_by("function")
    standing = [side for side in sides if _stands(side, at)]
    functions = {_IN_ADDRESS[side.function.value] for side in standing or sides}
    own = caller.rights.reach is Reach.OWN_BANK
    return LossSeen(
        id=row.ref,
        card_id=row.card_id,
        kind=row.kind.value,
        open=bool(standing),
        version=row.card.loss_version,
        functions=tuple(sorted(function.value for function in functions)),
        accepted_at=row.accepted_at,
        expires_at=row.until,
        biz_serial_no=row.serial if own and row.bank == caller.bank else "",
        confirmations=_confirmations(row),
    )


def _stands(side: LossSide, at: datetime) -> bool:
    return side.ended_at is None and (side.until is None or at < side.until)


def _confirmations(row: LossReport, *, until: datetime | None = None) -> tuple[Confirmation, ...]:
    lines = LossConfirmation.objects.filter(report=row).order_by("queued_at", "party")
    if until is not None:
        lines = lines.filter(queued_at__lte=until)
    return tuple(
        Confirmation(
            party=line.party,
            state="refused" if line.refused else "confirmed" if line.confirmed_at else "pending",
            outbox_id=line.message,
            confirmed_at=line.confirmed_at,
        )
        for line in lines
    )


def loss_of_serial(*, caller: PartnerCaller, serial: str, at: datetime) -> LossSeen | None:
    """The loss a bank reported under its own serial number, if one was kept."""
    row = _visible(caller).filter(bank=caller.bank, serial=serial).exclude(serial="").first()
    return _seen(row, caller, at) if row else None


def confirmations_at(
    *, caller: PartnerCaller, loss: str, at: datetime | None
) -> tuple[Confirmation, ...]:
    """Who was told of a loss, as it stood at an instant: what came later is still pending."""
    row = _visible(caller).filter(ref=loss).first()
    if row is None or at is None:
        return ()
    return tuple(
        line
        if line.confirmed_at is not None and line.confirmed_at <= at
        else Confirmation(line.party, "pending", line.outbox_id, None)
        for line in _confirmations(row, until=at)
    )
