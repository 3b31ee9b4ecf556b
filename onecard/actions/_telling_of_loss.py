"""Telling others of a loss: one message for each party, and a line that waits for its answer.

The line is written with the message, in the act's own transaction, so that the loss board never
claims more than was confirmed.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions._keeping import tell
from onecard.domain import partner
from onecard.domain.partner import HR_DATABASE, SMS
from onecard.domain.refusal import Fact
from onecard.records.models import Card, LossConfirmation, LossReport
from onecard.seams.world import world


def tell_of_loss(
    event: str,
    card: Card,
    report: LossReport | None,
    *,
    at: datetime,
    parties: tuple[str, ...] = (HR_DATABASE, SMS),
    **facts: Fact,
) -> dict[str, str]:
    """Tell the parties of a change of a held card's loss; returns the message of each.

    People are told too, but need not acknowledge.
    """
    named: dict[str, Fact] = {"loss": report.ref if report else "", "version": card.loss_version}
    messages = tell(event, about=card.ref, at=at, parties=parties, **named, **facts)
    for party, message in messages.items():
        if report is not None and party != SMS:
            expect(party, card, report, event=event, message=message, at=at)
    return messages


def tell_bank(
    event: str,
    card: Card,
    report: LossReport | None,
    *,
    state: str,
    told_by_bank: bool,
    at: datetime,
) -> dict[str, str]:
    """Tell the card-face bank; what its own system told us it has confirmed by doing so."""
    party = partner.bank(card.bank)
    if not told_by_bank:
        return tell_of_loss(event, card, report, at=at, parties=(party,), state=state)
    if report is not None:
        own = f"{report.ref}:{card.loss_version}"
        row = expect(party, card, report, event=event, message=own, at=at)
        row.told_at = row.confirmed_at = row.effective_at = at
        row.save(update_fields=["told_at", "confirmed_at", "effective_at"])
    return {}


def expect(
    party: str, card: Card, report: LossReport, *, event: str, message: str, at: datetime
) -> LossConfirmation:
    """The line of the board that waits for a party's answer."""
    return LossConfirmation.objects.create(
        ref=world().ids.new("lcf"),
        card=card,
        report=report,
        party=party,
        event=event,
        version=card.loss_version,
        message=message,
        queued_at=at,
    )
