"""People with a One Card in use, who lose it, wear it out or give it up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from onecard.actions import collection, exchange, loss, production, replacement, timers
from onecard.actions.application import ApplicationReceipt, CounterCase
from onecard.actions.collection import EnableReceipt
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Collection
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import IN_USE, HrState
from onecard.domain.production import ProductionState
from onecard.domain.replacement import ExchangeReason, Replacing
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, Card, Person
from onecard.seams.world import world
from tests import applying, cast, made_card, replacing
from tests.actions.application import people
from tests.actions.application.people import CLERK, WOMAN

OLD_NUMBER = "C00000001"
BANK = "icbc"
TELLER = Actor(Role.BANK_CLERK, "stf_icbc", Channel.CARD_FACE_BANK, outlet="out_icbc")
OTHER_TELLER = Actor(Role.BANK_CLERK, "stf_ccb", Channel.CARD_FACE_BANK, outlet="out_ccb")
CONFIRMED = replacing.TOLD_OF_LOSS


def now() -> datetime:
    """The instant of the world in force."""
    return world().clock.now()


def banks_outlets() -> None:
    """An outlet of the card's bank, and one of another."""
    made_card.an_outlet("out_icbc", bank=BANK, name="工商银行天宁支行")
    made_card.an_outlet("out_ccb", bank="ccb", name="建设银行天宁支行")


def in_use(who: Resident = WOMAN, **more: Any) -> Card:
    """Somebody's One Card: enabled, its account activated, its purse opened."""
    person = Person.objects.get(ref=people.at_desk(who))
    columns = {
        "card_number": OLD_NUMBER,
        "hr_state": HrState.NORMAL,
        "financial_state": FinancialState.ACTIVATED,
        "transit_state": TransitState.OPEN,
        "bank": BANK,
        "issued_on": date(2022, 5, 9),
        "valid_to": date(2032, 5, 9),
        "enabled_at": cast.MONDAY_9AM,
    } | more
    done = made_card.an_application(
        person, state=ProductionState.COLLECTED, bank=BANK, collection=Collection.OUTLET
    )
    card = made_card.a_card(person, done, **columns)
    simulated = partners()
    assert isinstance(simulated, SimulatedPartners)
    simulated.simulation.hr_database.register_card(
        message_id=f"made {card.ref}",
        identity_number=who.person.identity_number,
        card_number=card.card_number,
        bank=card.bank,
        state=card.hr_state,
    )
    banks_outlets()
    return card


def holder(card: Card) -> Actor:
    """The holder, signed in."""
    return Actor(Role.CITIZEN, card.person_id, Channel.PORTAL)


def lose(card: Card) -> None:
    """Reported lost for good by the holder at the portal."""
    loss.report_formally_online(card=card.ref, actor=holder(card), at=now())


def lost(**more: Any) -> Card:
    """A card that is reported lost for good."""
    card = in_use(**more)
    lose(card)
    return fresh(card)


def replace_online(card: Card, told: Replacing = CONFIRMED, **answers: Any) -> ApplicationReceipt:
    """A replacement applied for by the holder at the portal."""
    return replacement.apply_online(
        answers=replace(applying.BY_POST, **answers), replacing=told, actor=holder(card), at=now()
    )


def case_of(who: Resident = WOMAN, told: Replacing = CONFIRMED, **changes: Any) -> CounterCase:
    """The holder at a counter, told everything."""
    return people.case_of(who, replacing=told, **changes)


def replace_at_counter(actor: Actor = CLERK, **changes: Any) -> ApplicationReceipt:
    """A replacement taken across the counter."""
    return replacement.apply_at_counter(case=case_of(**changes), actor=actor, at=now())


def exchange_at_counter(
    reason: ExchangeReason = ExchangeReason.DAMAGED, actor: Actor = CLERK, **changes: Any
) -> ApplicationReceipt:
    """An exchange taken across the counter, the old card on the desk."""
    told = changes.pop("told", Replacing(reason=reason))
    facts = {"old_card_shown": True} | changes
    return exchange.apply_at_counter(case=case_of(told=told, **facts), actor=actor, at=now())


def fresh(card: Card) -> Card:
    """The card as it stands in the archive now."""
    return Card.objects.get(ref=card.ref)


def made_for(receipt: ApplicationReceipt) -> Card:
    """The card that was made for an application."""
    return Card.objects.filter(application=receipt.application).latest("issued_on")


def let_go_by(**time: float) -> None:
    """Time goes by, the worker looks in every two hours."""
    until = now() + timedelta(**time)
    while now() < until:
        made_card.clock().advance(timedelta(hours=2))
        done = timers.run_due(now())
        assert not [job for job in done if job.error], done


def brought_to_outlet(receipt: ApplicationReceipt) -> Card:
    """The factory makes the card, the batch is distributed, the outlet takes it in."""
    let_go_by(hours=8)
    row = Application.objects.get(ref=receipt.application)
    assert row.batch_id is not None, row.state
    production.distribute(batch=row.batch_id, actor=cast.OPERATOR, at=now())
    production.arrive(applications=(row.ref,), actor=at(row.collect_at_id or ""), at=now())
    return made_for(receipt)


def at(outlet: str) -> Actor:
    """A clerk of that outlet."""
    return replace(CLERK, outlet=outlet)


def enable(card: Card, *, handed_in: bool = False, actor: Actor = CLERK) -> EnableReceipt:
    """Enabled at a counter, with the card in hand and the own document."""
    return collection.enable(
        card=card.ref,
        proof=CardInHand(card_number=card.card_number),
        shown=Shown(applying.OWN),
        old_card_handed_in=handed_in,
        actor=actor,
        at=now(),
    )


def enable_online(card: Card) -> EnableReceipt:
    """Enabled by the holder, who types the number on the card."""
    return collection.enable_online(
        card=card.ref, card_number=card.card_number, actor=holder(card), at=now()
    )


def must_be_one_person_one_card(person: str) -> None:
    """V2 and V3 as the archive stands: one card in use, at most a predecessor and a successor."""
    cards = list(Card.objects.filter(person=person))
    live = [card for card in cards if card.state_at(now()) is not HrState.CANCELLED]
    in_use = [card for card in live if card.state_at(now()) in IN_USE]
    assert len(in_use) <= 1, live
    assert len(live) <= 2, live
    if len(live) == 2:
        old, new = sorted(live, key=lambda card: card.predecessor_id is not None)
        assert new.hr_state is HrState.SEALED, live
        assert new.predecessor_id == old.ref, live
