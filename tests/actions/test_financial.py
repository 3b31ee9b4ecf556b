"""The financial function is activated in person; otherwise the bank's news are followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest

from onecard.actions import financial, loss
from onecard.actions.financial import News, NewsReceipt
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import Actor
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.loss import Side
from onecard.domain.person import Sex
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import (
    BankNews,
    Card,
    Discrepancy,
    LossReport,
    LossSide,
    OutboxRow,
    Transition,
)
from onecard.records.models import Event as PartnerEvent
from onecard.seams.world import world
from tests import cast, made_card
from tests.lost_card import (
    BANK,
    BANK_SYSTEM,
    BY_AGENT,
    IN_HAND,
    OTHER_SYSTEM,
    OTHER_TELLER,
    OWN,
    SECOND_TELLER,
    TELLER,
    a_card,
    at_bank,
    by_phone,
    fresh,
    now,
)

pytestmark = pytest.mark.django_db
E = FinancialEvent


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def activate(
    card: Card, *, proof: CardInHand = IN_HAND, shown: Shown = OWN, actor: Actor = TELLER
) -> financial.FinancialReceipt:
    return financial.activate(card=card.ref, proof=proof, shown=shown, actor=actor, at=now())


def news(
    card: Card, event: FinancialEvent, serial: str, sequence: int, names: str = ""
) -> NewsReceipt:
    told = News(card.ref, event, serial, sequence, now(), names)
    return financial.take_news(news=told, actor=BANK_SYSTEM, at=now())


@pytest.mark.rule("SEED, FAQ 9; rule book 12")
def test_the_holder_activates_at_any_outlet_of_the_bank_on_the_card() -> None:
    """金融激活:本人持卡和证件,到卡面银行任一网点。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    receipt = activate(card, actor=SECOND_TELLER)
    assert receipt.financial_state == "activated"
    assert activate(card).notice == "financial_function.already_activated"
    assert OutboxRow.objects.filter(event="function.activated", party="sms").count() == 1
    step = Transition.objects.get(card=card)
    assert (step.function, step.from_state, step.to_state) == ("financial", "opened", "activated")


@pytest.mark.rule("SEED, FAQ 9; acceptance case A18")
@pytest.mark.parametrize(
    ("actor", "proof", "shown", "code"),
    [
        (OTHER_TELLER, IN_HAND, OWN, "financial_function.wrong_bank"),
        (TELLER, IN_HAND, BY_AGENT, "authority.in_person_only"),
        (TELLER, IN_HAND, Shown(None), "documents.not_original"),
        (TELLER, CardInHand(), OWN, "financial_function.card_must_be_present"),
        (TELLER, CardInHand(card_number="X1"), OWN, "financial_function.card_must_be_present"),
    ],
)
def test_nothing_is_activated_without_person_bank_document_and_card(
    actor: Actor, proof: CardInHand, shown: Shown, code: str
) -> None:
    """代办、别行、缺证件、没带卡:都不激活;别行只告知正确银行。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    with pytest.raises(Refused) as refused:
        activate(card, proof=proof, shown=shown, actor=actor)
    assert refused.value.refusal.code == code
    if code == "financial_function.wrong_bank":
        assert set(refused.value.refusal.all_facts()) == {"bank", "hotline"}
    assert fresh(card).financial_state is FinancialState.OPENED


def test_a_guardian_activates_for_a_child_below_sixteen() -> None:
    """未满16周岁由监护人到柜台激活。"""
    number = cast.CHILD_BORN_2018_06_22
    child = made_card.a_person(number, born_on="2018-06-22", sex=Sex.MALE)
    made_card.an_outlet("out_bank", bank=BANK)
    card = made_card.a_card(child, None, hr_state=HrState.SEALED)
    with_guardian = Shown(
        made_card.own_document(number), made_card.own_document(), agent_name="王芳"
    )
    assert activate(card, shown=with_guardian).financial_state == "activated"


@pytest.mark.parametrize(
    ("hr", "money", "code"),
    [
        (HrState.CANCELLED, FinancialState.OPENED, "hr_function.cancelled"),
        (HrState.FORMAL_LOSS, FinancialState.OPENED, "financial_function.card_lost"),
        (HrState.NORMAL, FinancialState.NONE, "financial_function.no_account"),
        (HrState.NORMAL, FinancialState.CLOSED, "financial_function.closed"),
        (HrState.NORMAL, FinancialState.TEMPORARY_LOSS, "financial_function.card_lost"),
    ],
)
def test_a_card_that_cannot_be_activated_says_why(
    hr: HrState, money: FinancialState, code: str
) -> None:
    """已注销、已挂失、未开户、已销户的卡不能激活。"""
    _, card = a_card(hr_state=hr, financial_state=money)
    with pytest.raises(Refused) as refused:
        activate(card)
    assert refused.value.refusal.code == code


def test_a_temporary_loss_that_is_over_does_not_keep_from_activating() -> None:
    """临时挂失已到期(未清扫)不影响激活。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    by_phone(card)
    with pytest.raises(Refused):
        activate(card)
    made_card.clock().advance(timedelta(days=7))
    assert activate(card).financial_state == "activated"


