"""The provincial database over HTTPS."""

from __future__ import annotations

from datetime import date

from onecard.adapters.caller import Caller, Line
from onecard.adapters.hr_database import BasePerson, BenefitDue, ProvincialCard, RegisterPage
from onecard.adapters.hr_database import messages as say
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState


class HttpHrDatabase:
    """Answers as `HrDatabase` says."""

    def __init__(self, line: Line) -> None:
        self._caller = Caller(line, say.CODEC)

    def find_person(self, identity_number: str) -> BasePerson | None:
        """Base data by identity number, or None if the province does not know it."""
        return self._caller.call(say.FIND_PERSON, say.AboutPerson(identity_number)).person

    def find_photo(self, identity_number: str) -> bytes | None:
        """The portrait on file, or None."""
        return self._caller.call(say.FIND_PHOTO, say.AboutPerson(identity_number)).photo

    def cards_of(self, identity_number: str) -> tuple[ProvincialCard, ...]:
        """Every card ever registered for the person, newest last."""
        return self._caller.call(say.CARDS_OF, say.AboutPerson(identity_number)).cards

    def benefits_of(self, identity_number: str) -> tuple[BenefitKind, ...]:
        """The benefits that are being paid to a person."""
        return self._caller.call(say.BENEFITS_OF, say.AboutPerson(identity_number)).kinds

    def benefits_due(self, *, first: date, last: date) -> tuple[BenefitDue, ...]:
        """Every payment of these days, both included, the earliest first."""
        return self._caller.call(say.BENEFITS_DUE, say.AboutDays(first, last)).payments

    def card_of(self, card_number: str) -> ProvincialCard | None:
        """One card of the register, or None."""
        return self._caller.call(say.CARD_OF, say.AboutCard(card_number)).card

    def cards_after(self, cursor: str, most: int) -> RegisterPage:
        """The cards that we entered, behind a cursor."""
        return self._caller.call(say.CARDS_AFTER, say.PageAsked(cursor, most))

    def register_card(
        self, *, message_id: str, identity_number: str, card_number: str, bank: str, state: HrState
    ) -> None:
        """Tell the province of a new card."""
        card = say.NewCard(message_id, identity_number, card_number, bank, state)
        self._caller.call(say.REGISTER_CARD, card)

    def set_state(self, *, message_id: str, card_number: str, state: HrState) -> None:
        """Tell the province that a card's HR function changed."""
        self._caller.call(say.SET_STATE, say.NewState(message_id, card_number, state))
