"""Cancellation: every owner's part in its order, and then there is no way back (rule book 16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from onecard import policy, words
from onecard.domain.authority import Channel
from onecard.domain.cancellation import (
    CancellationFigures,
    CancellationReason,
    Cancelling,
    CardToCancel,
    may_begin_cancellation,
    may_cancel,
    may_cancel_all,
)
from onecard.domain.channels import ChannelPolicy
from onecard.domain.collection import Shown
from onecard.domain.contacts import Contacts
from onecard.domain.documents import DocumentPolicy
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.refusal import Notice
from onecard.domain.transit_purse import TransitState
from tests import applying, cast

C = CancellationReason
FIGURES = CancellationFigures(
    channels=policy.in_force("channels", ChannelPolicy, on=cast.MONDAY),
    documents=policy.in_force("documents", DocumentPolicy, on=cast.MONDAY),
    contacts=policy.in_force("contacts", Contacts, on=cast.MONDAY),
)
OWN = Shown(applying.OWN)
FAMILY = Shown(holder=None, agent=applying.AGENTS, agent_name="李强")
READY = CardToCancel(
    state=HrState.NORMAL,
    bank="icbc",
    financial=FinancialState.CLOSED,
    transit=TransitState.CLOSED,
)
TOLD = Cancelling(reason=C.HOLDERS_REQUEST, shown=OWN, handed_in=True)
AT_DEATH = Cancelling(reason=C.DEATH, shown=FAMILY, death_proof=True, handed_in=True)


def refused(
    told: Cancelling = TOLD, card: CardToCancel = READY, channel: Channel = Channel.SERVICE_OUTLET
) -> str:
    refusal = may_cancel(
        told=told,
        card=card,
        holder=applying.WOMAN,
        channel=channel,
        on=cast.MONDAY,
        figures=FIGURES,
    )
    return refusal.code if refusal else ""


WRONG_TOLD = replace(TOLD, reason=C.LOST_BEFORE_ENABLING, shown=Shown(None), handed_in=False)
WRONG_CARD = CardToCancel(
    state=HrState.NORMAL,
    bank="icbc",
    financial=FinancialState.ACTIVATED,
    transit=TransitState.OPEN,
    benefits=("@benefit.kind.pension",),
    successor_on_its_way=True,
    holder_deceased=True,
)


def mended() -> Iterator[tuple[str, Channel, Cancelling, CardToCancel]]:
    here, told, card = Channel.SERVICE_OUTLET, WRONG_TOLD, WRONG_CARD
    yield "application.channel_not_open", Channel.PORTAL, told, card
    yield "card.reason_does_not_fit", here, told, card
    told = replace(told, reason=C.SETTLED_ABROAD)
    yield "application.person_status", here, told, card
    card = replace(card, holder_deceased=False)
    yield "documents.not_original", here, told, card
    told = replace(told, shown=OWN)
    yield "card.benefits_linked", here, told, card
    card = replace(card, benefits=())
    yield "card.account_open", here, told, card
    card = replace(card, financial=FinancialState.CLOSED)
    yield "card.purse_balance_left", here, told, card
    card = replace(card, transit=TransitState.CLOSED)
    yield "card.not_handed_in", here, told, card
    told = replace(told, handed_in=True)
    yield "card.successor_on_its_way", here, told, card
    yield "", here, told, replace(card, successor_on_its_way=False)


@pytest.mark.rule("rule book 16; OTHER-CITY S34")
@pytest.mark.parametrize(("code", "channel", "told", "card"), list(mended()))
def test_the_steps_come_in_the_order_of_the_rule_book(
    code: str, channel: Channel, told: Cancelling, card: CardToCancel
) -> None:
    """注销顺序:本人或家属、待遇、银行账户、交通退值、交回卡片。"""
    assert refused(told, card, channel) == code


def test_a_checklist_names_every_open_step_at_once() -> None:
    """一次性告知还差哪几步。"""
    found = may_cancel_all(
        told=replace(TOLD, handed_in=False),
        card=replace(WRONG_CARD, holder_deceased=False),
        holder=applying.WOMAN,
        channel=Channel.HR_COUNTER,
        on=cast.MONDAY,
        figures=FIGURES,
    )
    assert [refusal.code for refusal in found] == [
        "card.benefits_linked",
        "card.account_open",
        "card.purse_balance_left",
        "card.not_handed_in",
        "card.successor_on_its_way",
    ]
    for refusal in found:
        for language in words.LANGUAGES:
            assert words.explain(refusal, language).next


@pytest.mark.rule("OTHER-CITY S47")
def test_a_family_member_brings_the_own_document_and_the_proof_of_death() -> None:
    """家属凭本人证件和死亡证明办理。"""
    assert refused(AT_DEATH) == ""
    assert refused(AT_DEATH, replace(READY, holder_deceased=True)) == ""
    assert refused(replace(AT_DEATH, death_proof=False)) == "card.death_proof_missing"
    alone = replace(AT_DEATH, shown=Shown(None))
    assert refused(alone) == "authority.agent_original_missing"
    expired = replace(applying.AGENTS, valid_to=date(2026, 3, 1))
    assert refused(replace(AT_DEATH, shown=replace(FAMILY, agent=expired))) == "documents.expired"


@pytest.mark.parametrize("reason", [C.SETTLED_ABROAD, C.MOVED_OUT, C.DUPLICATE, C.HOLDERS_REQUEST])
def test_the_holder_or_an_agent_with_both_originals(reason: CancellationReason) -> None:
    """本人,或代办人带双方证件原件。"""
    assert refused(replace(TOLD, reason=reason)) == ""
    both = Shown(applying.OWN, applying.AGENTS, "李强")
    assert refused(replace(TOLD, reason=reason, shown=both)) == ""
    one = replace(both, holder=None)
    code = "authority.holder_original_missing"
    assert refused(replace(TOLD, reason=reason, shown=one)) == code


@pytest.mark.parametrize("state", list(FinancialState))
def test_the_bank_has_closed_its_part_first(state: FinancialState) -> None:
    """银行账户先结清。"""
    done = state in (FinancialState.NONE, FinancialState.CLOSED)
    code = refused(card=replace(READY, financial=state))
    assert code == ("" if done else "card.account_open")


@pytest.mark.rule("SEED, FAQ 13 by analogy; rule book 16 row 4")
@pytest.mark.parametrize("state", list(TransitState))
def test_an_open_purse_is_refunded_or_given_up_in_so_many_words(state: TransitState) -> None:
    """交通余额先退值,或本人确认放弃;已登记退值的不挡。"""
    card = replace(READY, transit=state)
    is_open = state is TransitState.OPEN
    assert refused(card=card) == ("card.purse_balance_left" if is_open else "")
    assert refused(replace(TOLD, purse_given_up=True), card) == ""


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (HrState.NORMAL, "card.not_handed_in"),
        (HrState.LOCKED, "card.not_handed_in"),
        (HrState.TEMPORARY_LOSS, "card.not_handed_in"),
        (HrState.FORMAL_LOSS, ""),
    ],
)
def test_a_card_is_handed_in_or_lost_for_good(state: HrState, code: str) -> None:
    """交回卡片;遗失的须已正式挂失,临时挂失不够。"""
    assert refused(replace(TOLD, handed_in=False), replace(READY, state=state)) == code


@pytest.mark.rule("rule book 10, O13")
def test_a_card_lost_in_the_post_is_cancelled_without_the_card_and_without_the_bank() -> None:
    """寄递遗失的封存卡:不必交卡、不必先到银行,注销后可重新申请。"""
    sealed = replace(READY, state=HrState.SEALED, financial=FinancialState.OPENED)
    told = replace(TOLD, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    assert refused(told, sealed) == ""
    assert refused(replace(told, reason=C.HOLDERS_REQUEST), sealed) == "card.not_handed_in"
    at_outlet = replace(sealed, with_holder=False)
    assert refused(replace(told, reason=C.HOLDERS_REQUEST), at_outlet) == ""


def test_the_button_is_grey_while_another_owners_part_is_open() -> None:
    """按钮先看待遇、账户和在办的新卡。"""

    def grey(card: CardToCancel) -> str:
        refusal = may_begin_cancellation(card=card, channel=Channel.HR_COUNTER, figures=FIGURES)
        return refusal.code if refusal else ""

    assert grey(READY) == ""
    assert grey(replace(READY, state=HrState.CANCELLED)) == "hr_function.cancelled"
    assert grey(replace(READY, benefits=("@benefit.kind.injury",))) == "card.benefits_linked"
    assert grey(replace(READY, financial=FinancialState.ACTIVATED)) == "card.account_open"
    assert grey(replace(READY, successor_on_its_way=True)) == "card.successor_on_its_way"


@pytest.mark.rule("rule book V7")
def test_cancelled_is_the_end() -> None:
    """注销不可恢复。"""
    for event in HrEvent:
        if (HrState.CANCELLED, event) in HR_FUNCTION.table:
            answer = HR_FUNCTION.ask(HrState.CANCELLED, event)
            assert not isinstance(answer, HrState)
    again = HR_FUNCTION.ask(HrState.CANCELLED, HrEvent.CANCEL)
    assert isinstance(again, Notice)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_reason_has_a_name(language: str) -> None:
    """注销原因都有中英文。"""
    for reason in CancellationReason:
        assert words.text(f"card.cancel_reason.{reason.value}", language)
