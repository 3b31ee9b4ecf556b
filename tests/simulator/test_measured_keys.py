"""The measurement of key custody compares equal work: both sides give the known answers."""

from __future__ import annotations

import pytest

from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.chip.purse_profile import Mac
from onecard.chip.purse_vectors import TRIPLE_DES
from onecard.simulator.measure.purse_keys import bare_cryptography, measured, through_custody
from tests.adapters.purse_keys.a_token import LIBRARY


def test_both_sides_of_the_measurement_make_the_known_mac2() -> None:
    """密钥保管与裸算法作同样的事,才可比。"""
    known = TRIPLE_DES.load.values[Mac.LOAD_MAC2]
    assert through_custody(SoftwarePurseKeys(production=False)) == known
    assert bare_cryptography() == known


@pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing")
@pytest.mark.xdist_group("softhsm")
def test_keys_in_memory_and_in_a_token_are_measured_side_by_side() -> None:
    """软件与密码设备各成一行。"""
    figures = measured(1, 4, [1, 2])
    rows = [(row["custody"], row["clients"]) for row in figures["rows"]]
    assert rows == [("software", 1), ("software", 2), ("pkcs11", 1), ("pkcs11", 2)]
    assert all(row["ratio"] > 0 for row in figures["rows"])
    assert figures["left_out"] == {}
