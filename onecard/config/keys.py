"""Which custody keeps the keys: a token where one is named, memory and a file in development."""

from __future__ import annotations

from typing import Any

from onecard.adapters import purse_keys
from onecard.adapters.purse_keys import data_keys, key_desk
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.config.environment import IN_TOKEN, Environment, KeyToken
from onecard.seams.custody import SoftwareCustody, WrappedCustody, parse_ring, read_key_file
from onecard.seams.rng import Rng

WRAPPED = "data.key.wrapped"


def install(environment: Environment, rng: Rng) -> None:
    """Install the custody. What is not fit for production is not installed: the check says so."""
    token = environment.keys
    if token is None:
        if not environment.production:
            purse_keys.install(SoftwarePurseKeys(production=False))
        return
    parts, place = _parts(), _place(token)
    key_desk.install(parts.TokenDesk.at(place))
    data_keys.install(parts.TokenWrap.at(place, rng))
    if token.tac == IN_TOKEN or not environment.production:
        purse_keys.install(parts.Pkcs11PurseKeys(place, production=environment.production))


def data_custody(environment: Environment, rng: Rng) -> SoftwareCustody:
    """The custody of sealed records: out of the wrapped file where there is one and a token.

    Raises `KeysUnavailable` when the token does not open it, `RuntimeError` where a wrapped file
    lies here and no token is named: fresh keys would open nothing that was sealed before.
    """
    wrapped = environment.home / WRAPPED
    if not wrapped.exists():
        return SoftwareCustody(read_key_file(environment.home / "data.key", rng), rng)
    if environment.keys is None:
        message = f"{WRAPPED} lies here: name its token with ONECARD_PKCS11_LIBRARY and _TOKEN"
        raise RuntimeError(message)
    wrap = _parts().TokenWrap.at(_place(environment.keys), rng)
    opened = wrap.unwrap(bytes.fromhex(wrapped.read_text(encoding="ascii")))
    return WrappedCustody(parse_ring(opened.decode("ascii")), rng)


def _place(token: KeyToken) -> Any:
    parts = _parts()
    way = parts.TacWay(token.tac)
    return parts.TokenPlace(token.library, token.label, token.pin_file, way)


def _parts() -> Any:
    """The adapter. Only here: python-pkcs11 is an optional extra. Raises `RuntimeError`."""
    try:
        from onecard.adapters.purse_keys import pkcs11
    except ImportError as missing:
        message = "ONECARD_PKCS11_LIBRARY is set but python-pkcs11 is not there: onecard[hsm]"
        raise RuntimeError(message) from missing
    return pkcs11
