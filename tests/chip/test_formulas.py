"""The formulas of both profiles against every known answer, and against the known mistakes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.chip.purse_arithmetic import ONLINE_TAIL, Arithmetic, Cipher
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import (
    PROFILES,
    T_UNION_3DES,
    Confidence,
    Factor,
    Mac,
    Part,
    PurseKey,
    TacKeyRule,
)
from onecard.chip.purse_vectors import (
    CARD,
    MASTERS,
    TRIPLE_DES,
    VECTOR_SETS,
    KnownLoad,
    VectorSet,
)
from tests.chip.desk import CIPHERS

BOTH = pytest.mark.parametrize("vectors", VECTOR_SETS, ids=lambda v: str(v.profile.name))
DLK = bytes.fromhex("11223344556677888877665544332211")
PUBLISHED = Arithmetic(T_UNION_3DES, CIPHERS)
ONLINE = {"load": PurseKey.LOAD, "unload": PurseKey.UNLOAD}


def _hex(raw: bytes) -> str:
    return raw.hex().upper()


@BOTH
@pytest.mark.rule("card reference 4.2, 4.4, 5")
def test_card_keys_come_from_the_master_keys(vectors: VectorSet) -> None:
    """密钥分散:先发卡机构,后序列号。"""
    arithmetic = Arithmetic(vectors.profile, CIPHERS)
    made = {kind: arithmetic.card_key(key, CARD) for kind, key in vectors.masters.items()}
    assert made == vectors.card_keys


def test_key_check_values_agree() -> None:
    made = {kind: PUBLISHED.key_check_value(key) for kind, key in TRIPLE_DES.card_keys.items()}
    assert made == TRIPLE_DES.check_values


@pytest.mark.parametrize(
    ("kind", "level1"),
    [
        (PurseKey.LOAD, "7BE8C276D60614CD39C16DD813BE1191"),
        (PurseKey.UNLOAD, "F9B49E0440C101AF66BECD303F9C1B1C"),
        (PurseKey.PURCHASE, "0B117CECF44BE2C7940B556A55F8E56C"),
        (PurseKey.TAC, "E142C8C1E22014935F22115290E2A141"),
    ],
)
def test_the_first_level_alone_agrees(kind: PurseKey, level1: str) -> None:
    one_level = Arithmetic(replace(T_UNION_3DES, levels=(Factor.ISSUER,)), CIPHERS)
    assert _hex(one_level.card_key(MASTERS[kind], CARD)) == level1


def test_motorway_cards_write_the_head_of_the_issuer_twice() -> None:
    """ETC:发卡机构前 4 字节重复一次。"""
    etc = Arithmetic(replace(T_UNION_3DES, levels=(Factor.ISSUER_HEAD_TWICE,)), CIPHERS)
    made = etc.card_key(MASTERS[PurseKey.LOAD], CARD)
    assert _hex(made) == "51E5BCFDB2B8F9CC0002ECD8427EC874"


@BOTH
@pytest.mark.parametrize("which", ["load", "unload"])
@pytest.mark.rule("card reference 4.1, 4.4, 5")
def test_every_mac_and_tac_of_a_load_and_an_unload_agrees(vectors: VectorSet, which: str) -> None:
    """圈存、圈提的 MAC 与 TAC。"""
    known: KnownLoad = getattr(vectors, which)
    arithmetic, parts = Arithmetic(vectors.profile, CIPHERS), known.attempt.parts
    init, key = known.init, vectors.card_keys[ONLINE[which]]
    session = arithmetic.session_key(key, init.random, init.counter, ONLINE_TAIL)
    assert known.session_key in {session, b""}
    for mac, value in known.values.items():
        made = (
            arithmetic.tac(vectors.card_keys[PurseKey.TAC], mac, parts)
            if mac is Mac.LOAD_TAC
            else arithmetic.mac(session, mac, parts)
        )
        assert _hex(made) == _hex(value), mac


@BOTH
def test_every_mac_and_tac_of_a_purchase_agrees(vectors: VectorSet) -> None:
    """消费的 MAC 与 TAC。"""
    known = vectors.purchase
    arithmetic, parts = Arithmetic(vectors.profile, CIPHERS), known.purchase.parts
    session = arithmetic.session_key(
        vectors.card_keys[PurseKey.PURCHASE],
        known.init.random,
        known.init.counter,
        known.purchase.terminal_counter_bytes,
    )
    assert known.session_key in {session, b""}
    for mac in (Mac.PURCHASE_MAC1, Mac.PURCHASE_MAC2):
        assert arithmetic.mac(session, mac, parts) == known.values[mac]
    tac = arithmetic.tac(vectors.card_keys[PurseKey.TAC], Mac.PURCHASE_TAC, parts)
    assert tac == known.values[Mac.PURCHASE_TAC]


@pytest.mark.rule("card reference 4.3")
def test_the_published_session_and_macs_are_reproduced() -> None:
    """公开的过程密钥与 MAC。"""
    session = PUBLISHED.session_key(DLK, bytes.fromhex("11223344"), 0, ONLINE_TAIL)
    parts = {
        Part.OLD_BALANCE: bytes(4),
        Part.AMOUNT: bytes.fromhex("00001000"),
        Part.TYPE: b"\x01",
        Part.TERMINAL: bytes.fromhex("001122334455"),
        Part.STAMP: bytes.fromhex("20111221214822"),
    }
    assert _hex(session) == "9B1D924E05595603"
    assert _hex(PUBLISHED.mac(session, Mac.LOAD_MAC1, parts)) == "2988AE5A"
    assert _hex(PUBLISHED.mac(session, Mac.LOAD_MAC2, parts)) == "3A845BF0"


def test_the_session_of_a_purchase_ends_with_the_terminals_counter() -> None:
    session = PUBLISHED.session_key(DLK, bytes.fromhex("11223344"), 0, bytes.fromhex("00000001"))
    assert _hex(session) == "003238ABC57659DD"


@pytest.mark.rule("card reference 4.3")
def test_padding_adds_a_whole_block_to_full_blocks() -> None:
    """满块也要再补一块。"""
    key = bytes.fromhex("0DCAE673EF6DFC0F")
    data = bytes.fromhex("00001000 0000 00001000 02 001122334455 20180620 214822")
    padded = data + b"\x80" + bytes(7)
    assert _hex(PUBLISHED.mac_of(key, data)) == "3813AE55"
    assert _hex(CIPHERS.cbc_last(Cipher.DES, key, padded)) == "3813AE555BE5961F"
    assert _hex(CIPHERS.cbc_last(Cipher.DES, key, data)) == "34F1E41EF44A0964"
    assert _hex(PUBLISHED.mac_of(key, data)) != "34F1E41E"


def test_the_course_applet_with_its_own_start_value_used_the_extra_block_too() -> None:
    key = bytes.fromhex("0DCAE673EF6DFC0F")
    data = bytes.fromhex("00001000 0000 00001000 02 001122334455 20180620 214822")
    first = bytes(a ^ 0x11 for a in data[:8])
    padded = first + data[8:] + b"\x80" + bytes(7)
    assert _hex(CIPHERS.cbc_last(Cipher.DES, key, padded)) == "9643618645D04025"


def test_sm4_itself_gives_its_published_answer() -> None:
    block = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert _hex(CIPHERS.ecb(Cipher.SM4, block, block)) == "681EDF34D206965E86B3E94F536E4246"


RIGHT = TRIPLE_DES.load.values[Mac.LOAD_TAC]
DTK = TRIPLE_DES.card_keys[PurseKey.TAC]
XORED = bytes.fromhex("9E1D7DFBCBDDEE53")
ATTEMPT = TRIPLE_DES.load.attempt


def _tac_of(attempt: OnlineAttempt) -> bytes:
    return PUBLISHED.tac(DTK, Mac.LOAD_TAC, attempt.parts)


def _tac_input(attempt: OnlineAttempt) -> bytes:
    parts = attempt.parts
    return b"".join(parts[part] for part in T_UNION_3DES.inputs[Mac.LOAD_TAC])


def test_the_tac_key_is_both_halves_xored() -> None:
    assert PUBLISHED.mac_of(XORED, _tac_input(ATTEMPT)) == RIGHT == _tac_of(ATTEMPT)


MISTAKES = {
    "7B94E7B9": lambda: CIPHERS.cbc_last(Cipher.DES, XORED, _tac_input(ATTEMPT))[:4],
    "5EEE2742": lambda: CIPHERS.cbc_last(Cipher.DES, XORED, _tac_input(ATTEMPT) + bytes(8))[:4],
    "1A04ADA3": lambda: PUBLISHED.mac_of(
        XORED, _tac_input(ATTEMPT).replace(b"\x00\x2a", b"\x00\x2b", 1)
    ),
    "8F1D0ABF": lambda: PUBLISHED.mac_of(
        XORED, ATTEMPT.parts[Part.OLD_BALANCE] + _tac_input(ATTEMPT)[4:]
    ),
    "0F43B76A": lambda: CIPHERS.cbc_last(
        Cipher.TRIPLE_DES, DTK, _tac_input(ATTEMPT) + b"\x80" + bytes(7)
    )[:4],
}


@pytest.mark.rule("card reference 4.4, wrong values")
@pytest.mark.parametrize("wrong", MISTAKES)
def test_the_known_mistakes_give_their_known_wrong_tac_and_we_make_none(wrong: str) -> None:
    """公开程序的常见错误不产生、不接受。"""
    assert _hex(MISTAKES[wrong]()) == wrong
    assert _hex(_tac_of(ATTEMPT)) == "F7D5F0A7"


def test_swapped_levels_give_another_card_key_and_mac() -> None:
    swapped = Arithmetic(replace(T_UNION_3DES, levels=(Factor.SERIAL, Factor.ISSUER)), CIPHERS)
    key = swapped.card_key(MASTERS[PurseKey.LOAD], CARD)
    session = swapped.session_key(key, ATTEMPT.random, ATTEMPT.counter, ONLINE_TAIL)
    assert _hex(key) == "8106D32EA35F452DA044BC207DD4E413"
    assert _hex(swapped.mac(session, Mac.LOAD_MAC1, ATTEMPT.parts)) == "167AE4E8"


@pytest.mark.rule("card reference 4.1")
def test_the_tac_of_a_purchase_covers_neither_balance_nor_counter() -> None:
    """消费 TAC 不含余额和序号。"""
    covered = set(T_UNION_3DES.inputs[Mac.PURCHASE_TAC])
    assert not covered & {Part.OLD_BALANCE, Part.NEW_BALANCE, Part.COUNTER}


@pytest.mark.parametrize(
    ("mac", "length"),
    [
        (Mac.LOAD_MAC1, 15),
        (Mac.LOAD_MAC2, 18),
        (Mac.LOAD_TAC, 24),
        (Mac.PURCHASE_MAC1, 18),
        (Mac.PURCHASE_MAC2, 4),
        (Mac.PURCHASE_TAC, 22),
        (Mac.UNLOAD_MAC1, 15),
        (Mac.UNLOAD_MAC2, 18),
        (Mac.UNLOAD_MAC3, 24),
    ],
)
def test_mac_inputs_have_the_published_lengths(mac: Mac, length: int) -> None:
    assert sum(part.size for part in T_UNION_3DES.inputs[mac]) == length


@pytest.mark.rule("card reference 5")
def test_the_sm4_profile_is_provisional_and_says_so() -> None:
    """国密配置为推定,不得用于生产。"""
    provisional = {name for name, profile in PROFILES.items() if profile.is_provisional}
    assert provisional == {"t-union-sm4"}
    assert PROFILES["t-union-sm4"].confidence is Confidence.LOW
    assert PROFILES["t-union-sm4"].tac_key is TacKeyRule.WHOLE


def test_another_serial_is_another_key() -> None:
    other = CardIdentity(CARD.issuer, bytes.fromhex("03104870000000012346"))
    made = PUBLISHED.card_key(MASTERS[PurseKey.LOAD], other)
    assert made != TRIPLE_DES.card_keys[PurseKey.LOAD]


@pytest.mark.parametrize(
    ("cipher", "length"), [(Cipher.DES, 16), (Cipher.TRIPLE_DES, 24), (Cipher.SM4, 8)]
)
def test_a_key_of_another_length_is_refused(cipher: Cipher, length: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        CIPHERS.ecb(cipher, bytes(length), bytes(16))
