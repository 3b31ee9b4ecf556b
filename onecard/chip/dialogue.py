"""The grammar of a talk with a card: steps out, answers in, nothing carried by ourselves.

A dialogue is a generator: it yields a `Step` (commands to send one after the other), is sent a
`Carried` (what came back) and returns a frozen result. Long dialogues are made of short ones with
`yield from`. It is a pure function of what it was begun with and of the answers so far, so a
server need not keep the object: `Conversation.resume` begins again and replays the answers.

Who carries is not our business: `hold` does it for anything that turns a command's bytes into the
answer's, the relay hands the hex to a phone (card reference 12).

Rules kept here, so that no dialogue can forget them:

* `80 52` and `80 54` travel alone in their step and are never sent to a card twice (rule 7);
* 61xx and 6Cxx never leave this file, at most eight follow-ups a command; the data of a command
  that moves money are fetched by GET RESPONSE only;
* a loss or an answer without sense is `CardLost`; after `80 52` and `80 54` that means unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from onecard.chip.apdu import Answer, Apdu, ApduError, Command, Exchanged
from onecard.chip.fault import (
    CardLost,
    CardRefused,
    ChipError,
    CryptoMismatch,
    Fault,
    Loss,
    Proof,
    WrongCard,
)
from onecard.chip.layout import Layout, LayoutError
from onecard.chip.status import Outcome, Reading, StatusWord, Why, read

MAX_FOLLOW_UPS = 8
"""GET RESPONSE and repeats for one command; a card that wants more is lost (case 111)."""

T = TypeVar("T")
L = TypeVar("L", bound=Layout)


@dataclass(frozen=True, slots=True)
class Step:
    """Commands that are sent one after the other, each only if the one before allows it."""

    commands: tuple[Command, ...]

    def __post_init__(self) -> None:
        if not self.commands:
            raise ValueError("a step without a command")
        if self.moves_money and len(self.commands) > 1:
            raise ValueError("a command that moves money travels alone")

    @property
    def moves_money(self) -> bool:
        """Whether a carrier must give this step to a card at most once."""
        return any(command.kind.moves_money for command in self.commands)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a carrier brought back: answers in order, and how the card was lost, if it was.

    With `lost`, the answers are those before the loss; what became of the next command is unknown.
    """

    answers: tuple[bytes, ...] = field(repr=False)
    lost: Loss | None = None

    @classmethod
    def from_hex(cls, answers: Iterable[str], *, lost: Loss | None = None) -> Carried:
        """From a phone's post. What is no hex, or of odd length, becomes an empty answer."""
        return cls(tuple(_bytes_of(answer) for answer in answers), lost)


def _bytes_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


Dialogue = Generator[Step, Carried, T]


def ask(*commands: Command) -> Dialogue[tuple[Answer, ...]]:
    """Send the commands in one step and give their answers, whole.

    Fewer answers than commands mean that the last one ended the step without being an error by
    itself: no such record, no conclusion (9406), or the card wants its PIN first. Raises the four
    chip errors for everything else.
    """
    asking = _Asking(commands)
    while asking.pending:
        asking.take((yield Step(asking.outgoing)))
    return tuple(asking.done)


def ask_for(command: Command, layout: type[L]) -> Dialogue[L]:
    """Send one command and read its answer. Raises the chip errors."""
    (answer,) = yield from ask(command)
    return understand(command, answer, layout)


def understand(command: Command, answer: Answer, layout: type[L]) -> L:
    """An answer that must be there, as its layout. Raises the chip errors."""
    require_done(command, answer)
    try:
        return layout.decode(answer.data)
    except LayoutError as error:
        raise nonsense(command) from error


def require_done(command: Command, answer: Answer) -> None:
    """Raise `CardRefused` or `WrongCard` if the answer is one of those that only end a step."""
    reading = read(command.kind, answer.status)
    if reading.outcome is Outcome.ABSENT:
        raise WrongCard(Why.OTHER_PROFILE, status=answer.status)
    if reading.outcome is not Outcome.DONE:
        raise CardRefused(command.kind, answer.status, reading)


def nonsense(command: Command, fault: Fault = Fault.PROTOCOL) -> CardLost:
    """The loss of a card that answers what no card answers."""
    return CardLost(command.kind, Loss.NONSENSE, fault=fault)


