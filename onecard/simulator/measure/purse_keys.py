"""What key custody costs: the MACs of a load through its verbs, against bare `cryptography`.

    python -m onecard.simulator.measure purse_keys ROUNDS PER_ROUND CLIENTS[,CLIENTS...]

One call is what one load asks of custody: MAC1 checked and MAC2 made in one verb, the TAC checked
in another, both uses told. The bare side encrypts the same blocks with keys in memory. Software
first, then a SoftHSM token of its own that is thrown away. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from functools import partial
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from onecard.adapters.purse_keys import PurseKeys
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.adapters.purse_keys.uses import gathering
from onecard.chip.purse_arithmetic import (
    MAC_BYTES,
    ONLINE_TAIL,
    level_data,
    mac_data,
    session_data,
)
from onecard.chip.purse_profile import Mac, PurseKey
from onecard.chip.purse_vectors import CARD, MASTERS, TRIPLE_DES
from onecard.simulator.measure.rounds import Work, compare

PROFILE, LOAD = TRIPLE_DES.profile, TRIPLE_DES.load
_HALF = 8


def main(arguments: list[str]) -> None:
    """Measure and print."""
    rounds, per_round = int(arguments[0]), int(arguments[1])
    clients = [int(count) for count in arguments[2].split(",")]
    print(json.dumps(measured(rounds, per_round, clients)))


def measured(rounds: int, per_round: int, clients: list[int]) -> dict[str, Any]:
    """A row for each custody and number of clients; `left_out` says why one is not there."""
    row = partial(_row, rounds, per_round)
    rows = [row("software", SoftwarePurseKeys(production=False), one) for one in clients]
    try:
        # Only here: python-pkcs11 is an optional extra (onecard[hsm]).
        from onecard.simulator.measure.softhsm import scratch_token
    except ImportError as missing:
        return {"rows": rows, "left_out": {"pkcs11": str(missing)}}
    with scratch_token() as keys:
        rows += [row("pkcs11", keys, one) for one in clients]
    return {"rows": rows, "left_out": {}}


def _row(
    rounds: int, per_round: int, custody: str, keys: PurseKeys, clients: int
) -> dict[str, Any]:
    print(f"{custody}, {clients} clients", file=sys.stderr, flush=True)
    asked: list[list[Work]] = [[partial(through_custody, keys)] * per_round] * rounds
    bare: list[list[Work]] = [[bare_cryptography] * per_round] * rounds
    return {"custody": custody, **asdict(compare(asked, bare, clients=clients))}


def through_custody(keys: PurseKeys) -> bytes:
    """The MACs of one load, through the verbs. Returns MAC2."""
    attempt = LOAD.attempt
    with gathering():
        mac2 = keys.authorise_load(
            CARD,
            PROFILE,
            LOAD.init,
            amount_fen=attempt.amount_fen,
            terminal=attempt.terminal,
            at=attempt.at,
        )
        _must(keys.check_load_tac(CARD, PROFILE, attempt, LOAD.values[Mac.LOAD_TAC]))
    return mac2


def bare_cryptography() -> bytes:
    """The same MACs by the library alone, from inputs made before. Returns MAC2."""
    session = _ecb(_card_key(PurseKey.LOAD), _SESSION)
    _must(compare_digest(_mac(session, _INPUTS[Mac.LOAD_MAC1]), LOAD.init.mac1))
    mac2 = _mac(session, _INPUTS[Mac.LOAD_MAC2])
    dtk = _card_key(PurseKey.TAC)
    half = bytes(a ^ b for a, b in zip(dtk[:_HALF], dtk[_HALF:], strict=True))
    _must(compare_digest(_mac(half, _INPUTS[Mac.LOAD_TAC]), LOAD.values[Mac.LOAD_TAC]))
    return mac2


_LEVELS = level_data(PROFILE, CARD)
_SESSION = session_data(PROFILE, LOAD.init.random, LOAD.init.counter, ONLINE_TAIL)
_INPUTS = {
    which: mac_data(PROFILE, which, LOAD.attempt.parts)
    for which in (Mac.LOAD_MAC1, Mac.LOAD_MAC2, Mac.LOAD_TAC)
}


def _card_key(kind: PurseKey) -> bytes:
    key = MASTERS[kind]
    for data in _LEVELS:
        key = _ecb(key, data)
    return key


def _ecb(key: bytes, data: bytes) -> bytes:
    engine = Cipher(TripleDES((key * 3)[:24]), ECB())  # noqa: S305  as published
    return engine.encryptor().update(data)


def _mac(key: bytes, data: bytes) -> bytes:
    chain = Cipher(TripleDES(key * 3), CBC(bytes(_HALF))).encryptor().update(data)
    return chain[-_HALF:][:MAC_BYTES]


def _must(right: bool) -> None:  # noqa: FBT001
    """A measurement of wrong answers is none."""
    if not right:
        raise ValueError("a known answer came out wrong")