@pytest.mark.rule("rule book 18")
def test_the_banks_news_are_followed_by_the_table() -> None:
    """银行来报按状态表接受:临时挂失、解除、关闭。"""
    _, card = a_card()
    assert news(card, E.REPORT_TEMPORARY, "J1", 1).result == "applied"
    assert fresh(card).hr_state is HrState.NORMAL, "an HR loss is another matter"
    assert news(card, E.LIFT_TEMPORARY, "J2", 2, "J1").financial_state == "activated"
    assert news(card, E.CLOSE, "J3", 3).financial_state == "closed"
    assert news(card, E.CLOSE, "J4", 4).result == "notice"
    assert Discrepancy.objects.count() == 0
    assert BankNews.objects.count() == 4


def test_news_outside_the_table_are_a_discrepancy_and_change_nothing() -> None:
    """表外的来报列为差错,状态不动。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    receipt = news(card, E.REPORT_TEMPORARY, "J1", 1)
    assert (receipt.result, receipt.financial_state) == ("discrepancy", "opened")
    found = Discrepancy.objects.get()
    assert (found.kind, found.about, found.partner) == (
        "bank_news_outside_table",
        card.ref,
        f"bank:{BANK}",
    )
    assert LossReport.objects.count() == 0


def test_the_same_message_twice_is_one_and_another_banks_card_is_none() -> None:
    """同一流水号只算一次;别行的卡查不到。"""
    _, card = a_card()
    first = news(card, E.REPORT_TEMPORARY, "J1", 1)
    again = news(card, E.REPORT_TEMPORARY, "J1", 1)
    assert (first.result, again.result) == ("applied", "applied")
    assert BankNews.objects.count() == 1
    told = News(card.ref, E.CLOSE, "I1", 1, now())
    with pytest.raises(NotFound):
        financial.take_news(news=told, actor=OTHER_SYSTEM, at=now())


def test_one_name_is_one_message_about_one_card() -> None:
    """同一流水号不能用于两张卡。"""
    _, card = a_card()
    other = made_card.a_card(
        made_card.a_person("320499199001019002"),
        None,
        card_number="S1",
        card_identifier="3" * 32,
        hr_state=HrState.NORMAL,
        financial_state=FinancialState.ACTIVATED,
        bank=BANK,
    )
    news(card, E.REPORT_FORMAL, "J1", 1)
    with pytest.raises(Refused) as refused:
        news(other, E.REPORT_FORMAL, "J1", 1)
    assert refused.value.refusal.code == "request.key_reused"
    facts = {"actor": BANK_SYSTEM, "at": now()}
    for serial, code in (("J1", "request.key_reused"), ("", "request.field_missing")):
        with pytest.raises(Refused) as refused:
            loss.take_formal_report(card=other.ref, serial=serial, **facts)
        assert refused.value.refusal.code == code
    assert fresh(other).financial_state is FinancialState.ACTIVATED


def test_what_the_bank_changes_is_told() -> None:
    """银行来报的变化:激活告知本人,其余进入事件流。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    news(card, E.ACTIVATE, "J1", 1)
    assert OutboxRow.objects.filter(event="function.activated", party="sms").count() == 1
    news(card, E.REPORT_TEMPORARY, "J2", 2)
    types = list(PartnerEvent.objects.order_by("sequence").values_list("type", flat=True))
    assert types == ["function.activated", "function.changed"]


