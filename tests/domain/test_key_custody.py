"""Which ceremony over a master key may be held, and by whom."""

from __future__ import annotations

from itertools import product

import pytest

from onecard.domain import key_custody as rules
from onecard.domain.key_custody import KeyDeed, ProposalState


def said(deed: KeyDeed, version: int, kcv: str = "08D7B4FB") -> str:
    """The code of the no, with generations 1 and 3 in the token and 5 proposed."""
    refusal = rules.may_propose(
        deed=deed,
        version=version,
        taken=frozenset({1, 3, 5}),
        in_force=frozenset({1, 3}),
        kcv=kcv,
    )
    return refusal.code if refusal else ""


@pytest.mark.rule("card reference 14.1; guarantees 12")
@pytest.mark.parametrize("deed", [KeyDeed.GENERATE, KeyDeed.IMPORT])
@pytest.mark.parametrize("version", range(258))
def test_a_generation_is_newer_than_every_other_and_fits_one_byte(
    deed: KeyDeed, version: int
) -> None:
    """新版本大于已有版本,且不超过一字节。"""
    assert (said(deed, version) == "") is (5 < version <= 255)


@pytest.mark.parametrize("kcv", ["", "08D7", "08D7B4FG", "08D7B4FB00", "08d7b4fb"])
def test_an_import_agrees_on_a_check_value_before(kcv: str) -> None:
    """导入前先约定校验值。"""
    assert said(KeyDeed.IMPORT, 6, kcv) == "key_custody.kcv_missing"
    assert said(KeyDeed.GENERATE, 6, kcv) == ""


@pytest.mark.parametrize("version", range(7))
def test_a_generation_ends_only_while_a_newer_one_is_in_force(version: int) -> None:
    """最新的一版不得停用。"""
    assert (said(KeyDeed.RETIRE, version) == "") is (version == 1)


@pytest.mark.rule("guarantees 12, A3")
@pytest.mark.parametrize(("one", "other", "same"), list(product("ab", "ab", (False, True))))
def test_nobody_approves_an_own_proposal(one: str, other: str, *, same: bool) -> None:
    """提出人不得复核,换账号也不行。"""
    refusal = rules.must_be_second_custodian(proposed_by=one, approver=other, is_same_person=same)
    assert (refusal is None) is (one != other and not same)


@pytest.mark.parametrize(("one", "other"), list(product("abc", repeat=2)))
def test_the_two_who_agreed_type_the_components(one: str, other: str) -> None:
    """分量由提出人和复核人各输一个。"""
    refusal = rules.must_be_those_two(
        custodians=frozenset({one, other}), proposed_by="a", approved_by="b"
    )
    assert (refusal is None) is ({one, other} == {"a", "b"})


@pytest.mark.parametrize("state", ProposalState)
def test_a_ceremony_may_be_called_off_until_it_is_done(state: ProposalState) -> None:
    may = {ProposalState.PROPOSED, ProposalState.APPROVED}
    assert (rules.may_decline(state=state) is None) is (state in may)
    assert (rules.must_be_in_state(state=state, wanted=state)) is None


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_ceremony_has_a_reason(reason: str) -> None:
    refusal = rules.must_have_reason(reason=reason)
    assert refusal is not None
    assert refusal.field == "reason"
