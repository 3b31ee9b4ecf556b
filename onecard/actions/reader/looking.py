"""读卡: what lies on a card, for the eye. The social security side is shown masked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from onecard.actions.reader._saying import in_words
from onecard.adapters.reader import Readers
from onecard.adapters.reader.desk import choose, desk_readers
from onecard.adapters.reader.traces import Trace
from onecard.adapters.reader.transport import overheard
from onecard.chip import hr_application, purse_reading
from onecard.chip.dialogue import Dialogue
from onecard.chip.fault import WrongCard
from onecard.chip.hr_application import HrCard
from onecard.chip.purse_files import JourneyRecord, TransactionRecord
from onecard.chip.purse_profile import T_UNION_3DES
from onecard.chip.wire import Transmit, hold
from onecard.domain.masking import last4, mask_name, mask_number
from onecard.records.models import Card
from onecard.seams.world import world

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Lying:
    """A reader, and whether a card lies on it."""

    name: str
    has_card: bool


@dataclass(frozen=True)
class Bound:
    """The card of ours that the chip names; `agrees` if chip and archive name one person."""

    card: str
    holder: str
    hr_state: str
    agrees: bool


@dataclass(frozen=True)
class HrSeen:
    """The social security side, masked. `generation` None: it says nothing readable."""

    card_number: str
    card_identifier: str
    generation: int | None
    holder: str
    identity_number: str
    bound: Bound | None


@dataclass(frozen=True)
class CardSeen:
    """What a card says of itself. Nothing in it is proven."""

    reader: str
    answer_to_reset: str
    purse_number: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    balance_fen: int
    hr: HrSeen | None


@dataclass(frozen=True)
class Transaction:
    """A line of the transaction log (0x18). A transaction may be missing from it."""

    counter: int
    type: str
    amount_fen: int
    terminal: str
    at: datetime | None


@dataclass(frozen=True)
class Journey:
    """A line of the journey log (0x1E). No MAC covers it."""

    type: str
    mode: str
    amount_fen: int
    balance_fen: int
    city: str
    terminal: str
    at: datetime | None


@dataclass(frozen=True)
class LogSeen:
    """Both logs, the newest first."""

    transactions: tuple[Transaction, ...]
    journeys: tuple[Journey, ...]


def list_readers(readers: Readers | None = None) -> tuple[Lying, ...]:
    """Every reader on this machine. Raises `Refused("reader.none")` without a reader service."""
    with in_words():
        found = readers or desk_readers()
        return tuple(Lying(name, found.has_card(name)) for name in found.names())


def read_card(*, reader: str = "", ask_archive: bool, readers: Readers | None = None) -> CardSeen:
    """Read both applications. `ask_archive`: also whose card of ours it is.

    Raises `Refused`: `reader.none`, `.no_card`, `.busy`, `.card_lost`, `.other_card`,
    `.card_refused`.
    """
    with in_words():
        found = readers or desk_readers()
        name = choose(found, reader)
        with found.open(name) as card:
            hr = _hr_of(card.transmit)
            public = hold(purse_reading.select_purse(T_UNION_3DES), card.transmit)
            balance = hold(purse_reading.read_balance(), card.transmit)
    return CardSeen(
        reader=name,
        answer_to_reset=card.answer_to_reset.hex().upper(),
        purse_number=last4(public.identity.printed_number),
        issuer=public.issuer.hex().upper(),
        valid_from=public.valid_from,
        valid_to=public.valid_to,
        balance_fen=balance,
        hr=_masked(hr, bound_to(hr) if ask_archive else None) if hr else None,
    )


def _hr_of(transmit: Transmit) -> HrCard | None:
    """The social security side; None on a card that has none."""
    try:
        return hold(hr_application.read_hr_card(), transmit)
    except WrongCard:
        return None


def bound_to(hr: HrCard) -> Bound | None:
    """The card of ours with this number; None if there is none."""
    index = world().custody.blind_index("card_number", hr.card_number)
    card = Card.objects.filter(card_number_index=index).select_related("person").first()
    if card is None:
        return None
    return Bound(
        card=card.ref,
        holder=mask_name(card.person.name),
        hr_state=card.state_at(world().clock.now()).value,
        agrees=hr.is_bound_to(
            card_number=card.card_number, social_security_number=card.person.identity_number
        ),
    )


def _masked(hr: HrCard, bound: Bound | None) -> HrSeen:
    who = hr.person
    return HrSeen(
        card_number=mask_number(hr.card_number),
        card_identifier=mask_number(hr.card_identifier),
        generation=hr.generation,
        holder=mask_name(who.name) if who else "",
        identity_number=mask_number(who.social_security_number) if who else "",
        bound=bound,
    )


def read_log(*, reader: str = "", readers: Readers | None = None) -> LogSeen:
    """Both logs of the purse. Raises `Refused` as `read_card` does."""
    with in_words():
        found = readers or desk_readers()
        with found.open(choose(found, reader)) as card:
            hold(purse_reading.select_purse(T_UNION_3DES), card.transmit)
            moves = hold(purse_reading.read_transactions(), card.transmit)
            rides = hold(purse_reading.read_journeys(), card.transmit)
    return LogSeen(tuple(map(_transaction, moves)), tuple(map(_journey, rides)))


def _transaction(record: TransactionRecord) -> Transaction:
    return Transaction(
        counter=record.counter,
        type=record.type.name.lower() if record.type else UNKNOWN,
        amount_fen=record.amount_fen,
        terminal=record.terminal.hex().upper(),
        at=record.at,
    )


def _journey(record: JourneyRecord) -> Journey:
    return Journey(
        type=record.type.name.lower() if record.type else UNKNOWN,
        mode=record.mode.name.lower(),
        amount_fen=record.amount_fen,
        balance_fen=record.balance_fen,
        city=record.city.hex().upper(),
        terminal=record.terminal.hex().upper(),
        at=record.at,
    )


def record(*, title: str, source: str, reader: str = "", readers: Readers | None = None) -> str:
    """Read the purse of a card and give the exchange as a trace, in JSON.

    No personal data in it, and zeros instead of the serial. Raises `Refused` as `read_card` does.
    """
    trace = Trace(title=title, source=source)
    with in_words():
        found = readers or desk_readers()
        with found.open(choose(found, reader)) as card:
            wire = overheard(card.transmit, trace.hear)
            public = hold(purse_reading.select_purse(T_UNION_3DES), wire)
            for dialogue in _RECORDED:
                hold(dialogue(), wire)
    return trace.without(public.serial).as_json()


_RECORDED: tuple[Callable[[], Dialogue[object]], ...] = (
    purse_reading.read_balance,
    purse_reading.read_management,
    purse_reading.read_transactions,
    purse_reading.read_journeys,
)
