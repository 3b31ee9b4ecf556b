"""A card in use, the desks at which its loss may be reported, and the bank behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from onecard.actions import loss, step_up
from onecard.actions._people import name_index_of
from onecard.actions.loss import LossReceipt
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.step_up import Purpose
from onecard.records.models import ApiClient, Application, Card, Person
from onecard.seams.world import world
from tests import cast, made_card

BANK, OTHER = "jnrcb", "icbc"
IN_HAND = CardInHand(card_number=made_card.CARD_NUMBER)
OWN = Shown(made_card.own_document())
BY_AGENT = Shown(
    made_card.own_document(), made_card.own_document(cast.ADULT_MAN, "李强"), agent_name="李强"
)
OPERATOR_12333 = Actor(Role.PHONE_OPERATOR, "stf_12333", Channel.PHONE)
TELLER = Actor(Role.BANK_CLERK, "stf_teller", Channel.CARD_FACE_BANK, outlet="out_bank")
SECOND_TELLER = Actor(Role.BANK_CLERK, "stf_second", Channel.CARD_FACE_BANK, outlet="out_second")
OTHER_TELLER = Actor(Role.BANK_CLERK, "stf_other", Channel.CARD_FACE_BANK, outlet="out_icbc")
BANK_SYSTEM = Actor(Role.PARTNER, "cli_bank", Channel.PARTNER_API)
OTHER_SYSTEM = Actor(Role.PARTNER, "cli_icbc", Channel.PARTNER_API)
WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


def now() -> datetime:
    """The time of the test's world."""
    return world().clock.now()


def later(**by: float) -> datetime:
    """The clock, moved on."""
    return made_card.clock().advance(timedelta(**by))


def a_card(**more: Any) -> tuple[Person, Card]:
    """王芳's card: enabled, its account activated, its bank with two outlets in the city."""
    columns = {
        "hr_state": HrState.NORMAL,
        "financial_state": FinancialState.ACTIVATED,
        "bank": BANK,
        "enabled_at": cast.MONDAY_9AM,
    } | more
    person = made_card.a_person(name_index=name_index_of("王芳"))
    desks()
    return person, made_card.a_card(person, None, **columns)


def desks() -> None:
    """The outlets of the card's bank and of another one, and both banks' own systems."""
    made_card.an_outlet("out_bank", bank=BANK, name="江南银行天宁支行")
    made_card.an_outlet("out_second", bank=BANK, name="江南银行钟楼支行")
    made_card.an_outlet("out_icbc", bank=OTHER, name="工商银行天宁支行")
    made_card.an_outlet()
    for ref, bank in ((BANK_SYSTEM.ref, BANK), (OTHER_SYSTEM.ref, OTHER)):
        ApiClient.objects.get_or_create(
            ref=ref,
            defaults={
                "name": bank,
                "role": Role.PARTNER,
                "bank": bank,
                "token_index": made_card.index("token", ref),
                "created_at": cast.MONDAY_9AM,
            },
        )


def registered(city: SimulatedPartners, card: Card) -> None:
    """The province's register knows the card."""
    city.simulation.hr_database.register_card(
        message_id=f"new {card.ref}",
        identity_number=cast.ADULT,
        card_number=card.card_number,
        bank=card.bank,
        state=card.hr_state,
    )


def fresh(card: Card) -> Card:
    """The card as it stands in the archive now."""
    return Card.objects.get(ref=card.ref)


def a_call(*, name: str = "王芳", number: str = cast.ADULT, card: str = "") -> loss.CallerReceipt:
    """A caller whom the operator identifies."""
    return loss.identify_caller(
        name=name, identity_number=number, card_number=card, actor=OPERATOR_12333, at=now()
    )


def by_phone(card: Card) -> LossReceipt:
    """Reported to 12333 by its holder."""
    return loss.report_temporary(call=a_call().call, card=card.ref, actor=OPERATOR_12333, at=now())


def at_bank(card: Card, actor: Actor = TELLER, shown: Shown = OWN) -> LossReceipt:
    """Reported formally at an outlet of a bank."""
    return loss.report_formally_at_bank(card=card.ref, shown=shown, actor=actor, at=now())


def online(card: Card) -> LossReceipt:
    """Reported formally by the holder at the portal."""
    return loss.report_formally_online(card=card.ref, actor=holder(card), at=now())


def at_counter(card: Card, actor: Actor = cast.CLERK) -> LossReceipt:
    """Reported formally at a service outlet."""
    return loss.report_formally_at_counter(card=card.ref, shown=OWN, actor=actor, at=now())


def holder(card: Card) -> Actor:
    """The holder, signed in."""
    return Actor(Role.CITIZEN, card.person_id, Channel.PORTAL)


def withdraw(
    card: Card, version: int | None = None, actor: Actor = TELLER, shown: Shown = OWN
) -> LossReceipt:
    """A formal report taken back at a desk; by default with the version that stands."""
    return loss.withdraw_formally(
        card=card.ref,
        version=fresh(card).loss_version if version is None else version,
        proof=IN_HAND,
        shown=shown,
        actor=actor,
        at=now(),
    )


def withdraw_temporary(
    card: Card, version: int | None = None, actor: Actor = TELLER, shown: Shown = OWN
) -> LossReceipt:
    """A temporary report taken back at the bank."""
    return loss.withdraw_temporary(
        card=card.ref,
        version=fresh(card).loss_version if version is None else version,
        proof=IN_HAND,
        shown=shown,
        actor=actor,
        at=now(),
    )


def proven_code(card: Card, city: SimulatedPartners, purpose: Purpose) -> str:
    """A one-time code that its holder has typed in."""
    started = step_up.begin(purpose=purpose, about=card.ref, actor=holder(card), at=now())
    code = code_in(city.simulation.sms.sent()[-1].text)
    step_up.prove(step_up=started.step_up, code=code, actor=holder(card), at=now())
    return started.step_up


def code_in(text: str) -> str:
    """The six digits of a text message."""
    return next(part for part in text.replace("，", "码").split("码") if part.isdecimal())


def replacement_applied(card: Card, state: ProductionState = ProductionState.SUBMITTED) -> None:
    """Somebody has applied for a new card in place of this one."""
    made_card.an_application(
        card.person, kind=ApplicationKind.REPLACEMENT, predecessor=card, state=state
    )


def applications(card: Card) -> int:
    """How many replacements were applied for."""
    return Application.objects.filter(predecessor=card).count()
