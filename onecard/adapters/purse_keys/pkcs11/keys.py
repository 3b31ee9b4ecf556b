"""What is done with handles, as far as SoftHSM 2.6 can do it (card reference 14.2).

3DES under K||K is single DES under K, so a session key is derived twice over into one handle, and a
MAC is the last block of a CBC encryption. A master key may derive and nothing else: it encrypts
nothing, so that nobody with a session computes card keys with it directly.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.constants import DEFAULT

from onecard.chip.purse_arithmetic import KCV_BYTES, MAC_BYTES
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import PurseKey

BLOCK = 8
_BITS = 128
_SECRET = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}


def label_of(kind: PurseKey, version: int) -> str:
    """How a master key is named in the token."""
    return f"onecard.{kind.value}.{version}"


def tac_label(card: CardIdentity, version: int) -> str:
    """How the imported TAC key of one card is named."""
    return f"onecard.tac.{version}.{(card.issuer + card.serial).hex()}"


def found(session: Any, label: str) -> Any | None:
    """The key of that name, or None."""
    named = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
    return next(iter(list(session.get_objects(named))), None)


@contextmanager
def derived(key: Any, data: bytes, can: MechanismFlag) -> Iterator[Any]:
    """A key handle made by encrypting `data` (16 bytes) under another; destroyed with the block."""
    kept = ctypes.create_string_buffer(data, len(data))
    made = key.derive_key(
        KeyType.DES2,
        _BITS,
        mechanism=Mechanism.DES3_ECB_ENCRYPT_DATA,
        mechanism_param=struct.pack("@PL", ctypes.addressof(kept), len(data)),
        capabilities=can,
        template=_SECRET | {Attribute.VALUE_LEN: DEFAULT, Attribute.TOKEN: False},
    )
    try:
        yield made
    finally:
        made.destroy()


def cbc_mac(key: Any, data: bytes) -> bytes:
    """The left 4 bytes of the last block, under a K||K handle."""
    chain = key.encrypt(data, mechanism=Mechanism.DES3_CBC, mechanism_param=bytes(BLOCK))
    return bytes(chain[-BLOCK:][:MAC_BYTES])


def ecb(key: Any, data: bytes) -> bytes:
    """Whole blocks, each for itself."""
    return bytes(key.encrypt(data, mechanism=Mechanism.DES3_ECB))


@contextmanager
def twice(session: Any, half: bytes) -> Iterator[Any]:
    """An 8-byte key as a K||K handle that only encrypts; destroyed with the block."""
    made = session.create_object(
        _named(half + half, "") | {Attribute.TOKEN: False, Attribute.ENCRYPT: True}
    )
    try:
        yield made
    finally:
        made.destroy()


def put_master(session: Any, label: str, value: bytes) -> str:
    """Put a master key into the token, to derive only. Returns its check value (hex)."""
    trial = session.create_object(
        _named(value, "") | {Attribute.TOKEN: False, Attribute.ENCRYPT: True}
    )
    kcv = check_value(trial)
    trial.destroy()
    session.create_object(_named(value, label) | _MASTER)
    return kcv


def make_master(session: Any, label: str) -> str:
    """Let the token make a master key that nobody ever sees. Returns its check value (hex).

    It may encrypt only until its check value is known: the copy that is kept may derive only.
    """
    made = session.generate_key(
        KeyType.DES2,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DERIVE,
        mechanism=Mechanism.DES2_KEY_GEN,
        template=_SECRET | {Attribute.TOKEN: False},
    )
    kcv = check_value(made)
    made.copy({Attribute.LABEL: label} | _MASTER)  # read-only comes last, or nothing is taken
    made.destroy()
    return kcv


def put_tac_key(session: Any, label: str, half: bytes) -> None:
    """Put the XORed TAC key of one card into the token, to encrypt only."""
    session.create_object(
        _named(half + half, label) | {Attribute.TOKEN: True, Attribute.ENCRYPT: True}
    )


def check_value(key: Any) -> str:
    """KCV of a handle that may encrypt: what custodians compare instead of a key."""
    return ecb(key, bytes(BLOCK))[:KCV_BYTES].hex().upper()


def _named(value: bytes, label: str) -> dict[Any, Any]:
    return _SECRET | {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.DES2,
        Attribute.VALUE: value,
        Attribute.LABEL: label,
        Attribute.DERIVE: False,
        Attribute.DECRYPT: False,
    }


_MASTER = {
    Attribute.TOKEN: True,
    Attribute.ENCRYPT: False,
    Attribute.DERIVE: True,
    Attribute.MODIFIABLE: False,
}
