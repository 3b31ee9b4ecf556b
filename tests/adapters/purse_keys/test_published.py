"""The published examples, asked of every custody's vault: they name keys of cards, not masters.

A profile without levels makes the master key the card's key, so that a published card key can be
put into a custody as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

pytest.importorskip("pkcs11")

from onecard.adapters.purse_keys.pkcs11 import TacWay, TokenDesk
from onecard.adapters.purse_keys.pkcs11.token import Token
from onecard.adapters.purse_keys.pkcs11.vault import TokenVault
from onecard.adapters.purse_keys.tac_file import TacKey, check_value
from onecard.chip.purse_arithmetic import ONLINE_TAIL, Arithmetic
from onecard.chip.purse_profile import T_UNION_3DES, Mac, Part, PurseKey
from onecard.chip.purse_vectors import CARD, KEY_VERSION
from onecard.chip.purse_verbs import CardKey, SessionBlock, Vault
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import SoftwareVault
from tests.adapters.purse_keys.a_token import LIBRARY, a_place

pytestmark = [
    pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is missing"),
    pytest.mark.xdist_group("softhsm"),
    pytest.mark.rule("card reference 4.3"),
]

UNDIVERSIFIED = replace(T_UNION_3DES, levels=())
DLK = bytes.fromhex("11223344556677888877665544332211")
TAC_HALF = bytes.fromhex("0DCAE673EF6DFC0F")
DTK = TAC_HALF + bytes(8)
KEYS = {PurseKey.LOAD: DLK, PurseKey.TAC: DTK}
PARTS = {
    Part.OLD_BALANCE: bytes(4),
    Part.NEW_BALANCE: bytes.fromhex("00001000"),
    Part.COUNTER: bytes(2),
    Part.AMOUNT: bytes.fromhex("00001000"),
    Part.TERMINAL: bytes.fromhex("001122334455"),
}
PASSBOOK = PARTS | {Part.TYPE: b"\x01", Part.STAMP: bytes.fromhex("20111221214822")}
PURSE = PARTS | {Part.TYPE: b"\x02", Part.STAMP: bytes.fromhex("20180620214822")}


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """A token with the published keys."""
    arithmetic = Arithmetic(T_UNION_3DES, SoftwareCiphers())
    with a_place(tmp_path_factory.mktemp("token")) as place:
        desk = TokenDesk.at(place)
        for kind, key in KEYS.items():
            kcv = arithmetic.key_check_value(key).hex().upper()
            desk.put_together(kind, KEY_VERSION, key, bytes(16), kcv=kcv)
        desk.put_tac_keys([TacKey(CARD, KEY_VERSION, check_value(TAC_HALF), TAC_HALF)])
        yield TokenVault(Token(replace(place, tac=TacWay.IMPORTED)))


@pytest.fixture(params=["software", "token"])
def vault(request: pytest.FixtureRequest) -> Vault:
    """Each custody's vault."""
    if request.param == "token":
        return request.getfixturevalue("token")
    masters = {(kind, KEY_VERSION): key for kind, key in KEYS.items()}
    return SoftwareVault(masters, SoftwareCiphers())


def _key(kind: PurseKey) -> CardKey:
    return CardKey(kind, KEY_VERSION, CARD, UNDIVERSIFIED)


def test_the_published_load_is_signed_by_every_custody(vault: Vault) -> None:
    """公开的圈存 MAC1、MAC2。"""
    block = SessionBlock(bytes.fromhex("11223344"), 0, ONLINE_TAIL)
    with vault.session(_key(PurseKey.LOAD), block) as sign:
        assert sign(Mac.LOAD_MAC1, PASSBOOK).hex().upper() == "2988AE5A"
        assert sign(Mac.LOAD_MAC2, PASSBOOK).hex().upper() == "3A845BF0"


def test_full_blocks_get_an_extra_one_and_the_chain_starts_at_zero(vault: Vault) -> None:
    """满块再补一块，初始值为零。"""
    with vault.tac(_key(PurseKey.TAC)) as sign:
        assert sign(Mac.LOAD_TAC, PURSE).hex().upper() == "3813AE55"
