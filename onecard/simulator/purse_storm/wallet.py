"""The cards of the storm, the keys they were made with, and the gate at which they pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_files import CardIdentity, PublicInformation, TransactionType
from onecard.chip.purse_vectors import KEY_VERSION, TRIPLE_DES
from onecard.chip.simulated_card import Personalisation, SimulatedCard, derive_keys
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import SoftwareKeys
from onecard.seams.clock import LOCAL
from onecard.seams.rng import Rng
from onecard.seams.world import world
from onecard.simulator.gates import Gate

_CIPHERS = SoftwareCiphers()
_GATE = bytes.fromhex("300089000340")
_ISSUED = PublicInformation.decode(bytes.fromhex(PublicInformation.vectors[0][0]))
_SERIAL_BYTES = len(_ISSUED.serial)


def keys() -> SoftwareKeys:
    """The key custody of the storm: the published test keys."""
    masters = {(kind, KEY_VERSION): key for kind, key in TRIPLE_DES.masters.items()}
    return SoftwareKeys(masters, _CIPHERS)


def new_cards(rng: Rng) -> Iterator[SimulatedCard]:
    """One new, empty card after the other, each with a serial of its own."""
    arithmetic, number = Arithmetic(TRIPLE_DES.profile, _CIPHERS), 0
    while True:
        number += 1
        serial = bytes.fromhex(f"{number:0{2 * _SERIAL_BYTES}d}")
        card = CardIdentity(_ISSUED.issuer, serial)
        made = Personalisation(
            profile=TRIPLE_DES.profile,
            public=replace(_ISSUED, serial=serial),
            keys=derive_keys(arithmetic, TRIPLE_DES.masters, card),
            algorithm=TRIPLE_DES.load.init.algorithm,
            key_version=KEY_VERSION,
        )
        yield SimulatedCard(made, ciphers=_CIPHERS, chance=rng.bytes)


def pay_fare(card: SimulatedCard, amount_fen: int, *, terminal_counter: int) -> int:
    """Pay at a gate, as far as the money goes; what was taken, in fen."""
    card.enter_field()  # what a tear left half-written is undone here, so only now look inside
    amount_fen = min(amount_fen, card.balance_fen)
    if amount_fen:
        gate = Gate(keys(), _GATE, counter=terminal_counter)
        gate.take(card, amount_fen, at=world().clock.now().astimezone(LOCAL))
        card.leave_field()
    return amount_fen


def credited_fen(card: SimulatedCard) -> tuple[int, ...]:
    """Every load that this chip ever committed, in fen, as only the card itself can know."""
    return tuple(one.amount_fen for one in card.movements if one.type is TransactionType.LOAD)
