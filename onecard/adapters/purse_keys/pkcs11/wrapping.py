"""A wrapping key of a token: AES-256-GCM, made inside, never out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag

from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.pkcs11 import keys
from onecard.adapters.purse_keys.pkcs11.place import TokenPlace
from onecard.adapters.purse_keys.pkcs11.token import Token
from onecard.seams.rng import Rng

LABEL = "onecard.data"
_BITS, _NONCE, _TAG_BITS = 256, 12, 128
_BOUND_TO = b"onecard data keys"


@dataclass(frozen=True)
class TokenWrap:
    """Answers as `KeyWrap` says: nonce, ciphertext and tag in one."""

    token: Token
    rng: Rng

    @classmethod
    def at(cls, place: TokenPlace, rng: Rng) -> TokenWrap:
        """The wrap of a place."""
        return cls(Token(place), rng)

    def wrap(self, plain: bytes) -> bytes:
        """The bytes under the wrapping key, which is made where there is none."""
        nonce = self.rng.bytes(_NONCE)
        with self.token.writing() as session:
            key = keys.found(session, LABEL) or _made(session)
            return nonce + bytes(key.encrypt(plain, **_by(nonce)))

    def unwrap(self, wrapped: bytes) -> bytes:
        """The bytes again. Raises `KeysUnavailable` also for altered ones: a token says no more."""
        with self.token.session() as opened:
            key = opened.key(LABEL)
            if key is None:
                raise KeysUnavailable(LABEL)
            return bytes(key.decrypt(wrapped[_NONCE:], **_by(wrapped[:_NONCE])))


def _by(nonce: bytes) -> dict[str, Any]:
    params = GCMParams(nonce, _BOUND_TO, _TAG_BITS)
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": params}


def _made(session: Any) -> Any:
    return session.generate_key(
        KeyType.AES,
        _BITS,
        label=LABEL,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template={
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.PRIVATE: True,
            Attribute.MODIFIABLE: False,
        },
    )
