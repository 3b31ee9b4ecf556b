"""Which custody keeps the purse's keys: a token where one is named, memory in development."""

from __future__ import annotations

from onecard.adapters import purse_keys
from onecard.adapters.purse_keys import key_desk
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.config.environment import Environment, KeyToken


def install(environment: Environment) -> None:
    """Install the custody. In production without a token nothing is: `onecard check` says so."""
    if environment.keys is not None:
        _of_token(environment.keys, production=environment.production)
    elif not environment.production:
        purse_keys.install(SoftwarePurseKeys(production=False))


def _of_token(token: KeyToken, *, production: bool) -> None:
    # Only here: python-pkcs11 is an optional extra (onecard[hsm]).
    from onecard.adapters.purse_keys.pkcs11 import Pkcs11PurseKeys, TacWay, TokenDesk, TokenPlace

    place = TokenPlace(token.library, token.label, token.pin_file, TacWay(token.tac))
    purse_keys.install(Pkcs11PurseKeys(place, production=production))
    key_desk.install(TokenDesk.at(place))
