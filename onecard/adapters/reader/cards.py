"""Which simulated card lies on a virtual reader: both applications, test keys, kept in a file.

Its keys are derived from the test keys of the card reference, which anybody can read: it opens
nothing but a house in development.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_files import CardIdentity, PublicInformation
from onecard.chip.purse_vectors import CARD, KEY_VERSION, TRIPLE_DES
from onecard.chip.simulated_card import HrData, Personalisation, SimulatedCard, derive_keys
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.seams.rng import Rng

SERIAL_HEAD = "0310487"
SERIAL_DIGITS = 20
BALANCE_FEN = 5000


@dataclass(frozen=True)
class CardPlan:
    """Whose card it is and what lies on it. The default holder does not exist."""

    card_number: str = field(default="C12345678", repr=False)
    card_identifier: str = field(default="320400D15600000500112233445566AA", repr=False)
    social_security_number: str = field(default="320499199003071234", repr=False)
    name: str = field(default="张三", repr=False)
    serial: str = ""
    balance_fen: int = BALANCE_FEN

    def as_plain(self) -> dict[str, Any]:
        """For a file that only this user reads."""
        return asdict(self)


def serial_of(card_number: str) -> str:
    """A purse serial for a demo city's card: its letter as two digits, then its digits."""
    letter, digits = card_number[:1], card_number[1:]
    tail = f"{ord(letter.upper()) % 100:02d}{digits}"
    return SERIAL_HEAD + tail.rjust(SERIAL_DIGITS - len(SERIAL_HEAD), "0")


def personalise(plan: CardPlan) -> Personalisation:
    """The card as its factory makes it."""
    serial = bytes.fromhex(plan.serial) if plan.serial else CARD.serial
    identity = CardIdentity(CARD.issuer, serial)
    profile = TRIPLE_DES.profile
    public = PublicInformation.decode(bytes.fromhex(PublicInformation.vectors[0][0]))
    return Personalisation(
        profile=profile,
        public=replace(public, serial=serial),
        keys=derive_keys(Arithmetic(profile, SoftwareCiphers()), TRIPLE_DES.masters, identity),
        algorithm=TRIPLE_DES.load.init.algorithm,
        key_version=KEY_VERSION,
        uid=serial[-4:],
        balance_fen=plan.balance_fen,
        hr=HrData(
            card_identifier=bytes.fromhex(plan.card_identifier),
            card_number=plan.card_number,
            social_security_number=plan.social_security_number,
            name=plan.name,
        ),
    )


def make_card(plan: CardPlan, *, rng: Rng, image: Mapping[str, Any] | None = None) -> SimulatedCard:
    """A new card, or the one whose memory `image` is."""
    return SimulatedCard(
        personalise(plan), ciphers=SoftwareCiphers(), chance=rng.bytes, image=image
    )


class Drawer:
    """A folder where cards lie between two runs: what each is, and what its chip remembers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, number: int, plan: CardPlan) -> None:
        """Lay a card into a slot; what another card left there is forgotten."""
        if self._read(f"card-{number}.json") != plan.as_plain():
            self._write(f"card-{number}.json", plan.as_plain())
            (self._folder / f"chip-{number}.json").unlink(missing_ok=True)

    def empty_from(self, number: int) -> None:
        """Take the cards out of this slot and those behind it; their chips' memory stays."""
        for left in range(number, self.count()):
            (self._folder / f"card-{left}.json").unlink()

    def count(self) -> int:
        """How many cards lie there, from slot 0 on."""
        return len(list(self._folder.glob("card-*.json")))

    def take(self, number: int, rng: Rng) -> SimulatedCard:
        """The card of this slot, as it was left."""
        plan = CardPlan(**(self._read(f"card-{number}.json") or {}))
        return make_card(plan, rng=rng, image=self._read(f"chip-{number}.json"))

    def keep(self, number: int, card: SimulatedCard) -> None:
        """Remember what the chip remembers."""
        self._write(f"chip-{number}.json", card.image())

    def _read(self, name: str) -> dict[str, Any] | None:
        file = self._folder / name
        return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else None

    def _write(self, name: str, value: Mapping[str, Any]) -> None:
        half = self._folder / f".{name}.part"
        half.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        half.replace(self._folder / name)
