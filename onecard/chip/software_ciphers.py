"""DES, 3DES and SM4 by the `cryptography` package: the only file here that knows a cipher library.

For tests, training and the simulated card. Keys lie in memory, so no production key comes here.
"""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as Engine
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from onecard.chip.purse_arithmetic import Cipher

_BLOCK = {Cipher.DES: 8, Cipher.TRIPLE_DES: 8, Cipher.SM4: 16}
_KEY = {Cipher.DES: 8, Cipher.TRIPLE_DES: 16, Cipher.SM4: 16}


class SoftwareCiphers:
    """Answers as `Ciphers` says."""

    def ecb(self, cipher: Cipher, key: bytes, data: bytes) -> bytes:
        """Whole blocks, each for itself. Raises `ValueError` for a key of another length."""
        return Engine(_keyed(cipher, key), ECB()).encryptor().update(data)  # noqa: S305  as published

    def cbc_last(self, cipher: Cipher, key: bytes, data: bytes) -> bytes:
        """The last block of the chain. Raises `ValueError` for a key of another length."""
        block = _BLOCK[cipher]
        return Engine(_keyed(cipher, key), CBC(bytes(block))).encryptor().update(data)[-block:]


def _keyed(cipher: Cipher, key: bytes) -> TripleDES | SM4:
    """The cipher with its key; TripleDES always gets 24 bytes: K K K is single DES under K."""
    if len(key) != _KEY[cipher]:
        raise ValueError(f"{cipher.value} has a key of {_KEY[cipher]} bytes")
    if cipher is Cipher.SM4:
        return SM4(key)
    return TripleDES((key * 3)[:24])
