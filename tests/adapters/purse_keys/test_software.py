"""Purse keys in memory: every known answer, and no start in production."""

from __future__ import annotations

import logging

import pytest

from onecard.adapters.purse_keys import (
    KeysUnavailable,
    ProfileNotAllowed,
    PurseKeys,
    in_purse_keys,
    purse_keys,
)
from onecard.adapters.purse_keys import _installed as installed
from onecard.adapters.purse_keys.software import (
    TEST_MASTERS,
    SoftwareInProduction,
    SoftwarePurseKeys,
)
from onecard.adapters.purse_keys.verbs import CustodyVerbs
from onecard.chip.purse_profile import Mac
from onecard.chip.purse_vectors import CARD, SM4, TRIPLE_DES, VECTOR_SETS, VectorSet
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import SoftwareVault
from tests.adapters.purse_keys.questions import CASES, Asked, Case


@pytest.mark.rule("card reference 4.3, 4.4, 5, 14.1")
@pytest.mark.parametrize("vectors", VECTOR_SETS, ids=lambda v: str(v.profile.name))
@pytest.mark.parametrize("question", CASES, ids=lambda case: str(case.__name__))
def test_keys_in_memory_answer_as_every_custody_must(question: Case, vectors: VectorSet) -> None:
    """密钥保管:已知答案与常见错误。"""
    question(Asked(SoftwarePurseKeys(production=False), vectors))


def test_keys_in_memory_do_not_start_in_production() -> None:
    """软件密钥不得在生产环境启动。"""
    with pytest.raises(SoftwareInProduction, match="ONECARD_PKCS11_LIBRARY"):
        SoftwarePurseKeys(production=True)


@pytest.mark.rule("card reference 5")
def test_a_provisional_family_is_refused_in_production_by_any_custody() -> None:
    """国密推定配置不得用于生产。"""
    keys = CustodyVerbs(SoftwareVault(TEST_MASTERS, SoftwareCiphers()), production=True)
    load = TRIPLE_DES.load
    assert keys.check_load_tac(CARD, TRIPLE_DES.profile, load.attempt, load.values[Mac.LOAD_TAC])
    with pytest.raises(ProfileNotAllowed):
        keys.check_load_tac(CARD, SM4.profile, SM4.load.attempt, SM4.load.values[Mac.LOAD_TAC])


def test_a_use_that_nobody_gathers_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    known = TRIPLE_DES.load
    with caplog.at_level(logging.INFO, logger="onecard.purse_keys"):
        SoftwarePurseKeys(production=False).check_load_tac(
            CARD, TRIPLE_DES.profile, known.attempt, known.values[Mac.LOAD_TAC]
        )
    assert "check_load_tac fits v1 t-union-3des" in caplog.text
    assert CARD.serial.hex() not in caplog.text


def test_a_house_without_custody_says_so() -> None:
    """未配置密钥保管时,不签发任何 MAC。"""
    kept = installed[:]
    installed.clear()
    try:
        with pytest.raises(KeysUnavailable):
            purse_keys()
    finally:
        installed[:] = kept


def test_the_wiring_installs_keys_and_a_block_may_have_others() -> None:
    assert isinstance(purse_keys(), SoftwarePurseKeys)
    other: PurseKeys = SoftwarePurseKeys(production=False)
    with in_purse_keys(other):
        assert purse_keys() is other
    assert purse_keys() is not other
