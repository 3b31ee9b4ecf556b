"""A purse, or all purses of a person across cards: books, proven balance, and what lies between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Sum

from onecard.domain.authority import Actor, Role
from onecard.domain.clearing import BOOKED, LineState
from onecard.domain.purse_proof import Between, Difference, differences, is_explained
from onecard.domain.refund import RefundState, Way
from onecard.domain.refusal import NotFound
from onecard.domain.topup import AttemptKind, AttemptState, Evidence
from onecard.queries._reading import one_moment
from onecard.queries.purse_proof.lines import ProofLine, lines_of
from onecard.queries.topup.orders import masked
from onecard.records.models import LoadAttempt, Person, PurseAccount

_SEES_ALL = frozenset({Role.CARD_OUTLET_CLERK, Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})
_OPENING = "purse_proof.kind.purse_opening"


@dataclass(frozen=True)
class DifferenceSeen:
    """A part of the difference, in fen, with its cause as a word."""

    cause: str
    cause_word: str
    by_fen: int
    set_aside_fen: int
    times: int


@dataclass(frozen=True)
class PurseProof:
    """A balance, explained: `books_fen` sums the lines, `balance_fen` is what the chip proved.

    `balance_fen` None: the chip was never read, and only the books speak. Otherwise books and
    differences sum to it to the fen. `explained` is False where a part has no cause.
    """

    purse: str
    card: str
    state: str
    balance_fen: int | None
    balance_at: datetime | None
    books_fen: int
    lines: tuple[ProofLine, ...]
    differences: tuple[DifferenceSeen, ...]
    explained: bool


@dataclass(frozen=True)
class PersonProof:
    """All purses of a person across cards, the oldest first, with their sums in fen."""

    purses: tuple[PurseProof, ...]
    balance_fen: int
    books_fen: int
    explained: bool


def purse_proof(*, purse: str, as_seen_by: Actor) -> PurseProof:
    """Explain the balance of one purse. Raises `NotFound`, for foreign as for absent.

    Rides tell where somebody was: a purse is shown to the holder of its card, not to whoever paid
    for a top-up of it.
    """
    with one_moment():
        row = PurseAccount.objects.filter(ref=purse).select_related("card").first()
        if row is None or not _may_see(row, as_seen_by):
            raise NotFound(PurseAccount.__name__)
        return _proof(row)


def person_proof(*, person: str, as_seen_by: Actor) -> PersonProof:
    """Explain every purse of a person, also of cards that are gone. Raises `NotFound`."""
    own = as_seen_by.role is Role.CITIZEN and as_seen_by.ref == person
    with one_moment():
        known = Person.objects.filter(ref=person).exists()
        if not known or not (own or as_seen_by.role in _SEES_ALL):
            raise NotFound(Person.__name__)
        rows = PurseAccount.objects.filter(card__person=person).order_by("opened_at", "ref")
        proofs = tuple(_proof(row) for row in rows)
    return PersonProof(
        proofs,
        sum(one.balance_fen or 0 for one in proofs),
        sum(one.books_fen for one in proofs),
        all(one.explained for one in proofs),
    )


def _may_see(row: PurseAccount, viewer: Actor) -> bool:
    if viewer.role is Role.CITIZEN:
        return row.card is not None and row.card.person_id == viewer.ref
    return viewer.role in _SEES_ALL


def _proof(row: PurseAccount) -> PurseProof:
    lines = lines_of(row)
    books, shadow = sum(line.by_fen for line in lines), row.shadow_balance_fen
    parts: tuple[Difference, ...] = ()
    if shadow is not None:
        between = _between(row, lines)
        parts = differences(books_fen=books, shadow_fen=shadow, between=between)
    return PurseProof(
        purse=row.ref,
        card=masked(row),
        state=f"transit_purse.state.{row.state.value}",
        balance_fen=shadow,
        balance_at=row.shadow_at,
        books_fen=books,
        lines=lines,
        differences=tuple(_seen(part) for part in parts),
        explained=is_explained(parts),
    )


def _between(row: PurseAccount, lines: tuple[ProofLine, ...]) -> Between:
    """What is known to stand on one side only."""
    attempts = list(row.attempts.filter(kind=AttemptKind.LOAD))
    unread = [one for one in attempts if _is_proven(one) and one.counter >= _seen_counter(row)]
    decided = [one for one in unread if one.evidence is Evidence.C]
    doubt = [one for one in attempts if _is_open(one) and one.counter < _seen_counter(row)]
    aside = row.fares.exclude(state__in=[*BOOKED, LineState.DUPLICATE])
    return Between(
        proven_after_reading_fen=_fen(unread) - _fen(decided),
        decided_not_read_fen=_fen(decided),
        load_in_doubt_fen=_fen(doubt),
        fares_before_opening_fen=_before_opening(row, lines),
        paid_out_unread_fen=_paid_out_unread(row),
        loads_elsewhere=_loads_elsewhere(row),
        set_aside_fen=aside.aggregate(fen=Sum("amount_fen"))["fen"] or 0,
    )


def _before_opening(row: PurseAccount, lines: tuple[ProofLine, ...]) -> int:
    """Fares in the books from before the chip was first read."""
    read = next((line.at for line in lines if line.kind_word == _OPENING), None)
    if read is None:
        read = row.attempts.aggregate(at=Min("at"))["at"] or row.shadow_at
    fares = row.fares.filter(state=LineState.BOOKED, lowered=False, at__lte=read)
    return int(fares.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _paid_out_unread(row: PurseAccount) -> int:
    gone = row.refunds.filter(state=RefundState.PAID_OUT, way=Way.UNREADABLE)
    return int(gone.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _loads_elsewhere(row: PurseAccount) -> int:
    """How often the load counter moved since our first attempt, less by our own writes."""
    counted = row.attempts.exclude(kind=AttemptKind.DRAIN)
    first = counted.aggregate(counter=Min("counter"))["counter"]
    if first is None or row.load_counter_seen is None:
        return 0
    open_or_proven = counted.exclude(state=AttemptState.DEAD)
    ours = open_or_proven.filter(counter__lt=row.load_counter_seen).values("counter").distinct()
    return max(0, int(row.load_counter_seen - first - ours.count()))


def _seen_counter(row: PurseAccount) -> int:
    return row.load_counter_seen or 0


def _is_proven(one: LoadAttempt) -> bool:
    return one.state is AttemptState.PROVEN


def _is_open(one: LoadAttempt) -> bool:
    return one.state is AttemptState.OPEN


def _fen(attempts: list[LoadAttempt]) -> int:
    return sum(one.amount_fen for one in attempts)


def _seen(part: Difference) -> DifferenceSeen:
    cause = part.cause.value
    word = f"purse_proof.cause.{cause}"
    return DifferenceSeen(cause, word, part.by_fen, part.set_aside_fen, part.times)