def test_a_formal_loss_at_the_bank_takes_the_hr_side_along() -> None:
    """银行来报正式挂失:人社侧同时挂失(一方挂失双方同步)。"""
    _, card = a_card()
    by_phone(card)
    news(card, E.REPORT_FORMAL, "J1", 1)
    row = fresh(card)
    assert (row.hr_state, row.financial_state, row.loss_ends_at) == (
        HrState.FORMAL_LOSS,
        FinancialState.FORMAL_LOSS,
        None,
    )
    assert not OutboxRow.objects.filter(party=f"bank:{BANK}").exists()
    news(card, E.WITHDRAW_FORMAL, "J2", 2, "J1")
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (
        HrState.FORMAL_LOSS,
        FinancialState.ACTIVATED,
    ), "the HR side is lifted where it was accepted"


def test_never_activated_the_hr_side_is_protected_all_the_same() -> None:
    """银行来报未激活账户的正式挂失:账户侧列差错,人社侧照样挂失。"""
    _, card = a_card(financial_state=FinancialState.OPENED)
    assert news(card, E.REPORT_FORMAL, "J1", 1).result == "discrepancy"
    assert fresh(card).hr_state is HrState.FORMAL_LOSS


@pytest.mark.rule("guarantees C4; MUT-25, MUT-26")
def test_a_withdrawal_names_what_it_lifts_and_an_old_one_lifts_nothing() -> None:
    """解除须指明所解的挂失;旧的解除不能解开新的挂失。"""
    _, card = a_card()
    news(card, E.REPORT_FORMAL, "J1", 1)
    news(card, E.WITHDRAW_FORMAL, "J2", 2, "J1")
    report = at_bank(card).report
    late = news(card, E.WITHDRAW_FORMAL, "J3", 3, "J1")
    assert (late.result, late.financial_state) == ("stale", "formal_loss")
    wrong = news(card, E.WITHDRAW_FORMAL, "J4", 4, "J-unknown")
    assert (wrong.result, wrong.financial_state) == ("discrepancy", "formal_loss")
    right = news(card, E.WITHDRAW_FORMAL, "J5", 5, report)
    assert (right.result, right.financial_state) == ("applied", "activated")


LIVES = {
    "temporary, lifted, then formal": [E.REPORT_TEMPORARY, E.LIFT_TEMPORARY, E.REPORT_FORMAL],
    "formal, withdrawn, then formal": [E.REPORT_FORMAL, E.WITHDRAW_FORMAL, E.REPORT_FORMAL],
    "formal, withdrawn, then temporary": [E.REPORT_FORMAL, E.WITHDRAW_FORMAL, E.REPORT_TEMPORARY],
    "temporary twice": [E.REPORT_TEMPORARY, E.LIFT_TEMPORARY, E.REPORT_TEMPORARY],
}


@pytest.mark.rule("guarantees C4")
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize("life", LIVES)
def test_in_whatever_order_the_news_come_the_last_report_stands(
    life: str, order: tuple[int, ...]
) -> None:
    """乱序、重复的来报,终态一致:最后一次挂失仍有效,只有一个在案。"""
    _, card = a_card()
    told = [
        (event, f"J{place + 1}", place + 1, "J1" if place == 1 else "")
        for place, event in enumerate(LIVES[life])
    ]
    for place in (*order, *order):
        news(card, *told[place])
    formal = LIVES[life][2] is E.REPORT_FORMAL
    row = fresh(card)
    expected = FinancialState.FORMAL_LOSS if formal else FinancialState.TEMPORARY_LOSS
    assert row.financial_state is expected
    side = LossSide.objects.get(card=card, function=Side.FINANCIAL, ended_at=None)
    assert side.report.serial == "J3"
    last = news(card, E.WITHDRAW_FORMAL if formal else E.LIFT_TEMPORARY, "J4", 4, "J3")
    assert (last.result, last.financial_state) == ("applied", "activated")
