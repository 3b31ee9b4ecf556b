"""SM2 in software, for development and tests: slow, and not in constant time.

The curve's arithmetic is gmssl's; everything it leaves open is closed here: strict DER, r and s in
their range, the public key a point of the curve. Private keys are derived from the data keys, one
for each name, so that nothing new has to be kept.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SM3, Hash
from gmssl.sm2 import CryptSM2, default_ecc_table

from onecard.adapters.hsm import USER_ID
from onecard.seams.holding import must_hold_no_rows
from onecard.seams.world import world

P, N = int(default_ecc_table["p"], 16), int(default_ecc_table["n"], 16)
A, B = int(default_ecc_table["a"], 16), int(default_ecc_table["b"], 16)
G = default_ecc_table["g"]
_BYTES = 32
_HEX = 2 * _BYTES
_UNCOMPRESSED = "04"
_WRITTEN = re.compile(r"04[0-9a-f]{128}")


class SoftwareHsm:
    """Answers as `Hsm` says."""

    def sign(self, key: str, message: bytes) -> bytes:
        """SM2 over SM3 with a fresh random number."""
        must_hold_no_rows()
        private = private_key(key)
        return signed(message, private=private, k=1 + world().rng.below(N - 1))

    def public_key(self, key: str) -> str:
        """The public half of our key of that name."""
        return public_of(private_key(key))

    def verify(self, public_key: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature is right."""
        must_hold_no_rows()
        point = _point(public_key)
        try:
            r, s = decode_dss_signature(signature)
        except ValueError:
            return False
        if point is None or not (0 < r < N and 0 < s < N) or (r + s) % N == 0:
            return False
        rs = f"{r:064x}{s:064x}"
        return bool(_curve(point).verify(rs, digest(message, public_key)))


def private_key(key: str) -> int:
    """Our key of that name, from the data keys."""
    seed = world().custody.sign(f"sm2:{key}", b"private key")
    return 1 + int(hashlib.sha512(seed.encode()).hexdigest(), 16) % (N - 2)


@lru_cache(maxsize=256)
def public_of(private: int) -> str:
    """The point that belongs to a private key."""
    return _UNCOMPRESSED + str(_curve("")._kg(private, G))


def signed(message: bytes, *, private: int, k: int) -> bytes:
    """A DER signature. The random number `k` is fixed in test vectors only."""
    curve = _curve(public_of(private)[2:], f"{private:064x}")
    rs = curve.sign(digest(message, public_of(private)), f"{k:064x}")
    return encode_dss_signature(int(rs[:_HEX], 16), int(rs[_HEX:], 16))


def digest(message: bytes, public_key: str) -> bytes:
    """SM3 of Z and the message."""
    return sm3(_z(public_key) + message)


def sm3(content: bytes) -> bytes:
    """The SM3 digest of some bytes."""
    hasher = Hash(SM3())
    hasher.update(content)
    return hasher.finalize()


def _z(public_key: str) -> bytes:
    """What binds a signature to its signer: the user id, the curve, the key."""
    bits = (len(USER_ID) * 8).to_bytes(2, "big")
    curve = f"{A:064x}{B:064x}{G}{public_key[2:]}"
    return sm3(bits + USER_ID + bytes.fromhex(curve))


def _point(public_key: str) -> str | None:
    """The point of a public key without its mark, if it lies on the curve."""
    if not _WRITTEN.fullmatch(public_key):
        return None
    point = public_key[2:]
    x, y = int(point[:_HEX], 16), int(point[_HEX:], 16)
    on_curve = x < P and y < P and (y * y - x * x * x - A * x - B) % P == 0
    return point if on_curve else None


def _curve(point: str, private: str = "") -> CryptSM2:
    """The library takes leading 0s and 4s off a key, so the key is set after it was made."""
    curve = CryptSM2(private_key=private, public_key="")
    curve.public_key = point
    return curve
