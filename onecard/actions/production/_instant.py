"""What instant issue writes down: the bank's answer and the printer's, each judged like a file's.

An answer that does not fit is a failure of its link as well as a discrepancy: at a counter somebody
is waiting, and a card with wrong numbers must not be handed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onecard import policy
from onecard.actions._keeping import note, tell
from onecard.actions._stepping import step
from onecard.actions.production import _cards, _discrepancies, _orders
from onecard.actions.stock import _blanks
from onecard.adapters.bank import AccountOpened, AccountRefused
from onecard.adapters.card_vendor import PrintedCard, PrintFailed
from onecard.domain.authority import Actor
from onecard.domain.card import CardPolicy
from onecard.domain.exchange import AccountReturn, CardReturn
from onecard.domain.production import (
    InUse,
    Misfit,
    Ordered,
    ProductionEvent,
    misfits_of_account,
    misfits_of_card,
)
from onecard.domain.stock import SpoilReason
from onecard.records.models import Application, Card
from onecard.seams.clock import local_day

GROUND = "rule book 9.2"
DOES_NOT_FIT = "@production.reason.does_not_fit"


def keep_account(
    application: Application, said: AccountOpened | AccountRefused, *, by: Actor, at: datetime
) -> None:
    """The account is open and the card can be printed; or it is not, and the blank goes back."""
    line = _as_account_return(application, said)
    if line.opened:
        misfits = _account_misfits(application, line, at)
        if not misfits:
            columns = _cards.account_columns(line)
            step(application, ProductionEvent.DOWNLOAD, by=by, at=at, **columns)
            note(about=application.ref, by=by, at=at, ground=GROUND)
            return
        _set_aside(application, "instant_account", application.bank, misfits, line, at)
    reason = DOES_NOT_FIT if line.opened else line.reason
    step(application, ProductionEvent.BANK_FAIL, by=by, at=at, reason=reason)
    blank = _blanks.taken_for(application)
    if blank is not None:
        _blanks.put_back(blank, by=by, at=at)
    note(about=application.ref, by=by, at=at, ground=GROUND, failed="bank")
    _tell("production.bank_failed", application, at)


def keep_print(
    application: Application, said: PrintedCard | PrintFailed, *, by: Actor, at: datetime
) -> Card | None:
    """A good card came out and is the person's; or the blank is spoiled and accounted for."""
    if isinstance(said, PrintFailed):
        _fail(application, SpoilReason.PRINT_FAILED, said.reason, by, at)
        return None
    line = _as_card_return(application, said)
    misfits = _card_misfits(application, line, at)
    if misfits:
        _set_aside(application, "instant_print", "card_vendor", misfits, line, at)
        _fail(application, SpoilReason.MISPRINTED, DOES_NOT_FIT, by, at)
        return None
    step(application, ProductionEvent.INSTANT_OK, by=by, at=at)
    blank = _blanks.taken_for(application)
    card = _cards.make(application, line, by=by, at=at, blank=blank)
    if blank is not None:
        _blanks.issue(blank, by=by, at=at)
    note(about=application.ref, by=by, at=at, ground=GROUND, card=card.ref)
    return card


def _fail(application: Application, why: SpoilReason, reason: str, by: Actor, at: datetime) -> None:
    step(application, ProductionEvent.INSTANT_FAIL, by=by, at=at, reason=reason)
    blank = _blanks.taken_for(application)
    if blank is not None:
        _blanks.reject(blank, why, by=by, at=at)
    note(about=application.ref, by=by, at=at, ground=GROUND, failed="making")
    _tell("production.making_failed", application, at)


def _account_misfits(
    application: Application, line: AccountReturn, at: datetime
) -> tuple[Misfit, ...]:
    return misfits_of_account(
        line=line,
        ordered=_ordered(application, line.attempt),
        in_use=InUse(bank_card_number=_cards.is_bank_card_used(application, line)),
        partner=application.bank,
        on=local_day(at),
    )


def _card_misfits(application: Application, line: CardReturn, at: datetime) -> tuple[Misfit, ...]:
    day = local_day(at)
    return misfits_of_card(
        line=line,
        ordered=_ordered(application, line.attempt),
        in_use=_cards.in_use(application, line),
        on=day,
        figures=policy.in_force("card", CardPolicy, on=day),
    )


def _ordered(application: Application, attempt: int) -> Ordered:
    person = application.person
    return Ordered(
        waiting=True,
        attempt=attempt,
        identity_number=person.identity_number,
        name=person.name,
        bank=application.bank,
        account_number=application.account_number,
        bank_card_number=application.bank_card_number,
    )


def _as_account_return(
    application: Application, said: AccountOpened | AccountRefused
) -> AccountReturn:
    """The answer to a call, in the form of a line."""
    attempt = _orders.attempts(application, _orders.TO_BANK)
    who = (application.number, attempt, application.person.identity_number)
    if isinstance(said, AccountRefused):
        return AccountReturn(*who, opened=False, reason=said.reason)
    return AccountReturn(*who, True, said.account_number, said.bank_card_number)


def _as_card_return(application: Application, said: PrintedCard) -> CardReturn:
    """A printed card in the form of a line; what the printer does not say is what we ordered."""
    person = application.person
    return CardReturn(
        application_number=application.number,
        attempt=_orders.attempts(application, _orders.TO_VENDOR),
        identity_number=person.identity_number,
        name=person.name,
        bank=application.bank,
        card_number=said.card_number,
        issued_on=said.issued_on,
        valid_to=said.valid_to,
        card_identifier=said.card_identifier,
        answer_to_reset=said.answer_to_reset,
        bank_card_number=application.bank_card_number,
        account_number=application.account_number,
    )


def _set_aside(
    application: Application,
    kind: str,
    partner: str,
    misfits: Sequence[Misfit],
    line: AccountReturn | CardReturn,
    at: datetime,
) -> None:
    detail = {"misfits": [misfit.value for misfit in misfits], "content": str(line.attempt)}
    _discrepancies.keep(kind, application.ref, partner, detail, at)


def _tell(event: str, application: Application, at: datetime) -> None:
    reason = application.failure
    tell(event, about=application.ref, at=at, parties=("sms",), reason=reason)
