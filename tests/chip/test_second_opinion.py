"""A second implementation of every cipher agrees with ours: gmssl and PyCryptodome."""

from __future__ import annotations

from Cryptodome.Cipher import DES
from gmssl.sm4 import SM4_ENCRYPT, CryptSM4
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip.purse_arithmetic import Cipher
from tests.chip.desk import CIPHERS

KEY8 = st.binary(min_size=8, max_size=8)
KEY16 = st.binary(min_size=16, max_size=16)
BLOCKS16 = st.binary(min_size=16, max_size=16)
CHAIN8 = st.integers(1, 6).flatmap(lambda n: st.binary(min_size=8 * n, max_size=8 * n))
CHAIN16 = st.integers(1, 4).flatmap(lambda n: st.binary(min_size=16 * n, max_size=16 * n))


def _sm4(key: bytes, block: bytes) -> bytes:
    engine = CryptSM4()
    engine.set_key(key, SM4_ENCRYPT)
    return bytes(engine.one_round(engine.sk, list(block)))


def _des(key: bytes, data: bytes, *, back: bool = False) -> bytes:
    engine = DES.new(key, DES.MODE_ECB)  # noqa: S304  the cards of the last century's cipher
    return engine.decrypt(data) if back else engine.encrypt(data)


@given(KEY16, BLOCKS16)
def test_sm4_agrees(key: bytes, block: bytes) -> None:
    assert CIPHERS.ecb(Cipher.SM4, key, block) == _sm4(key, block)


@given(KEY16, CHAIN16)
def test_the_sm4_chain_agrees(key: bytes, data: bytes) -> None:
    chained = bytes(16)
    for start in range(0, len(data), 16):
        block = data[start : start + 16]
        chained = _sm4(key, bytes(a ^ b for a, b in zip(chained, block, strict=True)))
    assert CIPHERS.cbc_last(Cipher.SM4, key, data) == chained


@given(KEY8, CHAIN8)
def test_the_single_des_chain_agrees(key: bytes, data: bytes) -> None:
    chained = bytes(8)
    for start in range(0, len(data), 8):
        block = data[start : start + 8]
        chained = _des(key, bytes(a ^ b for a, b in zip(chained, block, strict=True)))
    assert CIPHERS.cbc_last(Cipher.DES, key, data) == chained


@given(KEY16, CHAIN8)
def test_double_length_3des_agrees(key: bytes, data: bytes) -> None:
    """Encrypt, decrypt, encrypt; a key with equal halves is single DES."""
    left, right = key[:8], key[8:]
    made = _des(left, _des(right, _des(left, data), back=True))
    assert CIPHERS.ecb(Cipher.TRIPLE_DES, key, data) == made
