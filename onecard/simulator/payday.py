"""The story of a benefit that is about to come back: the account it goes to was never activated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from onecard.adapters.hr_database import BenefitDue
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.benefit import BenefitKind
from onecard.seams.clock import local_day
from onecard.simulator.population import Inhabitant
from onecard.simulator.telling import Story

YESTERDAY = 13 * 24
PAID_IN = timedelta(days=6)


def stories(people: dict[str, Inhabitant]) -> list[Story]:
    """A subsidy is entered for somebody who has enabled the card and not been to the bank."""
    return [Story(YESTERDAY, owe(people["enabled"]))]


def owe(who: Inhabitant) -> Callable[[datetime], None]:
    """The province enters the payment."""

    def happen(at: datetime) -> None:
        played = partners()
        assert isinstance(played, SimulatedPartners)  # noqa: S101 - the city asked already
        newest = played.hr_database.cards_of(who.person.identity_number)[-1]
        payment = BenefitDue(
            payment=f"subsidy-{who.person.person_number}",
            identity_number=who.person.identity_number,
            kind=BenefitKind.SUBSIDY,
            pays_on=local_day(at) + PAID_IN,
            bank=newest.bank,
            card_number=newest.card_number,
        )
        played.simulation.hr_database.owe(payment)

    return happen
