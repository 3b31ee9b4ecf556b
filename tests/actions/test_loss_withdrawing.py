"""A loss is taken back where it was accepted, by its version, and never after a replacement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from onecard.actions import collection, loss, outbox, step_up
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.loss import Side
from onecard.domain.person import Sex
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.domain.step_up import Purpose
from onecard.records.models import Card, LossSide, OutboxRow, StepUp, Transition
from onecard.seams.world import world
from tests import cast, made_card
from tests.lost_card import (
    BANK,
    BANK_SYSTEM,
    BY_AGENT,
    IN_HAND,
    OTHER_TELLER,
    OWN,
    SECOND_TELLER,
    TELLER,
    a_card,
    at_bank,
    at_counter,
    by_phone,
    fresh,
    holder,
    now,
    online,
    proven_code,
    replacement_applied,
    withdraw,
    withdraw_temporary,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


def states(card: Card) -> tuple[str, str]:
    """Both functions as they stand."""
    row = fresh(card)
    return row.state_at(now()).value, row.financial_state.value


@pytest.mark.rule("PROVINCIAL 2016 S1")
def test_a_temporary_report_is_taken_back_at_any_outlet_of_the_bank_on_the_card() -> None:
    """临时挂失:持卡人本人带卡和证件到卡面银行任一网点解挂。"""
    _, card = a_card()
    by_phone(card)
    receipt = withdraw_temporary(card, actor=SECOND_TELLER)
    assert (receipt.notice, receipt.hr_state) == ("", "normal")
    row = fresh(card)
    assert (row.hr_state, row.loss_ends_at) == (HrState.NORMAL, None)
    assert LossSide.objects.get().ended_how == "withdrawn"
    assert withdraw_temporary(card).notice == "loss.not_reported"


@pytest.mark.parametrize(
    ("actor", "proof", "shown", "code"),
    [
        (OTHER_TELLER, IN_HAND, OWN, "loss.wrong_bank"),
        (TELLER, CardInHand(), OWN, "collection.card_not_in_hand"),
        (TELLER, CardInHand(card_number="X1"), OWN, "collection.other_card"),
        (TELLER, IN_HAND, BY_AGENT, "authority.in_person_only"),
        (TELLER, IN_HAND, Shown(None), "documents.not_original"),
    ],
)
def test_a_temporary_report_is_not_taken_back_without_card_person_and_place(
    actor: Actor, proof: CardInHand, shown: Shown, code: str
) -> None:
    """临时挂失解挂:本行、持卡、本人、证件,缺一不可;电话和网上都不能解挂。"""
    _, card = a_card()
    by_phone(card)
    with pytest.raises(Refused) as refused:
        loss.withdraw_temporary(
            card=card.ref, version=1, proof=proof, shown=shown, actor=actor, at=now()
        )
    assert code_of(refused) == code
    assert states(card)[0] == "temporary_loss"


def test_a_guardian_takes_a_childs_report_back() -> None:
    """未满16周岁的由监护人带双方证件解挂。"""
    number = cast.CHILD_BORN_2018_06_22
    child = made_card.a_person(number, born_on="2018-06-22", sex=Sex.MALE)
    made_card.an_outlet("out_bank", bank=BANK)
    card = made_card.a_card(child, None, hr_state=HrState.NORMAL)
    with_guardian = Shown(
        made_card.own_document(number), made_card.own_document(name="王芳"), agent_name="王芳"
    )
    at_bank(card, shown=with_guardian)
    made_card.clock().set(datetime(2034, 6, 22, 0, 0, tzinfo=cast.MONDAY_9AM.tzinfo))
    with pytest.raises(Refused) as refused:
        withdraw(card, shown=with_guardian)
    assert code_of(refused) == "authority.in_person_only", "on the sixteenth birthday"
    made_card.clock().set(datetime(2034, 6, 21, 23, 59, tzinfo=cast.MONDAY_9AM.tzinfo))
    assert withdraw(card, shown=with_guardian).notice == ""


@pytest.mark.rule("PROVINCIAL 2016 S1; rule book 20.3")
def test_a_formal_report_is_taken_back_where_it_was_accepted() -> None:
    """正式挂失到受理的网点解挂,两侧一起;别的网点指明去处。"""
    _, card = a_card()
    at_bank(card)
    with pytest.raises(Refused) as refused:
        withdraw(card, actor=SECOND_TELLER)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.facts["outlet"]) == ("loss.wrong_outlet", "江南银行天宁支行")
    receipt = withdraw(card)
    assert states(card) == ("normal", "activated")
    assert receipt.elsewhere is None
    reasons = Transition.objects.filter(card=card).values_list("function", "reason")
    assert list(reasons) == [
        ("hr", "reported_formal"),
        ("financial", "reported_formal"),
        ("hr", "withdrawn"),
        ("financial", "withdrawn"),
    ]
    assert withdraw(card).notice == "loss.not_reported"


def test_the_bank_hears_of_the_withdrawal_at_once(city: SimulatedPartners) -> None:
    """解挂时银行同步解除,并签名确认。"""
    _, card = a_card()
    at_bank(card)
    receipt = withdraw(card)
    account = city.simulation.banks[BANK].account_state(card.card_number)
    assert (account.state, account.version) == (FinancialState.ACTIVATED, receipt.version)


def test_a_counter_takes_back_its_own_report_and_no_other() -> None:
    """人社窗口受理的在人社窗口解挂,只解人社侧。"""
    _, card = a_card()
    at_counter(card)
    elsewhere = replace(cast.CLERK, outlet="out_xinbei")
    made_card.an_outlet("out_xinbei", name="新北服务网点")
    for actor, code in ((elsewhere, "loss.wrong_outlet"), (TELLER, "loss.wrong_outlet")):
        with pytest.raises(Refused) as refused:
            withdraw(card, actor=actor)
        assert code_of(refused) == code
    assert withdraw(card, actor=cast.CLERK).hr_state == "normal"


def test_each_side_is_lifted_by_whoever_took_it_in() -> None:
    """人社侧由窗口受理、金融侧由银行受理:各解各的,互不阻挡。"""
    _, card = a_card()
    at_counter(card)
    at_bank(card)
    receipt = withdraw(card)
    assert states(card) == ("formal_loss", "activated")
    assert receipt.hr_state == "formal_loss"
    withdraw(card, actor=cast.CLERK)
    assert states(card) == ("normal", "activated")


def test_a_report_made_online_is_taken_back_in_person_anywhere() -> None:
    """网上挂失的,本人持卡和证件可到任一受理解挂的网点解挂。"""
    _, card = a_card()
    online(card)
    assert withdraw(card, actor=cast.CLERK).hr_state == "normal"


@pytest.mark.rule("rule book 17.1")
def test_the_kinds_of_report_are_not_mixed_up() -> None:
    """临时挂失不按正式解挂,正式挂失不按临时解挂。"""
    _, card = a_card()
    by_phone(card)
    with pytest.raises(Refused) as refused:
        withdraw(card)
    assert code_of(refused) == "loss.is_temporary"
    online(card)
    with pytest.raises(Refused) as refused:
        withdraw_temporary(card)
    assert code_of(refused) == "loss.is_formal"


@pytest.mark.rule("guarantees C4; V6")
def test_a_withdrawal_names_the_loss_it_has_seen() -> None:
    """解挂须指明所见的挂失版本;旧版本不能解除新的挂失。"""
    _, card = a_card()
    seen = by_phone(card).version
    online(card)
    with pytest.raises(Refused) as refused:
        withdraw(card, seen)
    assert code_of(refused) == "loss.other_report"
    assert refused.value.refusal.allowed["version"] == fresh(card).loss_version
    assert states(card)[0] == "formal_loss"
    stale = fresh(card).loss_version
    withdraw(card)
    by_phone(card)
    with pytest.raises(Refused):
        withdraw_temporary(card, stale)
    assert states(card)[0] == "temporary_loss"


@pytest.mark.rule("PROVINCIAL S1, S33; acceptance case A6; O23")
@pytest.mark.parametrize("state", [ProductionState.SUBMITTED, ProductionState.RETRACTED])
def test_after_a_replacement_was_applied_for_nothing_is_taken_back(
    state: ProductionState, city: SimulatedPartners
) -> None:
    """申请补卡后不能解挂,撤回申请也不恢复;窗口、网上、银行系统都一样。"""
    _, card = a_card()
    at_bank(card)
    replacement_applied(card, state)
    version = fresh(card).loss_version
    with pytest.raises(Refused) as refused:
        withdraw(card)
    assert code_of(refused) == "loss.replacement_already_applied"
    with pytest.raises(Refused) as refused:
        loss.take_withdrawal(
            card=card.ref, version=version, outlet="out_bank", actor=BANK_SYSTEM, at=now()
        )
    assert code_of(refused) == "loss.replacement_already_applied"
    code = proven_code(card, city, Purpose.WITHDRAW_LOSS)
    with pytest.raises(Refused) as refused:
        loss.withdraw_formally_online(
            card=card.ref,
            version=version,
            step_up=code,
            signed_in_at=now(),
            actor=holder(card),
            at=now(),
        )
    assert code_of(refused) == "loss.replacement_already_applied"
    assert states(card) == ("formal_loss", "formal_loss")


@pytest.mark.rule("PROVINCIAL S4; guarantees 13, threat 31")
def test_online_the_hr_side_is_lifted_with_stronger_proof_and_the_bank_side_stays(
    city: SimulatedPartners,
) -> None:
    """网上解挂须短信验证码和近时实名认证,只解人社侧;银行侧由银行解。"""
    _, card = a_card()
    at_bank(card)
    code = proven_code(card, city, Purpose.WITHDRAW_LOSS)
    receipt = loss.withdraw_formally_online(
        card=card.ref,
        version=fresh(card).loss_version,
        step_up=code,
        signed_in_at=now(),
        actor=holder(card),
        at=now(),
    )
    assert states(card) == ("normal", "formal_loss")
    assert receipt.elsewhere is not None
    assert StepUp.objects.get().used_at == now()
    told = OutboxRow.objects.filter(event__startswith="loss.formal.hr_withdrawn")
    assert [row.party for row in told] == ["sms"]


def test_without_stronger_proof_nothing_is_lifted_online(city: SimulatedPartners) -> None:
    """缺验证码、验证码没核对、实名认证过久、验证码用过、用途不符:都不解。"""
    _, card = a_card()
    online(card)

    def lift(proof: str, *, minutes_ago: float | None = 0) -> str:
        signed_in = None if minutes_ago is None else now() - timedelta(minutes=minutes_ago)
        with pytest.raises(Refused) as refused:
            loss.withdraw_formally_online(
                card=card.ref,
                version=fresh(card).loss_version,
                step_up=proof,
                signed_in_at=signed_in,
                actor=holder(card),
                at=now(),
            )
        what = refused.value.refusal.facts["what"]
        return f"{code_of(refused)} {what}"

    needed = "step_up.needed @step_up.what."
    unproven = step_up.begin(
        purpose=Purpose.WITHDRAW_LOSS, about=card.ref, actor=holder(card), at=now()
    ).step_up
    other_purpose = proven_code(card, city, Purpose.USE_E_CARD)
    for proof in ("", "stp_nobody", unproven, other_purpose):
        assert lift(proof) == f"{needed}code"
    good = proven_code(card, city, Purpose.WITHDRAW_LOSS)
    for minutes in (15, 60, None):
        assert lift(good, minutes_ago=minutes) == f"{needed}sign_in"
    StepUp.objects.filter(ref=good).update(used_at=now())
    assert lift(good) == f"{needed}code"
    assert states(card)[0] == "formal_loss"


def test_a_banks_own_system_lifts_what_its_outlet_accepted() -> None:
    """银行系统解挂:按版本、按受理网点,两侧一起。"""
    _, card = a_card()
    loss.take_formal_report(
        card=card.ref, serial="JN-1", outlet="0101", actor=BANK_SYSTEM, at=now()
    )
    version = fresh(card).loss_version
    facts = {"card": card.ref, "actor": BANK_SYSTEM, "at": now()}
    for outlet, named, code in (
        ("0101", version - 1, "loss.other_report"),
        ("0202", version, "loss.wrong_outlet"),
    ):
        with pytest.raises(Refused) as refused:
            loss.take_withdrawal(version=named, outlet=outlet, **facts)
        assert code_of(refused) == code
    loss.take_withdrawal(version=version, outlet="0101", **facts)
    assert states(card) == ("normal", "activated")
    assert not OutboxRow.objects.filter(party=f"bank:{BANK}").exists()


def test_a_loss_reported_in_another_city_is_taken_back_there() -> None:
    """在外地受理的挂失(省卡库告知),本地网点不能解。"""
    _, card = a_card(hr_state=HrState.FORMAL_LOSS)
    with pytest.raises(Refused) as refused:
        withdraw(card)
    assert code_of(refused) == "loss.accepted_elsewhere"


def test_a_second_card_in_use_keeps_the_lost_one_lost() -> None:
    """名下另有一张卡在用时,挂失的卡不恢复。"""
    person, card = a_card()
    online(card)
    other = made_card.a_card(
        person, None, card_number="Z1", card_identifier="1" * 32, hr_state=HrState.NORMAL
    )
    with pytest.raises(Refused) as refused:
        withdraw(card)
    assert code_of(refused) == "loss.another_card_in_use"
    Card.objects.filter(ref=other.ref).update(hr_state=HrState.CANCELLED)
    assert withdraw(card).hr_state == "normal"


def test_a_role_that_has_no_business_with_it_is_refused() -> None:
    """话务员、单位经办人不能解挂。"""
    _, card = a_card()
    by_phone(card)
    for role in (Role.PHONE_OPERATOR, Role.EMPLOYER_AGENT, Role.CITIZEN):
        with pytest.raises(Refused) as refused:
            withdraw_temporary(card, actor=Actor(role, card.person_id, Channel.PHONE))
        assert code_of(refused) == "authority.not_yours"


def test_when_the_new_card_starts_to_work_the_old_loss_is_over() -> None:
    """新卡启用、旧卡注销时,旧卡的挂失同时结束。"""
    person, card = a_card()
    at_bank(card)
    application = made_card.an_application(
        person, predecessor=card, state=ProductionState.AT_OUTLET
    )
    new = made_card.a_card(
        person, application, card_number="N1", card_identifier="2" * 32, predecessor=card
    )
    collection.enable(
        card=new.ref,
        proof=CardInHand(card_number="N1"),
        shown=OWN,
        old_card_handed_in=False,
        actor=cast.CLERK,
        at=now(),
    )
    hr = LossSide.objects.get(card=card, function=Side.HR)
    assert hr.ended_how == "successor_enabled"
    assert LossSide.objects.get(card=card, function=Side.FINANCIAL).ended_at is None
    outbox.deliver_due(actor=THE_CLOCK, at=now())
