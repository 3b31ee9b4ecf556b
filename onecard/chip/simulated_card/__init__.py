"""A whole card in software: both applications, atomic memory, and tears at any moment.

It speaks bytes only, so that the same dialogues run against it in the process, behind a virtual
reader and through a phone. What card systems do differently is data (`Manners`). It has no clock
and no die: random numbers are handed in, dates come in the commands.

    card = SimulatedCard(personalisation, ciphers=SoftwareCiphers(), chance=os.urandom)
    card.enter_field()
    hold(transit_purse.read_balance(), card.transmit)

`card.movements` is what a witness inside the chip saw: every commit, once. No command shows it.
"""

from onecard.chip.simulated_card.card import ATR, SimulatedCard
from onecard.chip.simulated_card.memory import Movement
from onecard.chip.simulated_card.personalisation import (
    CardKeys,
    HrData,
    Manners,
    Personalisation,
    Pin,
    derive_keys,
)
from onecard.chip.simulated_card.tear import NINE_TEAR_POINTS, Moment, Tear

__all__ = [
    "ATR",
    "NINE_TEAR_POINTS",
    "CardKeys",
    "HrData",
    "Manners",
    "Moment",
    "Movement",
    "Personalisation",
    "Pin",
    "SimulatedCard",
    "Tear",
    "derive_keys",
]
