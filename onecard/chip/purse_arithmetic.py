"""The formulas of the purse over a cipher that is handed in (card reference 4.1, 4.2, 5).

Custody with a device takes only the inputs from here (`level_data`, `session_data`, `mac_data`);
tests, training and the simulated card take the rest as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from onecard.chip.purse_facts import Parts
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import Algorithm, Factor, Mac, PurseProfile, TacKeyRule

MAC_BYTES = 4
KEY_BYTES = 16
KCV_BYTES = 4

ONLINE_TAIL = bytes.fromhex("8000")
"""The end of the session block of a load or unload; a purchase has its terminal counter there."""

_FACTOR_BYTES = 8
_ISSUER_HEAD = 4
_TAIL = 2


class Cipher(Enum):
    """The block ciphers of both profiles."""

    DES = "des"
    TRIPLE_DES = "triple_des"
    SM4 = "sm4"


class Ciphers(Protocol):
    """Whoever encrypts: `software_ciphers` in tests; standard library alone knows no DES."""

    def ecb(self, cipher: Cipher, key: bytes, data: bytes) -> bytes:
        """Whole blocks, each for itself. Keys: 8 bytes for DES, 16 for the others."""
        ...

    def cbc_last(self, cipher: Cipher, key: bytes, data: bytes) -> bytes:
        """Whole blocks, chained from a zero block: the last one."""
        ...


@dataclass(frozen=True)
class _Rules:
    """What differs between the algorithms."""

    cipher: Cipher
    mac_cipher: Cipher
    block: int


_RULES: Mapping[Algorithm, _Rules] = {
    Algorithm.TRIPLE_DES: _Rules(Cipher.TRIPLE_DES, Cipher.DES, 8),
    Algorithm.SM4: _Rules(Cipher.SM4, Cipher.SM4, 16),
}


@dataclass(frozen=True)
class Arithmetic:
    """The formulas of one profile."""

    profile: PurseProfile
    ciphers: Ciphers

    @property
    def _rules(self) -> _Rules:
        return _RULES[self.profile.algorithm]

    def card_key(self, master: bytes, card: CardIdentity) -> bytes:
        """The card's key from the master key, level by level."""
        key = master
        for data in level_data(self.profile, card):
            key = self.ciphers.ecb(self._rules.cipher, key, data)
        return key

    def session_key(self, key: bytes, random: bytes, counter: int, tail: bytes) -> bytes:
        """The key of one transaction: from the card's random number and its counter before."""
        block = session_data(self.profile, random, counter, tail)
        return self.ciphers.ecb(self._rules.cipher, key, block)

    def mac(self, session_key: bytes, which: Mac, parts: Parts) -> bytes:
        """A MAC of 4 bytes under a session key."""
        return self._mac_of_padded(session_key, mac_data(self.profile, which, parts))

    def tac(self, dtk: bytes, which: Mac, parts: Parts) -> bytes:
        """A TAC of 4 bytes: under the TAC key itself, no session, no random."""
        return self._mac_of_padded(self._tac_key(dtk), mac_data(self.profile, which, parts))

    def mac_of(self, key: bytes, data: bytes) -> bytes:
        """The left 4 bytes of the CBC-MAC over padded data."""
        return self._mac_of_padded(key, _padded(self.profile, data))

    def key_check_value(self, key: bytes) -> bytes:
        """KCV: what two custodians compare instead of a key."""
        return self.ciphers.ecb(self._rules.cipher, key, bytes(self._rules.block))[:KCV_BYTES]

    def _tac_key(self, dtk: bytes) -> bytes:
        if self.profile.tac_key is TacKeyRule.WHOLE:
            return dtk
        left, right = dtk[: KEY_BYTES // 2], dtk[KEY_BYTES // 2 :]
        return bytes(a ^ b for a, b in zip(left, right, strict=True))

    def _mac_of_padded(self, key: bytes, data: bytes) -> bytes:
        return self.ciphers.cbc_last(self._rules.mac_cipher, key, data)[:MAC_BYTES]


def level_data(profile: PurseProfile, card: CardIdentity) -> tuple[bytes, ...]:
    """What is encrypted, level by level, to come from a master key to the card's key."""
    factors = (_factor(level, card) for level in profile.levels)
    return tuple(factor + _inverted(factor) for factor in factors)


def session_data(profile: PurseProfile, random: bytes, counter: int, tail: bytes) -> bytes:
    """The block that is encrypted to get the key of one transaction."""
    block = random + counter.to_bytes(_TAIL) + tail[-_TAIL:]
    return block.ljust(_RULES[profile.algorithm].block, b"\x00")


def mac_data(profile: PurseProfile, which: Mac, parts: Parts) -> bytes:
    """The padded input of a MAC: whole blocks."""
    return _padded(profile, b"".join(parts[part] for part in profile.inputs[which]))


def _padded(profile: PurseProfile, data: bytes) -> bytes:
    filled = len(data) + 1
    return data + b"\x80" + bytes(-filled % _RULES[profile.algorithm].block)


def _factor(level: Factor, card: CardIdentity) -> bytes:
    if level is Factor.ISSUER:
        return card.issuer
    if level is Factor.ISSUER_HEAD_TWICE:
        return card.issuer[:_ISSUER_HEAD] * 2
    return card.serial_factor


def _inverted(factor: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in factor)
