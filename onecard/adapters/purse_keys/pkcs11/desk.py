"""What a key ceremony does to the token. Who may, and who approved it, is decided above.

Components are XORed in the memory of the machine at which both custodians stand, for a token can
not; a key that the token makes itself is never seen by anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.key_desk import KeyExists, WrongCheckValue
from onecard.adapters.purse_keys.pkcs11 import initialising, keys
from onecard.adapters.purse_keys.pkcs11.place import TokenPlace
from onecard.adapters.purse_keys.pkcs11.token import Token
from onecard.adapters.purse_keys.tac_file import TacKey
from onecard.chip.purse_profile import PurseKey


@dataclass(frozen=True)
class TokenDesk:
    """The token of one place, opened for writing. Raises `KeysUnavailable`."""

    token: Token

    @classmethod
    def at(cls, place: TokenPlace) -> TokenDesk:
        """The desk of a place."""
        return cls(Token(place))

    def initialise(self, *, so_pin: str, pin: str) -> None:
        """Make a fresh token of this label. Raises `KeyExists` if there is one."""
        with self.token.reaching():
            initialising.initialise(self.token.place, so_pin=so_pin, pin=pin)

    def generate(self, kind: PurseKey, version: int) -> str:
        """Let the token make a master key. Returns its check value. Raises `KeyExists`."""
        label = keys.label_of(kind, version)
        with self.token.writing() as session:
            if keys.found(session, label) is not None:
                raise KeyExists(label)
            return keys.make_master(session, label)

    def put_together(
        self, kind: PurseKey, version: int, one: bytes, other: bytes, *, kcv: str
    ) -> str:
        """Put the XOR of two components into the token, if it is the key that was approved.

        Raises `WrongCheckValue`, `KeyExists`.
        """
        value = bytes(a ^ b for a, b in zip(one, other, strict=True))
        found = check_value_of(value)
        if found != kcv.upper():
            raise WrongCheckValue(found)
        label = keys.label_of(kind, version)
        with self.token.writing() as session:
            if keys.found(session, label) is not None:
                raise KeyExists(label)
            return keys.put_master(session, label, value)

    def put_tac_keys(self, delivered: Sequence[TacKey]) -> int:
        """Put TAC keys of cards into the token; how many were new.

        A key that is there already must be the same one. Raises `WrongCheckValue`; nothing is put
        in then.
        """
        with self.token.writing() as session:
            fresh = [one for one in delivered if not _is_there(session, one)]
            for one in fresh:
                keys.put_tac_key(session, keys.tac_label(one.card, one.version), one.half)
        return len(fresh)

    def destroy(self, kind: PurseKey, version: int) -> bool:
        """Destroy a master key for good. Whether there was one."""
        with self.token.writing() as session:
            key = keys.found(session, keys.label_of(kind, version))
            if key is None:
                return False
            key.destroy()
            return True

    def has(self, kind: PurseKey, version: int) -> bool:
        """Whether the token keeps this key."""
        with self.token.session() as opened:
            return opened.find(keys.label_of(kind, version)) is not None


def _is_there(session: Any, one: TacKey) -> bool:
    there = keys.found(session, keys.tac_label(one.card, one.version))
    if there is None:
        return False
    found = keys.check_value(there)
    if found != one.kcv:
        raise WrongCheckValue(found)
    return True
