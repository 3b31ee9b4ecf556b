"""A fresh token: the one thing the wrapper does not know, so the library is asked itself."""

from __future__ import annotations

import ctypes

import pkcs11
from pkcs11 import TokenFlag

from onecard.adapters.purse_keys.key_desk import KeyExists
from onecard.adapters.purse_keys.pkcs11 import module
from onecard.adapters.purse_keys.pkcs11.place import TokenPlace

_LABEL_BYTES = 32


def initialise(place: TokenPlace, *, so_pin: str, pin: str) -> None:
    """Make a token of this label in the first free slot. Raises `KeyExists`, `PKCS11Error`."""
    tokens = [slot.get_token() for slot in module.library(place.library).get_slots()]
    if any(token.label == place.label for token in tokens):
        raise KeyExists(place.label)
    free = [one for one in tokens if not one.flags & TokenFlag.TOKEN_INITIALIZED]
    if not free:
        raise pkcs11.exceptions.TokenNotPresent
    _init_token(place, free[0].slot.slot_id, so_pin)
    module.forget()
    token = module.library(place.library).get_token(token_label=place.label)
    session = token.open(rw=True, so_pin=so_pin)
    session.init_pin(pin)
    session.close()


def _init_token(place: TokenPlace, slot: int, so_pin: str) -> None:
    native, secret = ctypes.CDLL(str(place.library)), so_pin.encode()
    label = place.label.encode().ljust(_LABEL_BYTES)
    if native.C_InitToken(ctypes.c_ulong(slot), secret, ctypes.c_ulong(len(secret)), label):
        raise pkcs11.exceptions.GeneralError
