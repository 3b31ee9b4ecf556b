"""Whatever dies before it is committed has not happened; what is committed happens once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from onecard.actions import e_card, financial, hr_pin, loss, step_up
from onecard.actions._keeping import once
from onecard.actions.financial import News
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.step_up import Purpose
from onecard.records.models import (
    AuditRow,
    BankNews,
    Card,
    CardPin,
    ECardConsent,
    Event,
    LossConfirmation,
    LossReport,
    LossSide,
    OutboxRow,
    PhoneCall,
    StepUp,
    Transition,
)
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast
from tests.lost_card import (
    BANK_SYSTEM,
    IN_HAND,
    OPERATOR_12333,
    OWN,
    TELLER,
    a_call,
    a_card,
    at_bank,
    by_phone,
    fresh,
    holder,
    later,
    now,
    proven_code,
    withdraw,
    withdraw_temporary,
)

pytestmark = pytest.mark.django_db
PIN = "738291"
TABLES = (
    AuditRow,
    BankNews,
    CardPin,
    ECardConsent,
    Event,
    LossConfirmation,
    LossReport,
    LossSide,
    OutboxRow,
    PhoneCall,
    StepUp,
    Transition,
)


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


Scene = Callable[[Card, SimulatedPartners], Callable[[], Any]]


def identifying(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del card, city
    return a_call


def phoning(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    call = a_call().call
    return lambda: loss.report_temporary(call=call, card=card.ref, actor=OPERATOR_12333, at=now())


def going_online(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    return lambda: loss.report_formally_online(card=card.ref, actor=holder(card), at=now())


def at_a_counter(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    return lambda: loss.report_formally_at_counter(
        card=card.ref, shown=OWN, actor=cast.CLERK, at=now()
    )


def from_the_bank(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    return lambda: loss.take_formal_report(card=card.ref, serial="J1", actor=BANK_SYSTEM, at=now())


def back_from_the_bank(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    from_the_bank(card, city)()
    version = fresh(card).loss_version
    return lambda: loss.take_withdrawal(card=card.ref, version=version, actor=BANK_SYSTEM, at=now())


def taking_back(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    by_phone(card)
    version = fresh(card).loss_version
    return lambda: withdraw_temporary(card, version)


def taking_back_formally(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    at_bank(card)
    version = fresh(card).loss_version
    return lambda: withdraw(card, version)


def taking_back_online(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    going_online(card, city)()
    code, version = proven_code(card, city, Purpose.WITHDRAW_LOSS), fresh(card).loss_version
    return lambda: loss.withdraw_formally_online(
        card=card.ref,
        version=version,
        step_up=code,
        signed_in_at=now(),
        actor=holder(card),
        at=now(),
    )


def lapsing(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    by_phone(card)
    later(days=7)
    return lambda: loss.lapse(card=card.ref, actor=THE_CLOCK, at=now())


def reminding(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    by_phone(card)
    later(days=6)
    return lambda: loss.remind(card=card.ref, actor=THE_CLOCK, at=now())


def activating(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    Card.objects.update(financial_state=FinancialState.OPENED)
    return lambda: financial.activate(
        card=card.ref, proof=IN_HAND, shown=OWN, actor=TELLER, at=now()
    )


def hearing_news(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    news = News(card.ref, FinancialEvent.REPORT_FORMAL, "J1", 1, now())
    return lambda: financial.take_news(news=news, actor=BANK_SYSTEM, at=now())


def setting_a_pin(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    return lambda: hr_pin.set_first(
        card=card.ref, proof=IN_HAND, shown=OWN, pin=PIN, actor=cast.CLERK, at=now()
    )


def locking_it(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    setting_a_pin(card, city)()
    CardPin.objects.update(wrong_tries=5)
    return lambda: hr_pin.try_pin(card=card.ref, pin="000001", actor=cast.CLERK, at=now())


def resetting_it(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    locking_it(card, city)()
    return lambda: hr_pin.reset(
        card=card.ref, proof=IN_HAND, shown=OWN, pin=PIN, actor=cast.CLERK, at=now()
    )


def asking_for_a_code(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    del city
    return lambda: step_up.begin(
        purpose=Purpose.WITHDRAW_LOSS, about=card.ref, actor=holder(card), at=now()
    )


def consenting(card: Card, city: SimulatedPartners) -> Callable[[], Any]:
    by_phone(card)
    code = proven_code(card, city, Purpose.USE_E_CARD)
    return lambda: e_card.give_consent(
        card=card.ref, step_up=code, signed_in_at=now(), actor=holder(card), at=now()
    )


SCENES: dict[str, Scene] = {
    "loss.identify_caller": identifying,
    "loss.report_temporary": phoning,
    "loss.report_formally_online": going_online,
    "loss.report_formally_at_counter": at_a_counter,
    "loss.take_formal_report": from_the_bank,
    "loss.take_withdrawal": back_from_the_bank,
    "loss.withdraw_temporary": taking_back,
    "loss.withdraw_formally": taking_back_formally,
    "loss.withdraw_formally_online": taking_back_online,
    "loss.lapse": lapsing,
    "loss.remind": reminding,
    "financial.activate": activating,
    "financial.take_news": hearing_news,
    "hr_pin.set_first": setting_a_pin,
    "hr_pin.try": locking_it,
    "hr_pin.reset": resetting_it,
    "step_up.begin": asking_for_a_code,
    "e_card.give_consent": consenting,
}


def everything() -> list[tuple[str, int]]:
    """How many rows there are, and how the card stands."""
    counts = [(table.__name__, table.objects.count()) for table in TABLES]
    states = Card.objects.values_list("hr_state", "financial_state", "loss_version")
    return [*counts, (str(list(states)), 0)]


@pytest.mark.rule("guarantees I1; platform B6")
@pytest.mark.parametrize("act", SCENES)
def test_dying_before_the_commit_leaves_nothing_and_the_repeat_does_it_once(
    city: SimulatedPartners, act: str
) -> None:
    """提交前中断什么都没发生;重试后只办一次,一次办成与中断重试结果相同。"""
    _, card = a_card()
    do = SCENES[act](card, city)
    before = everything()
    with pytest.raises(Crash), once("desk", "k", "x"), armed(f"{act}.before_commit"):
        do()
    assert everything() == before
    with pytest.raises(Crash), once("desk", "k", "x"), armed(f"{act}.after_commit"):
        do()
    done = everything()
    assert done != before
    with once("desk", "k", "x") as request:
        do()
    assert request.replayed
    kept = [row for row in everything() if row[0] not in {"AuditRow", "LossConfirmation"}]
    assert kept == [row for row in done if row[0] not in {"AuditRow", "LossConfirmation"}]
