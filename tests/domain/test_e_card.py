"""What the states of the plastic leave to the electronic card (rule book 24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard import policy, words
from onecard.domain.e_card import ECardPolicy, may_use
from onecard.domain.hr_function import HrState
from tests.cast import MONDAY

S = HrState


def code(*cards: HrState, consented: bool = False, rule: str = "consent") -> str:
    figures = replace(policy.in_force("e_card", ECardPolicy, on=MONDAY), on_temporary_loss=rule)
    refusal = may_use(cards=cards, consented=consented, figures=figures)
    return refusal.code if refusal else ""


@pytest.mark.rule("rule book 24; OTHER-CITY S31, S32, S40b")
@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ((), "e_card.no_physical_card"),
        ((S.SEALED,), "e_card.no_physical_card"),
        ((S.NORMAL,), ""),
        ((S.LOCKED,), ""),
        ((S.TEMPORARY_LOSS,), "e_card.consent_needed"),
        ((S.FORMAL_LOSS,), "e_card.consent_needed"),
        ((S.CANCELLED,), "e_card.cancelled"),
        ((S.FORMAL_LOSS, S.SEALED), "e_card.wait_for_new_card"),
        ((S.CANCELLED, S.SEALED), "e_card.wait_for_new_card"),
        ((S.NORMAL, S.SEALED), ""),
        ((S.CANCELLED, S.NORMAL), ""),
        ((S.CANCELLED, S.FORMAL_LOSS), "e_card.consent_needed"),
    ],
    ids=str,
)
def test_the_electronic_card_follows_the_physical_one(
    cards: tuple[HrState, ...], expected: str
) -> None:
    """电子社保卡随实体卡:未领不发,挂失须同意,补换中等待,注销不可用,密码锁定不影响。"""
    assert code(*cards) == expected


@pytest.mark.parametrize(("state", "said"), [(S.TEMPORARY_LOSS, "临时"), (S.FORMAL_LOSS, "正式")])
def test_it_is_said_how_the_card_is_lost(state: HrState, said: str) -> None:
    """写明是临时挂失还是正式挂失。"""
    figures = policy.in_force("e_card", ECardPolicy, on=MONDAY)
    refusal = may_use(cards=[state], consented=False, figures=figures)
    assert refusal is not None
    assert words.explain(refusal).headline == f"卡已{said}挂失，须本人同意后使用"


def test_with_the_holders_consent_it_goes_on_while_the_card_is_lost() -> None:
    """挂失期间经本人同意可用;同意不替代领卡。"""
    for lost in (S.TEMPORARY_LOSS, S.FORMAL_LOSS):
        assert code(lost, consented=True) == ""
    assert code(S.SEALED, consented=True) == "e_card.no_physical_card"
    assert code(S.CANCELLED, consented=True) == "e_card.cancelled"


def test_a_city_may_stop_it_while_the_card_is_lost() -> None:
    """城市可规定挂失期间一律停用。"""
    assert code(S.TEMPORARY_LOSS, consented=True, rule="unusable") == "hr_function.lost"