class _Asking:
    """How far one step has come: commands still without a whole answer, and the answers so far."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self.pending = list(commands)
        self.done: list[Answer] = []
        self._begin_next()

    def _begin_next(self) -> None:
        self._follow_up: Command | None = None
        self._follow_ups = 0
        self._data = b""

    @property
    def outgoing(self) -> tuple[Command, ...]:
        """What goes over the wire next."""
        return (self._follow_up or self.pending[0], *self.pending[1:])

    def take(self, carried: Carried) -> None:
        """Settle what came back. Raises the chip errors; answers nobody asked for are nonsense."""
        last, goes_on = self.pending[0], True
        for raw in carried.answers:
            if not goes_on or not self.pending:
                raise nonsense(last)
            last = self.pending[0]
            goes_on = self._settle(last, raw)
        if carried.lost and (self.pending or carried.lost is Loss.CARD_CHANGED):
            raise _lost(self.pending[0] if self.pending else last, carried.lost)
        if self.pending and goes_on:
            raise nonsense(self.pending[0])

    def _settle(self, command: Command, raw: bytes) -> bool:
        """Take one answer; whether the carrier had to go on after it."""
        try:
            answer = Answer.decode(raw)
        except ApduError as error:
            raise nonsense(command) from error
        reading = read(command.kind, answer.status)
        _raise_if_bad(command, answer, reading)
        self._data += answer.data
        if reading.outcome is Outcome.FOLLOW_UP:
            self._follow_up = self._next_follow_up(command, answer)
            return False
        self.done.append(Answer(self._data, answer.status))
        self.pending.pop(0)
        self._begin_next()
        goes_on = answer.status.value in command.goes_on
        if not goes_on:
            self.pending.clear()
        return goes_on

    def _next_follow_up(self, command: Command, answer: Answer) -> Command:
        self._follow_ups += 1
        if self._follow_ups > MAX_FOLLOW_UPS:
            raise nonsense(command)
        repeat = answer.status.word is StatusWord.WRONG_LE and not command.kind.moves_money
        apdu = command.apdu if repeat else _GET_RESPONSE
        return replace(command, apdu=replace(apdu, le=answer.status.length))


_GET_RESPONSE = Apdu(0x00, 0xC0, 0x00, 0x00)


def _lost(command: Command, how: Loss) -> CardLost:
    fault = Fault.CHANGED if how is Loss.CARD_CHANGED else Fault.LOST
    return CardLost(command.kind, how, fault=fault)


def _raise_if_bad(command: Command, answer: Answer, reading: Reading) -> None:
    """ABSENT, NO_CONCLUSION and NEEDS_PIN are no error yet: whoever asked knows what they mean."""
    kind, status, outcome = command.kind, answer.status, reading.outcome
    if outcome is Outcome.LOST:
        raise CardLost(kind, Loss.UNPROVEN, status=status, reading=reading)
    if outcome is Outcome.REFUSED:
        raise CardRefused(kind, status, reading)
    if outcome is Outcome.MISMATCH:
        raise CryptoMismatch(Proof.OURS, status=status)
    if outcome is Outcome.WRONG_CARD:
        why = reading.why or Why.OTHER_PROFILE
        raise WrongCard(why, status=status, remedy=reading.remedy, alarm=reading.alarm)


class Conversation(Generic[T]):
    """A dialogue under way: what to send next, what was exchanged, and the result at its end.

    talk = Conversation(transit_purse.read_balance(profile))
    while talk.step:
        talk.take(carry(talk.step, transmit))
    talk.result
    """

    def __init__(self, dialogue: Dialogue[T]) -> None:
        self._dialogue = dialogue
        self._trail: list[Exchanged] = []
        self._results: list[T] = []
        self.step: Step | None = None
        self._advance(lambda: next(dialogue))

    @classmethod
    def resume(cls, dialogue: Dialogue[T], carried: Iterable[Carried]) -> Conversation[T]:
        """Begin again and replay what was carried so far: for a server that forgot the object.

        Raises the chip error that the last answers raised the first time.
        """
        talk = cls(dialogue)
        for answers in carried:
            talk.take(answers)
        return talk

    @property
    def trail(self) -> tuple[Exchanged, ...]:
        """Everything exchanged so far, secrets included; show only `Exchanged.shown`."""
        return tuple(self._trail)

    @property
    def result(self) -> T:
        """What the dialogue gave. Raises `ValueError` while it is not over."""
        (result,) = self._results
        return result

    def take(self, carried: Carried) -> None:
        """Give the answers of `step`. Raises the four chip errors, with the trail in them."""
        if self.step is None:
            raise ValueError("this conversation is over")
        self._trail += _exchanged(self.step, carried)
        self._advance(lambda: self._dialogue.send(carried))

    def _advance(self, move: Callable[[], Step]) -> None:
        self.step = None
        try:
            self.step = move()
        except StopIteration as end:
            self._results = [end.value]
        except ChipError as error:
            error.trail = self.trail
            raise


def _exchanged(step: Step, carried: Carried) -> list[Exchanged]:
    answered = [
        Exchanged(command, _answer_or_none(raw))
        for command, raw in zip(step.commands, carried.answers, strict=False)
    ]
    if carried.lost and len(answered) < len(step.commands):
        answered.append(Exchanged(step.commands[len(answered)], None))
    return answered


def _answer_or_none(raw: bytes) -> Answer | None:
    try:
        return Answer.decode(raw)
    except ApduError:
        return None
