"""闸机与公交: gates that work offline with a security module, and the file of their day.

A gate knows no loss report and no balance but what the card shows: the purse of a lost card pays,
as everywhere (SEED, FAQ 12).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from onecard.chip import purse_reading, transit_purse
from onecard.chip.purse_answers import PurchaseInitialized
from onecard.chip.purse_facts import Purchase
from onecard.chip.purse_files import CardIdentity, TransactionType
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.simulated_card import SimulatedCard
from onecard.chip.software_keys import SoftwareKeys
from onecard.chip.transit_purse import CappUpdate
from onecard.chip.wire import hold
from onecard.domain.clearing import Fare, written


@dataclass
class Gate:
    """One gate with its module and its memory of fares not yet reported.

    `composite`: a metro gate, which writes the journey and the fare in one transaction.
    """

    keys: SoftwareKeys
    terminal: bytes
    composite: bool = False
    counter: int = 0
    kept: list[Fare] = field(default_factory=list)

    def take(
        self,
        card: SimulatedCard,
        amount_fen: int,
        *,
        at: datetime,
        journey: tuple[CappUpdate, ...] = (),
    ) -> Fare:
        """Take a fare from a card in the field. Raises a chip error where the card says no."""
        profile, identity = card.made.profile, card.made.public.identity
        hold(purse_reading.select_purse(profile), card.transmit)
        purchase = self._next(amount_fen, at)
        init = self._begin(card, profile, amount_fen)
        mac1 = self.keys.sign_purchase(identity, profile, init, purchase)
        debit = (
            transit_purse.debit_capp_purchase(purchase, journey, mac1=mac1)
            if self.composite
            else transit_purse.debit_purchase(purchase, mac1=mac1)
        )
        paid = hold(debit, card.transmit)
        fare = _fare(identity, purchase, init.key_version, paid.tac)
        self.kept.append(fare)
        return fare

    def report(self, operator: str, day: date) -> str:
        """The fare file of a day; what it reports it still keeps, for files get lost."""
        return written(operator, day, [one for one in self.kept if one.at.date() == day])

    def _begin(
        self, card: SimulatedCard, profile: PurseProfile, amount_fen: int
    ) -> PurchaseInitialized:
        begin = (
            transit_purse.initialize_capp_purchase
            if self.composite
            else transit_purse.initialize_purchase
        )
        asked = begin(profile, amount_fen=amount_fen, terminal=self.terminal)
        return hold(asked, card.transmit)

    def _next(self, amount_fen: int, at: datetime) -> Purchase:
        self.counter += 1
        kind = TransactionType.CAPP_PURCHASE if self.composite else TransactionType.PURCHASE
        return Purchase(
            type=kind,
            amount_fen=amount_fen,
            terminal=self.terminal,
            terminal_counter=self.counter,
            at=at.replace(microsecond=0),
        )


def _fare(identity: CardIdentity, purchase: Purchase, key_version: int, tac: bytes) -> Fare:
    return Fare(
        line=0,
        issuer=identity.issuer.hex().upper(),
        serial=identity.serial.hex().upper(),
        type=purchase.type.value,
        amount_fen=purchase.amount_fen,
        terminal=purchase.terminal.hex().upper(),
        terminal_counter=purchase.terminal_counter,
        at=purchase.at,
        key_version=key_version,
        tac=tac.hex().upper(),
    )
