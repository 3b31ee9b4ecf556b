"""演示用的卡: simulated chips of the demo city, which stay what they were after a restart.

Each is made with the published test keys when it is first held, and its memory is written to the
home folder after every step. Nothing is installed outside demo mode.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.in_process import InProcessReaders
from onecard.adapters.reader.once import GivenOnce
from onecard.adapters.reader.steps import BadStep, Brought, RelayStep
from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_files import CardIdentity, PublicInformation
from onecard.chip.purse_vectors import KEY_VERSION, TRIPLE_DES
from onecard.chip.simulated_card import (
    NINE_TEAR_POINTS,
    HrData,
    Personalisation,
    SimulatedCard,
    derive_keys,
)
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.seams.rng import Rng

_CIPHERS = SoftwareCiphers()
_ISSUED = PublicInformation.decode(bytes.fromhex(PublicInformation.vectors[0][0]))
_SERIAL_DIGITS = 2 * len(_ISSUED.serial)

__all__ = ["BadStep", "Brought", "Chip", "DemoCards", "demo_cards", "install"]


@dataclass(frozen=True)
class Chip:
    """Which card of the archive a chip belongs to; `key` names its file."""

    key: str
    card_identifier: str
    card_number: str = field(repr=False)
    identity_number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass
class _Lying:
    """A chip on its own reader."""

    card: SimulatedCard
    carrier: Carrier


class DemoCards:
    """The chips of the demo city, one reader for each."""

    def __init__(self, folder: Path, rng: Rng) -> None:
        self._folder, self._rng = folder, rng
        self._lying: dict[str, _Lying] = {}
        self._lock = threading.Lock()

    @cached_property
    def _given(self) -> GivenOnce:
        """Opened with the first card that is held: a house that holds none leaves no folder."""
        return GivenOnce(self._folder / "given")

    def carry(self, chip: Chip, told: Mapping[str, Any], tear: str = "") -> Brought:
        """Hold a chip for one step. `tear` names the moment it is moved away, if any.

        Raises `BadStep` for what is no step.
        """
        step = RelayStep.read(told)
        with self._lock:
            lying = self._lying.get(chip.key) or self._lay(chip)
            if tear in NINE_TEAR_POINTS:
                lying.card.tear(NINE_TEAR_POINTS[tear])
            brought = lying.carrier.carry(step)
            self._keep(chip.key, lying.card)
        return brought

    def _lay(self, chip: Chip) -> _Lying:
        file = self._file(chip.key)
        image = json.loads(file.read_text("utf-8")) if file.exists() else None
        card = SimulatedCard(_made(chip), ciphers=_CIPHERS, chance=self._rng.bytes, image=image)
        readers = InProcessReaders({chip.key: card})
        lying = _Lying(card, Carrier(readers, chip.key, self._given))
        self._lying[chip.key] = lying
        return lying

    def _keep(self, key: str, card: SimulatedCard) -> None:
        """Whole or not at all: a half-written image would be a card with other money."""
        file = self._file(key)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(card.image()), "utf-8")
        new.replace(file)

    def _file(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:_SERIAL_DIGITS]}.json"


def _made(chip: Chip) -> Personalisation:
    """The card as the factory made it: the same chip for the same key, always."""
    digest = int.from_bytes(hashlib.sha256(chip.key.encode()).digest())
    serial = bytes.fromhex(f"{digest % 10 ** (_SERIAL_DIGITS - 2):0{_SERIAL_DIGITS}d}")
    card = CardIdentity(_ISSUED.issuer, serial)
    return Personalisation(
        profile=TRIPLE_DES.profile,
        public=replace(_ISSUED, serial=serial),
        keys=derive_keys(Arithmetic(TRIPLE_DES.profile, _CIPHERS), TRIPLE_DES.masters, card),
        algorithm=TRIPLE_DES.load.init.algorithm,
        key_version=KEY_VERSION,
        hr=_hr_of(chip),
    )


def _hr_of(chip: Chip) -> HrData:
    return HrData(
        card_identifier=bytes.fromhex(chip.card_identifier),
        card_number=chip.card_number,
        social_security_number=chip.identity_number,
        name=chip.name,
    )


_installed: list[DemoCards] = []


def install(cards: DemoCards | None) -> None:
    """The chips of this process; None takes them away."""
    _installed[:] = [cards] if cards else []


def demo_cards() -> DemoCards | None:
    """The chips there are; None outside demo mode."""
    return _installed[0] if _installed else None
