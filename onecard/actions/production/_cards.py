"""A card row from what the vendor or the printer says, with its numbers as they came."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._history import begin_card, transition
from onecard.actions._keeping import tell
from onecard.domain.authority import Actor
from onecard.domain.exchange import AccountReturn, CardReturn
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.identity import canonical
from onecard.domain.production import InUse
from onecard.records.models import Application, BlankCard, Card
from onecard.seams.world import world

REASON = "card_made"


def make(
    application: Application,
    line: CardReturn,
    *,
    by: Actor,
    at: datetime,
    blank: BlankCard | None = None,
) -> Card:
    """The new card, SEALED, its bank account opened; the province and the person are told."""
    if line.issued_on is None or line.valid_to is None:
        message = "a card without its days was judged to fit"
        raise ValueError(message)
    identifier = canonical(line.card_identifier)
    card = Card.objects.create(
        ref=world().ids.new("crd"),
        person_id=application.person_id,
        application=application,
        predecessor_id=application.predecessor_id,
        bank=application.bank,
        card_number=canonical(line.card_number),
        card_number_index=card_number_index(line.card_number),
        card_identifier=identifier,
        card_identifier_index=_index("card_identifier", identifier),
        answer_to_reset=line.answer_to_reset.upper(),
        bank_card_number=line.bank_card_number,
        bank_card_index=_index("bank_card", line.bank_card_number),
        box_position=line.box_position,
        blank=blank,
        financial_state=FinancialState.OPENED,
        issued_on=line.issued_on,
        valid_to=line.valid_to,
    )
    begin_card(card, reason=REASON, by=by, at=at)
    was, now = FinancialState.NONE, FinancialState.OPENED
    transition(card, function="financial", was=was, now=now, reason=REASON, by=by, at=at)
    parties, state = ("hr_database", "sms"), HrState.SEALED.value
    tell("card.produced", about=card.ref, at=at, parties=parties, state=state)
    return card


def account_columns(line: AccountReturn) -> dict[str, str]:
    """The columns of an application that a bank's yes fills."""
    return {
        "account_number": line.account_number,
        "bank_card_number": line.bank_card_number,
        "bank_card_index": _index("bank_card", line.bank_card_number),
    }


def in_use(application: Application, line: CardReturn) -> InUse:
    """Which of the line's numbers belong to something else already."""
    identifier = _index("card_identifier", canonical(line.card_identifier))
    others = Card.objects.filter(person_id=application.person_id)
    live = others.exclude(hr_state=HrState.CANCELLED).exclude(ref=application.predecessor_id)
    return InUse(
        card_number=_has(card_number_index=card_number_index(line.card_number)),
        card_identifier=_has(card_identifier_index=identifier),
        bank_card_number=is_bank_card_used(application, line),
        second_live_card=live.exists(),
    )


def is_bank_card_used(application: Application, line: AccountReturn | CardReturn) -> bool:
    """Whether another card or application has this bank card number."""
    if not line.bank_card_number:
        return False
    index = _index("bank_card", line.bank_card_number)
    others = Application.objects.filter(bank_card_index=index).exclude(ref=application.ref)
    return _has(bank_card_index=index) or others.exists()


def card_number_index(number: str) -> str:
    """How a card number is found in the archive."""
    return _index("card_number", canonical(number))


def _has(**lookup: str) -> bool:
    return Card.objects.filter(**lookup).exists()


def _index(purpose: str, value: str) -> str:
    return world().custody.blind_index(purpose, value)
