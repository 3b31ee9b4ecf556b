"""How bad the storm is: with what chance each misfortune happens."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.seams.rng import Rng

_FINE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Weather:
    """Chances between 0 and 1.

    `torn`, `lost`, `crashed`: of each tap. `lying`: of each order, that its phone is an attacker's.
    `fare`: of each gap between taps, that the card pays at a gate; `wish`: that the holder asks
    for the money back. `repeated`: of each payment, that its notice comes twice.
    """

    torn: float = 0.30
    lost: float = 0.02
    crashed: float = 0.02
    lying: float = 0.05
    fare: float = 0.25
    wish: float = 0.01
    repeated: float = 0.05

    def __post_init__(self) -> None:
        for name, chance in vars(self).items():
            if not 0 <= chance <= 1:
                raise ValueError(f"{name} is {chance}: a chance lies between 0 and 1")


def happens(chance: float, rng: Rng) -> bool:
    """Whether something of this chance happens now."""
    return rng.below(_FINE) < chance * _FINE
