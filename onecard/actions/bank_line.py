"""与银行同步挂失: the relay's way to a bank: a loss is entered there, or taken back.

The same way is taken at once, while the citizen waits, and by the outbox whenever that did not get
through. The bank's signed answer is kept before the message counts as sent.
"""

from __future__ import annotations

from onecard import policy
from onecard.actions._message import Message, Undeliverable
from onecard.actions.confirmation import Answer, keep_answer
from onecard.adapters.bank import CardNoted, LossConfirmed, LossOrder, LossRefused
from onecard.adapters.partners import partners
from onecard.domain import partner
from onecard.domain.authority import THE_CLOCK
from onecard.domain.financial_function import FinancialState
from onecard.domain.loss import LossPolicy
from onecard.records.models import Card, LossReport
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register

LOSS = "loss."
"""Events of a loss are answered by the bank with a signature."""

register("loss.after_bank_answered")


def send(message: Message) -> Undeliverable | None:
    """Tell a bank of a loss, of its withdrawal, or how a card stands. Raises `PartnerSilent`."""
    bank = partners().banks[partner.bank_of(message.party)]
    if not message.event.startswith(LOSS):
        bank.note_card(_noted(message))
        return None
    figures = policy.in_force("loss", LossPolicy, on=local_day(message.at))
    is_loss = message.payload["state"] == FinancialState.FORMAL_LOSS.value
    ask = bank.report_loss if is_loss else bank.withdraw_loss
    answer = ask(_order(message), within_seconds=figures.partner_timeout_seconds)
    failpoint("loss.after_bank_answered")
    if isinstance(answer, LossRefused):
        kept = Answer(told_at=message.at, refused=answer.reason)
        keep_answer(message=message.ref, answer=kept, actor=THE_CLOCK, at=message.at)
        return Undeliverable(f"refused: {answer.reason}")
    return _keep(message, answer)


def _noted(message: Message) -> CardNoted:
    """How the card stands now, which is never older than the message."""
    card = Card.objects.get(ref=message.subject)
    return CardNoted(
        message_id=message.ref,
        card_number=card.card_number,
        bank_card_number=card.bank_card_number,
        state=card.financial_state,
        version=card.loss_version,
    )


def _order(message: Message) -> LossOrder:
    """What the bank is told; numbers travel in this call only, never in the outbox."""
    card = Card.objects.get(ref=message.subject)
    report = LossReport.objects.get(ref=message.payload["loss"])
    return LossOrder(
        message_id=message.ref,
        card_number=card.card_number,
        bank_card_number=card.bank_card_number,
        loss=report.serial or report.ref,
        version=message.payload["version"],
        reported_at=report.accepted_at,
    )


def _keep(message: Message, said: LossConfirmed) -> Undeliverable | None:
    """An answer that names another state than the one asked for confirms nothing."""
    right = said.state.value == message.payload["state"]
    answer = Answer(
        told_at=message.at,
        effective_at=said.effective_at,
        statement=said.statement,
        signature=said.signature,
        serial=said.serial,
        refused="" if right else said.state.value,
    )
    keep_answer(message=message.ref, answer=answer, actor=THE_CLOCK, at=said.received_at)
    return None if right else Undeliverable(f"stands as {said.state.value} there")
