"""What a key ceremony does to the token. Who may, and who approved it, is decided above.

Components are XORed in the memory of the machine at which both custodians stand, for a token can
not; a key that the token makes itself is never seen by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.adapters.purse_keys.pkcs11 import keys
from onecard.adapters.purse_keys.pkcs11.place import TokenPlace
from onecard.adapters.purse_keys.pkcs11.token import Token
from onecard.chip.purse_arithmetic import KEY_BYTES, Arithmetic
from onecard.chip.purse_files import CardIdentity
from onecard.chip.purse_profile import T_UNION_3DES, PurseKey
from onecard.chip.software_ciphers import SoftwareCiphers


class KeyExists(Exception):
    """There is a key of this kind and generation already: a generation is never written over."""


class WrongCheckValue(Exception):
    """The components do not make the key that was approved. Nothing was put into the token."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class TokenDesk:
    """The token of one place, opened for writing. Raises `KeysUnavailable`."""

    token: Token

    @classmethod
    def at(cls, place: TokenPlace) -> TokenDesk:
        """The desk of a place."""
        return cls(Token(place))

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
        found = component_check_value(value)
        if found != kcv.upper():
            raise WrongCheckValue(found)
        label = keys.label_of(kind, version)
        with self.token.writing() as session:
            if keys.found(session, label) is not None:
                raise KeyExists(label)
            return keys.put_master(session, label, value)

    def put_tac_key(self, card: CardIdentity, version: int, half: bytes) -> None:
        """Put the XORed TAC key (8 bytes) of one card into the token. Raises `KeyExists`."""
        label = keys.tac_label(card, version)
        with self.token.writing() as session:
            if keys.found(session, label) is not None:
                raise KeyExists(label)
            keys.put_tac_key(session, label, half)

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
            return keys.found(opened.session, keys.label_of(kind, version)) is not None


def component_check_value(component: bytes) -> str:
    """KCV of a component or key that somebody just typed: shown back, so that typing is proven."""
    if len(component) != KEY_BYTES:
        message = f"a component has {KEY_BYTES} bytes"
        raise ValueError(message)
    arithmetic = Arithmetic(T_UNION_3DES, SoftwareCiphers())
    return arithmetic.key_check_value(component).hex().upper()
