"""One tap of a card as one step: as many commands as can be known beforehand, in one round trip.

    SELECT · [READ 0x15] · GET BALANCE · [80 5A] · [VERIFY] · [probe INITIALIZE] · INITIALIZE

A phone then needs two round trips for a load: this step, and `80 52` (card reference 12). VERIFY
stands before the probe, for a card that wants its PIN wants it for every INITIALIZE; but after
`80 5A` where the profile allows it, so that a wrong PIN of ours does not hide a proof. The tap
decides nothing: what its answers prove is for custody, and what follows is for the order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from onecard.chip import purse_commands, purse_reading, transit_purse
from onecard.chip.apdu import Answer, Command
from onecard.chip.challenge import Challenge, Probe
from onecard.chip.dialogue import Dialogue, ask, require_done, understand
from onecard.chip.fault import ChipError
from onecard.chip.purse_answers import Balance, LoadInitialized, TransactionProof
from onecard.chip.purse_files import CardIdentity, PublicInformation, TransactionType
from onecard.chip.purse_profile import PinRule, PurseProfile
from onecard.chip.status import CommandKind, Outcome, StatusWord, read


@dataclass(frozen=True)
class OpenAttempt:
    """What is still unproven on this card: its proof is asked for before anything else."""

    type: TransactionType
    proof_counter: int
    probe: Probe | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a tap is for: the load or unload it begins, on which card, and what is still open.

    `card` None takes any card (the first tap), `on` None takes an expired one (to settle what is
    open on it). `pin` is the issuer's fixed one, where the profile has one.
    """

    amount_fen: int
    challenge: Challenge
    type: TransactionType = TransactionType.LOAD
    card: CardIdentity | None = None
    on: date | None = None
    open_attempt: OpenAttempt | None = None
    pin: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Tapped:
    """What a tap brought. Nothing in it is proven before custody has checked it.

    `shown_balance_fen` is for the eye only. `proof` is None after 9406 and where nothing was open.
    """

    public: PublicInformation
    shown_balance_fen: int
    proof: TransactionProof | None
    probe: LoadInitialized | None
    init: LoadInitialized


def tap(profile: PurseProfile, wish: Wish) -> Dialogue[Tapped]:
    """Begin a load or an unload, asking on the way for the proof of what is still open.

    Raises the four chip errors; `proof_in` finds a proof that came before the tap went wrong.
    """
    script = _Script.of(profile, wish)
    commands = script.in_order()
    answers = yield from _ask_with_pin(commands, profile, wish.pin)
    require_done(commands[len(answers) - 1], answers[-1])
    told = dict(zip(commands, answers, strict=True))
    public = script.public_in(told)
    purse_reading.require_this_card(public, card=wish.card, on=wish.on)
    return Tapped(
        public=public,
        shown_balance_fen=understand(script.balance, told[script.balance], Balance).fen,
        proof=transit_purse.proof_of(script.prove, told[script.prove]) if script.prove else None,
        probe=_initialized(profile, script.probe, told) if script.probe else None,
        init=_initialized(profile, script.init, told),
    )


def _initialized(
    profile: PurseProfile, command: Command, told: dict[Command, Answer]
) -> LoadInitialized:
    answer = understand(command, told[command], LoadInitialized)
    return transit_purse.accepted(profile, answer)


def proof_in(error: ChipError) -> TransactionProof | None:
    """The proof that a card gave before its tap went wrong; None if it gave none."""
    for answer in error.answers_to(CommandKind.GET_TRANSACTION_PROVE):
        whole = len(answer.data) == TransactionProof.size()
        if answer.status.word is StatusWord.OK and whole:
            return TransactionProof.decode(answer.data)
    return None


@dataclass(frozen=True, kw_only=True)
class _Script:
    """The commands of one tap, by their part in it."""

    pin_before_proof: bool
    select: Command
    public: Command | None
    balance: Command
    prove: Command | None
    verify: Command | None
    probe: Command | None
    init: Command

    @classmethod
    def of(cls, profile: PurseProfile, wish: Wish) -> _Script:
        """Every command of the tap. Raises `ValueError` if the issuer's PIN is missing."""
        still_open = wish.open_attempt
        probe = still_open.probe if still_open else None
        begin = {
            TransactionType.LOAD: transit_purse.load_command,
            TransactionType.UNLOAD: transit_purse.unload_command,
        }[wish.type]
        return cls(
            pin_before_proof=profile.pin_before_proof,
            select=purse_commands.select(profile.aids[0]),
            public=None if profile.public_in_fci else purse_commands.read_public_file(),
            balance=purse_commands.get_balance(),
            prove=purse_commands.get_transaction_prove(still_open.type, still_open.proof_counter)
            if still_open
            else None,
            verify=_first_verify(profile, wish.pin),
            probe=transit_purse.load_command(profile, probe.amount_fen, probe.challenge)
            if probe
            else None,
            init=begin(profile, wish.amount_fen, wish.challenge),
        )

    def in_order(self) -> tuple[Command, ...]:
        """As they go over the wire."""
        return tuple(self._all())

    def _all(self) -> Iterator[Command]:
        settle = (self.verify, self.prove) if self.pin_before_proof else (self.prove, self.verify)
        parts = (self.public, self.balance, *settle, self.probe, self.init)
        yield self.select
        yield from (part for part in parts if part)

    def public_in(self, told: dict[Command, Answer]) -> PublicInformation:
        """File 0x15, from where this card family keeps it. Raises `WrongCard` elsewhere."""
        in_fci = purse_reading.public_of(self.select, told[self.select])
        if self.public is not None:
            return understand(self.public, told[self.public], PublicInformation)
        if in_fci is None:
            raise transit_purse.other_profile()
        return in_fci


def _first_verify(profile: PurseProfile, pin: bytes | None) -> Command | None:
    if profile.pin is not PinRule.BEFORE_INITIALIZE:
        return None
    if pin is None:
        raise ValueError(f"{profile.name} wants the issuer's PIN")
    return purse_commands.verify(pin)


def _ask_with_pin(
    commands: tuple[Command, ...], profile: PurseProfile, pin: bytes | None
) -> Dialogue[tuple[Answer, ...]]:
    """Ask; where the card wants its PIN in the middle, give it once and go on from there."""
    answers = yield from ask(*commands)
    done = len(answers) - 1
    wants_pin = read(commands[done].kind, answers[done].status).outcome is Outcome.NEEDS_PIN
    if not wants_pin or pin is None or profile.pin is not PinRule.ON_DEMAND:
        return answers
    verify = purse_commands.verify(pin)
    verified, *more = yield from ask(verify, *commands[done:])
    require_done(verify, verified)
    return (*answers[:done], *more)
