"""The key seam: seal and unseal personal values, and make blind indexes. Gives out no key.

Envelope: `version(1) | algorithm(1) | key id(4) | nonce(12) | ciphertext | tag(16)`. The value is
bound to table, column and the row's opaque id, so that a value moved to another row does not open.
The blind index is a keyed HMAC per purpose: a plain hash of an identity number falls in seconds.
Source: guarantees.md 11.2, R8.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from onecard.seams.rng import Rng

VERSION = 1
AES_256_GCM = 1
_HEAD = 6
_NONCE = 12
_KEY_BYTES = 32


class CannotUnseal(Exception):
    """The value was altered, moved to another row, or sealed under a key we do not hold."""


class Custody(Protocol):
    """Keeps the data keys; every verb uses a key, none gives one out."""

    def seal(self, value: bytes, *, bound_to: str) -> bytes:
        """Encrypt `value` for exactly one place, named `table|column|row id`."""
        ...

    def unseal(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Decrypt. Raises `CannotUnseal`."""
        ...

    def blind_index(self, purpose: str, value: str) -> str:
        """64 hex characters by which an equal value can be found, and nothing else learned."""
        ...

    def sign(self, purpose: str, value: bytes) -> str:
        """A keyed digest (hex) that proves `value` came from here: links, audit rows."""
        ...


@dataclass(frozen=True)
class KeyRing:
    """Master keys by id; new values are sealed under `current`."""

    keys: dict[int, bytes]
    current: int


class SoftwareCustody:
    """Keys derived from a key file. For the embedded edition; production wants them wrapped."""

    def __init__(self, ring: KeyRing, rng: Rng) -> None:
        self._ring, self._rng = ring, rng
        self._ciphers: dict[int, AESGCM] = {
            key_id: AESGCM(_derive(master, "seal")) for key_id, master in ring.keys.items()
        }
        self._index_keys: dict[str, bytes] = {}

    def seal(self, value: bytes, *, bound_to: str) -> bytes:
        """Encrypt with AES-256-GCM under the current key and a fresh random nonce."""
        nonce = self._rng.bytes(_NONCE)
        head = bytes([VERSION, AES_256_GCM]) + self._ring.current.to_bytes(4, "big")
        cipher = self._ciphers[self._ring.current]
        return head + nonce + cipher.encrypt(nonce, value, head + bound_to.encode())

    def unseal(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Decrypt under whichever key it names. Raises `CannotUnseal`."""
        head, nonce, body = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        cipher = self._ciphers.get(int.from_bytes(head[2:], "big"))
        if cipher is None or head[:2] != bytes([VERSION, AES_256_GCM]):
            raise CannotUnseal(bound_to)
        try:
            return cipher.decrypt(nonce, body, head + bound_to.encode())
        except InvalidTag as tampered:
            raise CannotUnseal(bound_to) from tampered

    def blind_index(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 under a key of its own per purpose."""
        return self.sign(f"index:{purpose}", value.encode())

    def sign(self, purpose: str, value: bytes) -> str:
        """HMAC-SHA256 under a key of its own per purpose, as hex."""
        key = self._index_keys.get(purpose)
        if key is None:
            key = self._index_keys[purpose] = _derive(
                self._ring.keys[min(self._ring.keys)], purpose
            )
        return hmac.new(key, value, hashlib.sha256).hexdigest()


class WrappedCustody(SoftwareCustody):
    """The same in memory, but on the disk the keys lie only wrapped under a key of a token."""


def read_key_file(path: Path, rng: Rng) -> KeyRing:
    """The key ring of a file with one `id:hex` line per key; made (mode 0400) if it is absent."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"1:{rng.bytes(_KEY_BYTES).hex()}\n")
        path.chmod(0o400)
    return parse_ring(path.read_text())


def parse_ring(text: str) -> KeyRing:
    """The key ring of one `id:hex` line per key; the highest id seals."""
    lines = [line.split(":", 1) for line in text.split()]
    keys = {int(key_id): bytes.fromhex(key) for key_id, key in lines}
    return KeyRing(keys, max(keys))


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDFExpand(SHA256(), _KEY_BYTES, f"onecard:{purpose}".encode()).derive(master)
