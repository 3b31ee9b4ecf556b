"""A one-time code reaches the telephone on file, works once, and nobody guesses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onecard import policy
from onecard.actions import e_card, step_up
from onecard.adapters.faults import Fault
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.step_up import Purpose
from onecard.queries import e_card as e_cards
from onecard.records.models import AuditRow, Card, ECardConsent, OutboxRow, Person, StepUp
from onecard.seams.world import world
from tests import cast, made_card
from tests.lost_card import (
    a_card,
    by_phone,
    code_in,
    fresh,
    holder,
    later,
    now,
    online,
    proven_code,
    withdraw_temporary,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def begin(card: Card, purpose: Purpose = Purpose.WITHDRAW_LOSS) -> step_up.StepUpStarted:
    return step_up.begin(purpose=purpose, about=card.ref, actor=holder(card), at=now())


def prove(card: Card, started: step_up.StepUpStarted, code: Any) -> step_up.StepUpProven:
    return step_up.prove(step_up=started.step_up, code=code, actor=holder(card), at=now())


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


def sent_code(city: SimulatedPartners) -> str:
    """What stands in the last text."""
    return code_in(city.simulation.sms.sent()[-1].text)


@pytest.mark.rule("guarantees 13, threat 30")
def test_a_code_goes_to_the_telephone_on_file_and_is_kept_nowhere(
    city: SimulatedPartners,
) -> None:
    """验证码只发登记手机号,6位,库中不留。"""
    _, card = a_card()
    started = begin(card)
    text = city.simulation.sms.sent()[-1]
    assert (text.phone, started.phone) == ("13912345678", "139****5678")
    code = sent_code(city)
    assert len(code) == 6
    for rows in (StepUp, AuditRow, OutboxRow):
        assert code not in str(list(rows.objects.values()))
    assert prove(card, started, code).right


@pytest.mark.rule("guarantees threat 30; MUT-64")
@pytest.mark.parametrize(
    "code", ["", " ", "000000", "00000", "0000000", None, [], 123456, "١٢٣٤٥٦"]
)
def test_what_is_no_code_is_wrong_and_counted(city: SimulatedPartners, code: Any) -> None:
    """空值、空格、列表、数字类型一律不算,且计次。"""
    _, card = a_card()
    started = begin(card)
    assert sent_code(city) != "000000"
    answer = prove(card, started, code)
    assert (answer.right, answer.left) == (False, 4)


def test_five_wrong_ones_end_a_code(city: SimulatedPartners) -> None:
    """最多试5次。"""
    _, card = a_card()
    started = begin(card)
    code = sent_code(city)
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    assert [prove(card, started, wrong).left for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(Refused) as refused:
        prove(card, started, code)
    assert code_of(refused) == "step_up.code_over"


def test_a_code_lives_five_minutes(city: SimulatedPartners) -> None:
    """5分钟内有效,到时即失效。"""
    _, card = a_card()
    started = begin(card)
    assert started.ends_at == now() + timedelta(minutes=5)
    later(minutes=4, seconds=59.999999)
    assert prove(card, started, sent_code(city)).right
    later(seconds=0.000001)
    with pytest.raises(Refused) as refused:
        prove(card, started, sent_code(city))
    assert code_of(refused) == "step_up.code_over"


def test_no_more_than_five_codes_an_hour() -> None:
    """每人每小时最多5条验证码。"""
    _, card = a_card()
    for _ in range(5):
        begin(card)
    with pytest.raises(Refused) as refused:
        begin(card)
    assert code_of(refused) == "step_up.too_many_codes"
    later(hours=1)
    begin(card)


def test_somebody_without_a_telephone_is_sent_to_a_counter(city: SimulatedPartners) -> None:
    """没有手机号、空号、短信平台不应答:各有说法。"""
    person, card = a_card()
    city.simulation.faults.set("sms", Fault.DOWN)
    with pytest.raises(Refused) as refused:
        begin(card)
    assert code_of(refused) == "partner.silent"
    city.simulation.faults.heal("sms")
    for phone in ("", "13800000002"):
        person.phone = phone
        person.save(update_fields=["phone"])
        with pytest.raises(Refused) as refused:
            begin(card)
        assert code_of(refused) == "step_up.no_phone"


def test_a_code_is_for_its_own_person_and_card(city: SimulatedPartners) -> None:
    """验证码绑定本人、用途和卡。"""
    _, card = a_card()
    stranger = made_card.a_person("320499199001019002")
    with pytest.raises(NotFound):
        step_up.begin(
            purpose=Purpose.WITHDRAW_LOSS,
            about=card.ref,
            actor=made_card.as_citizen(stranger),
            at=now(),
        )
    started = begin(card)
    with pytest.raises(NotFound):
        step_up.prove(
            step_up=started.step_up,
            code=sent_code(city),
            actor=made_card.as_citizen(stranger),
            at=now(),
        )
    assert Person.objects.count() == 2


@pytest.mark.rule("rule book 24")
def test_while_the_card_is_lost_the_electronic_one_needs_the_holders_consent(
    city: SimulatedPartners,
) -> None:
    """挂失期间电子社保卡须本人同意;新的挂失要重新同意;解挂后自动恢复。"""
    person, card = a_card()

    def usable() -> str:
        seen = e_cards.status(person=person.ref, as_seen_by=holder(card), at=now())
        return seen.refusal.code if seen.refusal else "usable"

    assert usable() == "usable"
    by_phone(card)
    assert usable() == "e_card.consent_needed"
    with pytest.raises(Refused) as refused:
        e_card.give_consent(
            card=card.ref, step_up="", signed_in_at=now(), actor=holder(card), at=now()
        )
    assert code_of(refused) == "step_up.needed"
    proof = proven_code(card, city, Purpose.USE_E_CARD)
    e_card.give_consent(
        card=card.ref, step_up=proof, signed_in_at=now(), actor=holder(card), at=now()
    )
    assert usable() == "usable"
    with policy.in_pack("shanghai-sample"):
        assert usable() == "usable"
    online(card)
    assert usable() == "e_card.consent_needed", "another loss, another consent"
    assert ECardConsent.objects.count() == 1


def test_no_consent_is_asked_for_when_nothing_is_lost(city: SimulatedPartners) -> None:
    """没有挂失,不需同意;挂失到期后也不需。"""
    person, card = a_card()
    receipt = e_card.give_consent(
        card=card.ref, step_up="", signed_in_at=None, actor=holder(card), at=now()
    )
    assert receipt.notice == "loss.not_reported"
    by_phone(card)
    later(days=7)
    seen = e_cards.status(person=person.ref, as_seen_by=holder(card), at=now())
    assert seen.usable
    assert city


def test_the_electronic_card_of_others_is_nobodys_business() -> None:
    """他人的电子社保卡状态看不到。"""
    person, card = a_card()
    for viewer in (cast.CITIZEN, replace(holder(card), ref="per_nobody")):
        with pytest.raises(NotFound):
            e_cards.status(person=person.ref, as_seen_by=viewer, at=now())
    by_phone(card)
    withdraw_temporary(card)
    assert fresh(card).hr_state is HrState.NORMAL
