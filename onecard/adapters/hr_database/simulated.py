"""A province made of software: keeps people, portraits and the register of cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cattrs.preconf.json import make_converter

from onecard.adapters import validity
from onecard.adapters.hr_database import (
    BasePerson,
    BenefitDue,
    ProvincialCard,
    RegisterPage,
    paging,
    paying,
    portrait,
)
from onecard.adapters.hr_database.magic import RESIDENTS, Resident
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.store import Shelf, Store
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.partner import HR_DATABASE
from onecard.seams.clock import local_day

_THIRD_GENERATION = 3
_kept = make_converter()


class SimulatedHrDatabase:
    """Answers as `HrDatabase` says; what was registered stays registered."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], seed: int) -> None:
        self._store, self._now, self._seed = store, now, seed
        self._magic_is_there = False

    def seed(self, residents: Iterable[Resident]) -> None:
        """Make people known. Who is known already stays as they are, with their cards."""
        with self._store.turn() as shelf:
            for resident in residents:
                _keep(shelf, resident)

    def residents(self) -> tuple[Resident, ...]:
        """Everybody, in the order in which they became known."""
        with self._turn() as shelf:
            return tuple(_resident(entry.body) for entry in shelf.every("person"))

    def find_person(self, identity_number: str) -> BasePerson | None:
        """Base data by identity number, or None if the province does not know it."""
        resident = self._find(identity_number)
        return resident.person if resident else None

    def find_photo(self, identity_number: str) -> bytes | None:
        """The portrait on file, or None."""
        resident = self._find(identity_number)
        if resident is None or not resident.has_photo:
            return None
        return portrait.draw(
            number=identity_number,
            sex=resident.person.sex,
            born_on=resident.person.born_on,
            on=local_day(self._now()),
            seed=self._seed,
        )

    def cards_of(self, identity_number: str) -> tuple[ProvincialCard, ...]:
        """Every card ever registered for the person, newest last."""
        with self._turn() as shelf:
            return _cards(shelf, identity_number)

    def benefits_of(self, identity_number: str) -> tuple[BenefitKind, ...]:
        """The benefits that are being paid to a person."""
        resident = self._find(identity_number)
        if resident is None:
            return ()
        with self._turn() as shelf:
            return paying.paid_to(shelf, resident.person, local_day(self._now()))

    def benefits_due(self, *, first: date, last: date) -> tuple[BenefitDue, ...]:
        """Every payment of these days, both included, the earliest first."""
        with self._turn() as shelf:
            for day in paying.runs_to_make(shelf, first, last):
                known = [_resident(entry.body).person for entry in shelf.every("person")]
                people = [(one, _cards(shelf, one.identity_number)) for one in known]
                paying.make_run(shelf, day, people, seed=self._seed)
            return paying.due(shelf, first, last)

    def close_benefits(self, identity_number: str) -> None:
        """The person's benefits have been closed at the HR counter."""
        with self._turn() as shelf:
            paying.close(shelf, identity_number)

    def owe(self, payment: BenefitDue) -> None:
        """Enter a payment that is to be made."""
        with self._turn() as shelf:
            paying.owe(shelf, payment)

    def card_of(self, card_number: str) -> ProvincialCard | None:
        """One card of the register, or None."""
        with self._turn() as shelf:
            entry = shelf.get("card", card_number)
        return _kept.structure(entry.body, ProvincialCard) if entry else None

    def cards_after(self, cursor: str, most: int) -> RegisterPage:
        """The cards that were entered, behind a cursor; the last page bears the digest of all."""
        with self._turn() as shelf:
            return paging.page(shelf, int(cursor or 0), most)

    def register_card(
        self, *, message_id: str, identity_number: str, card_number: str, bank: str, state: HrState
    ) -> None:
        """Enter a new card of this city. The same message, or the same card, changes nothing."""
        today = local_day(self._now())
        card = ProvincialCard(
            card_number=card_number,
            generation=_THIRD_GENERATION,
            bank=bank,
            city="changzhou",
            state=state,
            issued_on=today,
            valid_to=validity.last_day(today),
        )
        with self._turn() as shelf:
            if shelf.add("message", message_id, {}):
                _keep_card(shelf, identity_number, card)
                paging.enter(shelf, card_number)

    def set_state(self, *, message_id: str, card_number: str, state: HrState) -> None:
        """Enter a new state. Raises `PartnerDown` for a card that was never registered."""
        with self._turn() as shelf:
            entry = shelf.get("card", card_number)
            if entry is None:
                raise PartnerDown(HR_DATABASE, "no such card in the register")
            if shelf.add("message", message_id, {}):
                shelf.change("card", card_number, {**entry.body, "state": state.value})

    def _find(self, identity_number: str) -> Resident | None:
        with self._turn() as shelf:
            entry = shelf.get("person", identity_number)
        resident = _resident(entry.body) if entry else None
        return resident if resident and resident.in_hr_database else None

    def _turn(self) -> Any:
        if not self._magic_is_there:
            self._magic_is_there = True
            self.seed(RESIDENTS)
        return self._store.turn()


def _keep(shelf: Shelf, resident: Resident) -> None:
    number = resident.person.identity_number
    if shelf.add("person", number, _kept.unstructure(replace(resident, cards=()))):
        for card in resident.cards:
            _keep_card(shelf, number, card)


def _keep_card(shelf: Shelf, owner: str, card: ProvincialCard) -> None:
    if shelf.add("card", card.card_number, _kept.unstructure(card)):
        shelf.add(_owned_by(owner), card.card_number, {})


def _cards(shelf: Shelf, identity_number: str) -> tuple[ProvincialCard, ...]:
    owned = [entry.key for entry in shelf.every(_owned_by(identity_number))]
    cards = [shelf.get("card", number) for number in owned]
    return tuple(_kept.structure(entry.body, ProvincialCard) for entry in cards if entry)


def _owned_by(identity_number: str) -> str:
    return f"card of {identity_number}"


def _resident(body: dict[str, Any]) -> Resident:
    return _kept.structure(body, Resident)
