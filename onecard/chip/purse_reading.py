"""Reading the purse: directory, files, balance, logs. All of it for the eye, none of it proven.

What MAC1 does not cover anybody can forge; a rule that decides by something read here is a bug,
but for the serial, which a forger cannot use: it gives another card key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard.chip import purse_commands, tlv
from onecard.chip.apdu import Answer, Command, Secret
from onecard.chip.dialogue import Dialogue, L, ask, ask_for, nonsense, require_done, understand
from onecard.chip.fault import CardRefused, Fault, WrongCard
from onecard.chip.fci import PPSE, TAG_AID, TAG_ENTRY, TAG_LABEL, public_in_fci
from onecard.chip.purse_answers import Balance, shown_balance
from onecard.chip.purse_commands import P1_NEGATIVE_BALANCE
from onecard.chip.purse_files import (
    HOLDER_FILE,
    JOURNEY_LOG_RECORDS,
    MANAGEMENT_FILE,
    TRANSACTION_LOG,
    TRANSACTION_LOG_RECORDS,
    CardIdentity,
    HolderFile,
    JourneyRecord,
    ManagementFile,
    PublicInformation,
    TransactionRecord,
)
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.status import Outcome, Remedy, Why, read


@dataclass(frozen=True)
class ApplicationEntry:
    """One line of the card's directory."""

    aid: bytes
    label: str


def read_directory() -> Dialogue[tuple[ApplicationEntry, ...]]:
    """The applications the card lists under the PPSE (card reference 2.1)."""
    command = purse_commands.select(PPSE)
    (answer,) = yield from ask(command)
    require_done(command, answer)
    entries = tlv.walk(_objects(command, answer), TAG_ENTRY)
    found = ((entry.find(TAG_AID), entry.find(TAG_LABEL)) for entry in entries)
    return tuple(
        ApplicationEntry(aid.value, label.value.decode("ascii", "replace") if label else "")
        for aid, label in found
        if aid
    )


def _objects(command: Command, answer: Answer) -> tuple[tlv.Tlv, ...]:
    try:
        return tlv.parse(answer.data)
    except tlv.TlvError as error:
        raise nonsense(command, Fault.TLV) from error


def select_purse(profile: PurseProfile) -> Dialogue[PublicInformation]:
    """SELECT the purse, its sibling on a second try, and give file 0x15."""
    *first_tries, last = profile.aids
    for aid in first_tries:
        try:
            return (yield from _select(aid))
        except WrongCard as wrong:
            if wrong.why is not Why.OTHER_APPLICATION:
                raise
    return (yield from _select(last))


def _select(aid: bytes) -> Dialogue[PublicInformation]:
    command = purse_commands.select(aid)
    (answer,) = yield from ask(command)
    public = public_of(command, answer)
    return public or (yield from ask_for(purse_commands.read_public_file(), PublicInformation))


def public_of(command: Command, answer: Answer) -> PublicInformation | None:
    """File 0x15 as SELECT answered it; None if this card system keeps it in the file only."""
    require_done(command, answer)
    try:
        return public_in_fci(answer.data)
    except tlv.TlvError as error:
        raise nonsense(command, Fault.TLV) from error


def require_this_card(
    public: PublicInformation, *, card: CardIdentity | None, on: date | None
) -> None:
    """Raise `WrongCard` unless it is `card` (None: any), and valid `on` that day (None: any)."""
    if card is not None and public.identity != card:
        raise WrongCard(Why.OTHER_SERIAL)
    if on is not None and not public.is_valid_on(on):
        raise WrongCard(Why.EXPIRED, valid_to=public.valid_to, remedy=Remedy.EXCHANGE_CARD)


def read_holder() -> Dialogue[HolderFile]:
    """READ BINARY of 0x16: personal data, for nobody's eyes."""
    size = HolderFile.size()
    command = purse_commands.read_binary(HOLDER_FILE, size, secret=Secret.ANSWER)
    return (yield from ask_for(command, HolderFile))


def read_management() -> Dialogue[ManagementFile]:
    """READ BINARY of 0x17: city, card type, interoperability."""
    command = purse_commands.read_binary(MANAGEMENT_FILE, ManagementFile.size())
    return (yield from ask_for(command, ManagementFile))


def read_balance() -> Dialogue[int]:
    """What a person is shown, in fen; below zero for an overdrawn purse. Proves nothing.

    The negative part is asked only of an empty purse; a card without that function is not below
    zero.
    """
    balance = yield from ask_for(purse_commands.get_balance(), Balance)
    if balance.fen:
        return balance.fen
    try:
        negative = yield from ask_for(purse_commands.get_balance(P1_NEGATIVE_BALANCE), Balance)
    except CardRefused:
        return 0
    return shown_balance(balance, negative)


def read_transactions(
    limit: int = TRANSACTION_LOG_RECORDS,
) -> Dialogue[tuple[TransactionRecord, ...]]:
    """The transaction log, newest first. A transaction may be missing: never decide by it."""
    commands = [
        purse_commands.read_transaction(record, TRANSACTION_LOG) for record in _records(limit)
    ]
    records = yield from _read_log(commands, TransactionRecord)
    return tuple(record for record in records if not record.is_unused)


def read_journeys(limit: int = JOURNEY_LOG_RECORDS) -> Dialogue[tuple[JourneyRecord, ...]]:
    """The journey log, newest first. No MAC covers it: for display only."""
    commands = [purse_commands.read_journey(record) for record in _records(limit)]
    records = yield from _read_log(commands, JourneyRecord)
    return tuple(record for record in records if not record.is_unused)


def _records(limit: int) -> range:
    return range(1, limit + 1)


def _read_log(commands: list[Command], layout: type[L]) -> Dialogue[tuple[L, ...]]:
    answers = yield from ask(*commands)
    asked = zip(commands, answers, strict=False)
    return tuple(
        understand(command, answer, layout)
        for command, answer in asked
        if read(command.kind, answer.status).outcome is not Outcome.ABSENT
    )
