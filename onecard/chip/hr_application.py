"""The social security application on the same chip, read only (card reference 2.3).

It says which card this is and whose, to bind both applications to one person. Nothing of it is
authenticated, and what it holds is personal: it is never shown, in no trail and no `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from onecard.chip import purse_commands
from onecard.chip.apdu import Answer, Command, Secret
from onecard.chip.dialogue import Dialogue, ask, nonsense, require_done
from onecard.chip.status import Outcome, read

SSSE = b"sx1.sh." + "社会保障".encode("gbk")
"""The name of the application."""

CARD_FILE = 0x05
PERSON_FILE = 0x06

CARD_IDENTIFIER = 1
SPECIFICATION = 3
CARD_NUMBER = 7
SOCIAL_SECURITY_NUMBER = 1
NAME = 2

IDENTIFIER_BYTES = 16
SPECIFICATION_BYTES = 4
CARD_NUMBER_BYTES = 9
SOCIAL_SECURITY_NUMBER_BYTES = 18
NAME_BYTES = 30

_HEAD = 2
"""Each record begins with a tag and a length of one byte each."""


@dataclass(frozen=True)
class HrPerson:
    """The holder, as the chip names him."""

    social_security_number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True)
class HrCard:
    """The card, as its social security side names it; `person` None where it wants a PSAM first."""

    card_identifier: str = field(repr=False)
    specification: str
    card_number: str = field(repr=False)
    person: HrPerson | None

    @property
    def generation(self) -> int | None:
        """3 for the third generation (specification 3.00); None if it says nothing readable."""
        return int(self.specification[0]) if self.specification[:1].isdecimal() else None

    def is_bound_to(self, *, card_number: str, social_security_number: str) -> bool:
        """Whether chip and archive name the same card and the same person.

        A chip that names nobody is bound by its card number alone.
        """
        same_person = (
            self.person is None or self.person.social_security_number == social_security_number
        )
        return self.card_number == card_number and same_person


def read_hr_card() -> Dialogue[HrCard]:
    """SELECT SSSE and read the five records that name card and holder.

    Raises the four chip errors; another card raises `WrongCard`.
    """
    select = purse_commands.select(SSSE)
    (selected,) = yield from ask(select)
    require_done(select, selected)
    commands = tuple(
        _record(CARD_FILE, number, secret)
        for number, secret in (
            (CARD_IDENTIFIER, Secret.ANSWER),
            (SPECIFICATION, Secret.NOTHING),
            (CARD_NUMBER, Secret.ANSWER),
        )
    )
    answers = yield from ask(*commands)
    require_done(commands[len(answers) - 1], answers[-1])
    identifier, specification, number = map(_value, commands, answers)
    return HrCard(
        card_identifier=identifier.hex().upper(),
        specification=_text(commands[1], specification),
        card_number=_text(commands[2], number),
        person=(yield from _read_person()),
    )


def read_card_identifier() -> Dialogue[str]:
    """SELECT SSSE and read the card identifier alone, in one step; 32 hex characters.

    Raises the four chip errors; a card without that application raises `WrongCard`.
    """
    select = purse_commands.select(SSSE)
    record = _record(CARD_FILE, CARD_IDENTIFIER, Secret.ANSWER)
    answers = yield from ask(select, record)
    require_done((select, record)[len(answers) - 1], answers[-1])
    return _value(record, answers[-1]).hex().upper()


def _read_person() -> Dialogue[HrPerson | None]:
    """EF06, or None where the region wants its security module before it is read."""
    commands = tuple(
        _record(PERSON_FILE, number, Secret.ANSWER) for number in (SOCIAL_SECURITY_NUMBER, NAME)
    )
    answers = yield from ask(*commands)
    if read(commands[0].kind, answers[-1].status).outcome is Outcome.NEEDS_PIN:
        return None
    require_done(commands[len(answers) - 1], answers[-1])
    number, name = map(_value, commands, answers)
    return HrPerson(_text(commands[0], number), _text(commands[1], name))


def _record(sfi: int, record: int, secret: Secret) -> Command:
    return purse_commands.read_record(sfi, record, secret=secret)


def _value(command: Command, answer: Answer) -> bytes:
    """The value behind tag and length. Raises `CardLost` if the length disagrees."""
    data = answer.data
    if len(data) < _HEAD or data[1] != len(data) - _HEAD:
        raise nonsense(command)
    return data[_HEAD:]


def _text(command: Command, value: bytes) -> str:
    """Text in GBK without its filling. Raises `CardLost` for bytes that are none."""
    try:
        return value.rstrip(b"\x00\xff ").decode("gb18030")
    except UnicodeDecodeError as error:
        raise nonsense(command) from error
