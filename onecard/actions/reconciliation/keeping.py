"""What a comparison leaves behind: the run, and each difference with its cause and a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note, tell
from onecard.actions.reconciliation._books import Book, book_of
from onecard.actions.reconciliation._evidence import ours_of
from onecard.domain import partner
from onecard.domain import reconciliation as rules
from onecard.domain.authority import Actor
from onecard.domain.reconciliation import (
    BREAK,
    BreakEvent,
    BreakKind,
    BreakState,
    Ours,
    ReconciliationPolicy,
    Theirs,
)
from onecard.records.models import Card, Reconciliation, StateBreak
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "platform B14; guarantees C7"
OPENED, CLOSED = "reconciliation.opened", "reconciliation.closed"


@dataclass(frozen=True)
class Swept:
    """Both sides' counts and digests, or why the partner could not be asked to the end."""

    our_count: int = 0
    our_digest: str = ""
    their_count: int = 0
    their_digest: str = ""
    silent: str = ""


@dataclass(frozen=True)
class RunReceipt:
    """A comparison. `equal`: both digests are; `found` counts differences by kind."""

    run: str
    party: str
    equal: bool
    silent: str = ""
    our_count: int = 0
    their_count: int = 0
    found: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BreakReceipt:
    """A difference as it stands now; an empty `break_ref` says that there is none."""

    break_ref: str
    kind: str
    state: str
    fix: str = ""


@act("reconciliation.begin")
def begin(*, party: str, actor: Actor, at: datetime) -> RunReceipt:
    """A comparison begins."""
    row = Reconciliation.objects.create(
        ref=world().ids.new("rec"),
        party=party,
        business_on=local_day(at),
        begun_at=at,
        begun_by=actor.ref,
    )
    return RunReceipt(row.ref, party, equal=False)


@act("reconciliation.keep_break")
def keep_break(
    *, run: str, card: str, key: str, theirs: Theirs | None, actor: Actor, at: datetime
) -> BreakReceipt:
    """Judge a difference over a held card, and keep it if it still is one.

    `card` is empty for a line nobody here knows; `key` is then its number.
    """
    row = hold.one(Reconciliation, ref=run)
    book, held = book_of(row.party), hold.maybe(Card, ref=card) if card else None
    ours = ours_of(held, book, at) if held else None
    figures = policy.in_force("reconciliation", ReconciliationPolicy, on=local_day(at))
    kind = rules.judge(ours=ours, theirs=theirs, at=at, figures=figures)
    if kind is None:
        return BreakReceipt("", "", "")
    number = book.key_of(held) if held else key
    return _found(row, held, number, kind, ours, theirs, at=at, by=actor)


@act("reconciliation.end")
def end(*, run: str, swept: Swept, actor: Actor, at: datetime) -> RunReceipt:
    """The comparison is over; what was not found again is settled, if it went to the end."""
    row = hold.one(Reconciliation, ref=run)
    row.ended_at, row.silent = at, swept.silent[:200]
    row.our_count, row.our_digest = swept.our_count, swept.our_digest
    row.their_count, row.their_digest = swept.their_count, swept.their_digest
    row.found = _by_kind(row)
    row.save()
    if not swept.silent:
        _close_the_others(row, at)
    equal = bool(row.our_digest) and row.our_digest == row.their_digest
    breaks = sum(row.found.values())
    note(about=row.ref, by=actor, at=at, ground=GROUND, party=row.party, equal=equal, breaks=breaks)
    return RunReceipt(
        run=row.ref,
        party=row.party,
        equal=equal,
        silent=row.silent,
        our_count=row.our_count,
        their_count=row.their_count,
        found=row.found,
    )


def _found(
    run: Reconciliation,
    card: Card | None,
    number: str,
    kind: BreakKind,
    ours: Ours | None,
    theirs: Theirs | None,
    *,
    by: Actor,
    at: datetime,
) -> BreakReceipt:
    del by
    purpose = "bank_card" if partner.bank_of(run.party) else "card_number"
    index = world().custody.blind_index(purpose, number)
    row = hold.maybe(StateBreak, party=run.party, number_index=index, closed_at=None)
    if row is None:
        _tell(OPENED, card, at)
        row = StateBreak(
            ref=world().ids.new("brk"),
            party=run.party,
            card=card,
            number=number,
            number_index=index,
            found_at=at,
        )
    else:
        row.state = _after(row, BreakEvent.FIND_AGAIN)
    row.kind, row.seen_at, row.seen_in = kind, at, run
    row.ours = ours.state.value if ours else ""
    row.theirs = theirs.state.value if theirs else ""
    row.detail = _detail(ours, theirs)
    row.suggested = rules.suggested(
        kind=kind,
        is_bank=bool(partner.bank_of(run.party)),
        ours=ours.state if ours else None,
        theirs=theirs.state if theirs else None,
    )
    row.save()
    return BreakReceipt(row.ref, kind.value, row.state.value, row.fix)


def _detail(ours: Ours | None, theirs: Theirs | None) -> dict[str, object]:
    """The evidence as plain values; a number is never among them."""
    said: dict[str, object] = {}
    if ours:
        said |= {"our_version": ours.version, "confirmed": ours.confirmed, "news": ours.sequence}
    if theirs:
        said |= {
            "their_version": theirs.version,
            "their_news": theirs.sequence,
            "listed": theirs.listed,
            "changed_at": theirs.changed_at.isoformat() if theirs.changed_at else "",
        }
    return said


def _by_kind(run: Reconciliation) -> dict[str, int]:
    counted: dict[str, int] = {}
    for kind in StateBreak.objects.filter(seen_in=run).values_list("kind", flat=True):
        counted[kind.value] = counted.get(kind.value, 0) + 1
    return counted


def _close_the_others(run: Reconciliation, at: datetime) -> None:
    """What this comparison did not find again is equal now."""
    others = StateBreak.objects.filter(party=run.party, closed_at=None).exclude(seen_in=run)
    cards = hold.many(Card.objects.filter(ref__in=others.exclude(card=None).values("card")))
    for card in cards:
        _tell(CLOSED, card, at)
    for row in hold.many(others):
        row.state, row.closed_at = _after(row, BreakEvent.FIND_EQUAL), at
        row.save(update_fields=["state", "closed_at"])


def _tell(event: str, card: Card | None, at: datetime) -> None:
    """Partners hear that a difference over a card was found, or is gone; about nobody else's."""
    if card is not None:
        tell(event, about=card.ref, at=at, parties=())


def _after(row: StateBreak, event: BreakEvent) -> BreakState:
    now = BREAK.after(row.state, event)
    return now if isinstance(now, BreakState) else row.state


def book_for(row: StateBreak) -> Book:
    """The book in which a difference was found."""
    return book_of(row.party)
