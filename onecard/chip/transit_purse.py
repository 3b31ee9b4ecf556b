"""The verbs of the purse, as dialogues: short ones, which the longer are made of.

Theory of operation (card reference 0, 3). A load is two chip steps: INITIALIZE FOR LOAD moves no
money and shows counter and balance under MAC1; CREDIT FOR LOAD writes money, counter and TAC, all
or nothing. Between them the server proves the card, saves the attempt and signs. Whatever happens
to the second step, only a TAC that verifies proves it, and only a fresh INITIALIZE with an unmoved
counter disproves it. So these dialogues decide nothing: they bring bytes, whole or not at all.

Every dialogue raises the four chip errors of `fault`; none is swallowed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from onecard.chip import card_time, purse_commands
from onecard.chip.apdu import Answer, Command
from onecard.chip.challenge import Challenge
from onecard.chip.dialogue import Dialogue, ask, ask_for, require_done, understand
from onecard.chip.fault import WrongCard
from onecard.chip.purse_answers import (
    COUNTER_END,
    Loaded,
    LoadInitialized,
    Purchased,
    PurchaseInitialized,
    TransactionProof,
    Unloaded,
)
from onecard.chip.purse_facts import Purchase
from onecard.chip.purse_files import TransactionType
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.status import Outcome, Remedy, Why, read


def verify(pin: bytes) -> Dialogue[None]:
    """Present the issuer's fixed PIN. One wrong try and the tap is over: three block the purse."""
    command = purse_commands.verify(pin)
    (answer,) = yield from ask(command)
    require_done(command, answer)


def prove(type_: TransactionType, counter: int) -> Dialogue[TransactionProof | None]:
    """GET TRANSACTION PROVE: the proof of a transaction that left `counter` behind, or None.

    None (9406) concludes nothing: never committed, or replaced by a later one of its type. A proof
    is evidence only once its TAC verifies against the saved attempt (card reference 6).
    """
    command = purse_commands.get_transaction_prove(type_, counter)
    (answer,) = yield from ask(command)
    return proof_of(command, answer)


def proof_of(command: Command, answer: Answer) -> TransactionProof | None:
    """What an answer to GET TRANSACTION PROVE holds."""
    if read(command.kind, answer.status).outcome is Outcome.NO_CONCLUSION:
        return None
    return understand(command, answer, TransactionProof)


def initialize_load(
    profile: PurseProfile, *, amount_fen: int, challenge: Challenge
) -> Dialogue[LoadInitialized]:
    """INITIALIZE FOR LOAD with a drawn terminal number. Moves no money."""
    command = load_command(profile, amount_fen, challenge)
    init = yield from ask_for(command, LoadInitialized)
    return accepted(profile, init)


def load_command(profile: PurseProfile, amount_fen: int, challenge: Challenge) -> Command:
    """The command of `initialize_load`."""
    index = profile.key_indexes.load
    return purse_commands.initialize_for_load(index, amount_fen, challenge.terminal)


def credit_load(*, at: datetime, mac2: bytes) -> Dialogue[Loaded]:
    """CREDIT FOR LOAD, alone in its step. Any error it raises leaves the outcome UNKNOWN."""
    return (yield from ask_for(purse_commands.credit_for_load(card_time.stamp(at), mac2), Loaded))


def initialize_unload(
    profile: PurseProfile, *, amount_fen: int, challenge: Challenge
) -> Dialogue[LoadInitialized]:
    """INITIALIZE FOR UNLOAD, where the card system offers it. Moves no money."""
    command = unload_command(profile, amount_fen, challenge)
    init = yield from ask_for(command, LoadInitialized)
    return accepted(profile, init)


def unload_command(profile: PurseProfile, amount_fen: int, challenge: Challenge) -> Command:
    """The command of `initialize_unload`."""
    index, p2 = profile.key_indexes.unload, profile.unload_p2
    return purse_commands.initialize_for_unload(index, amount_fen, challenge.terminal, p2)


def debit_unload(*, at: datetime, mac2: bytes) -> Dialogue[Unloaded]:
    """DEBIT FOR UNLOAD, alone in its step. Any error it raises leaves the outcome UNKNOWN."""
    command = purse_commands.debit_for_unload(card_time.stamp(at), mac2)
    return (yield from ask_for(command, Unloaded))


def initialize_purchase(
    profile: PurseProfile, *, amount_fen: int, terminal: bytes
) -> Dialogue[PurchaseInitialized]:
    """INITIALIZE FOR PURCHASE. Its answer carries no MAC and proves nothing."""
    index = profile.key_indexes.purchase
    command = purse_commands.initialize_for_purchase(index, amount_fen, terminal)
    init = yield from ask_for(command, PurchaseInitialized)
    return accepted(profile, init)


def initialize_capp_purchase(
    profile: PurseProfile, *, amount_fen: int, terminal: bytes
) -> Dialogue[PurchaseInitialized]:
    """INITIALIZE FOR CAPP PURCHASE: a fare with its journey; amount 0 at an entry gate."""
    index = profile.key_indexes.purchase
    command = purse_commands.initialize_for_capp_purchase(index, amount_fen, terminal)
    init = yield from ask_for(command, PurchaseInitialized)
    return accepted(profile, init)


def debit_purchase(purchase: Purchase, *, mac1: bytes) -> Dialogue[Purchased]:
    """DEBIT FOR PURCHASE, alone in its step. Any error it raises leaves the outcome UNKNOWN."""
    command = purse_commands.debit_for_purchase(
        purchase.terminal_counter_bytes, card_time.stamp(purchase.at), mac1
    )
    return (yield from ask_for(command, Purchased))


@dataclass(frozen=True)
class CappUpdate:
    """A record that a composite purchase writes together with the debit."""

    sfi: int
    record: int
    data: bytes


def debit_capp_purchase(
    purchase: Purchase, updates: tuple[CappUpdate, ...], *, mac1: bytes
) -> Dialogue[Purchased]:
    """UPDATE CAPP DATA CACHE for each record, then the debit alone: all of it or nothing."""
    commands = [
        purse_commands.update_capp_data_cache(update.sfi, update.record, update.data)
        for update in updates
    ]
    if commands:
        answers = yield from ask(*commands)
        for command, answer in zip(commands, answers, strict=False):
            require_done(command, answer)
    return (yield from debit_purchase(purchase, mac1=mac1))


Initialized = TypeVar("Initialized", LoadInitialized, PurchaseInitialized)


def accepted(profile: PurseProfile, init: Initialized) -> Initialized:
    """The answer, if a card of this profile can give it. Raises `WrongCard`, never guesses.

    An `alg` byte that is not the profile's is another card family. A counter at its end is one a
    real card answers 9402 for.
    """
    if init.algorithm not in profile.algorithm_bytes:
        raise other_profile()
    if init.counter == COUNTER_END:
        raise WrongCard(Why.SUSPICIOUS, remedy=Remedy.EXCHANGE_CARD)
    return init


def other_profile() -> WrongCard:
    """The card of another family than the profile says: engineers want to know."""
    return WrongCard(Why.OTHER_PROFILE, remedy=Remedy.SERVICE_OUTLET, alarm=True)
