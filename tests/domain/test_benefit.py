"""Which payments would come back, and when their holders are told (12, 20.4, 21.5; 27 A3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard import policy, words
from onecard.domain.benefit import (
    Account,
    BenefitKind,
    BenefitPolicy,
    is_warning_due,
    would_bounce,
)
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from tests import cast

F, H = FinancialState, HrState
FIGURES = policy.in_force("benefit", BenefitPolicy, on=cast.MONDAY)


@pytest.mark.rule("NATIONAL S38, S39; SEED, FAQ 9; rule book 27 A3")
@pytest.mark.parametrize(
    ("hr", "financial", "code"),
    [
        (H.NORMAL, F.NONE, "benefit.no_account"),
        (H.NORMAL, F.OPENED, "benefit.not_activated"),
        (H.SEALED, F.OPENED, "benefit.not_activated"),
        (H.NORMAL, F.ACTIVATED, ""),
        (H.LOCKED, F.ACTIVATED, ""),
        (H.TEMPORARY_LOSS, F.ACTIVATED, ""),
        (H.FORMAL_LOSS, F.ACTIVATED, ""),
        (H.NORMAL, F.TEMPORARY_LOSS, "benefit.account_lost"),
        (H.FORMAL_LOSS, F.FORMAL_LOSS, "benefit.account_lost"),
        (H.NORMAL, F.CLOSED, "benefit.account_closed"),
        (H.CANCELLED, F.CLOSED, "benefit.account_closed"),
        (H.CANCELLED, F.ACTIVATED, "benefit.not_relinked"),
        (H.CANCELLED, F.FORMAL_LOSS, "benefit.not_relinked"),
        (H.CANCELLED, F.OPENED, "benefit.not_activated"),
    ],
)
def test_money_arrives_on_an_activated_account_that_belongs_to_a_card(
    hr: HrState, financial: FinancialState, code: str
) -> None:
    """未激活、已关闭、已换卡未转接的账户,待遇会退回。"""
    refusal = would_bounce(account=Account(hr, financial))
    assert (refusal.code if refusal else "") == code


def test_every_pair_of_states_has_an_answer_with_words() -> None:
    """人社状态与金融状态的每种组合都有答案。"""
    for hr in HrState:
        for financial in FinancialState:
            refusal = would_bounce(account=Account(hr, financial))
            arrives = financial is F.ACTIVATED and hr is not H.CANCELLED
            assert (refusal is None) is arrives
            if refusal is not None:
                for language in words.LANGUAGES:
                    assert words.explain(refusal, language).next


@pytest.mark.rule("platform B21")
@pytest.mark.parametrize(
    ("days_left", "due"), [(8, False), (7, True), (1, True), (0, True), (-1, False)]
)
def test_a_holder_is_told_in_time_and_once(*, days_left: int, due: bool) -> None:
    """发放前7天内提醒一次。"""
    pays_on = cast.MONDAY + timedelta(days=days_left)
    asked = {"pays_on": pays_on, "on": cast.MONDAY, "figures": FIGURES}
    assert is_warning_due(warned=False, **asked) is due  # type: ignore[arg-type]
    assert not is_warning_due(warned=True, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_kind_of_benefit_has_a_name(language: str) -> None:
    """待遇种类都有中英文。"""
    for kind in BenefitKind:
        assert words.text(f"benefit.kind.{kind.value}", language)
