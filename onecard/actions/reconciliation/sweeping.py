"""The comparison itself: their book page by page beside ours, then every difference once more.

What differs on the page is only suspected: the partner is asked again for that card alone and our
row is read anew while it is held, so that a change between two looks is never called a break.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from onecard import policy
from onecard.actions._keeping import walk
from onecard.actions.reconciliation._books import Book, Line, book_of
from onecard.actions.reconciliation.keeping import RunReceipt, Swept, begin, end, keep_break
from onecard.adapters.outcomes import PartnerSilent
from onecard.domain import partner
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.reconciliation import ReconciliationPolicy
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused
from onecard.records.models import Card, Reconciliation
from onecard.seams.clock import LOCAL, local_day


@dataclass(frozen=True)
class Suspect:
    """Where the books seem to differ: our card, their line, or both."""

    card: Card | None
    line: Line | None


@dataclass
class _Seen:
    """What a sweep has come across so far."""

    cards: Counter[str] = field(default_factory=Counter)
    count: int = 0
    digest: str = ""


def parties(day: date) -> tuple[str, ...]:
    """Everybody who keeps a book: the register and the city's banks, nine in Changzhou."""
    banks = policy.in_force("contacts", Contacts, on=day).banks
    return (partner.HR_DATABASE, *(partner.bank(bank.key) for bank in banks))


@walk("reconciliation.run")
def run(*, party: str, actor: Actor, at: datetime) -> RunReceipt:
    """Compare our states with one partner's, now. Raises `Refused("reconciliation.no_book")`.

    A partner that does not answer ends the comparison; what was found before stays found.
    """
    if party not in parties(local_day(at)):
        fix = Fix(FixKind.CHANGE_INPUT, {"field": "party"})
        raise Refused(Refusal("reconciliation.no_book", {"party": party}, field="party", fix=fix))
    book, begun = book_of(party), begin(party=party, actor=actor, at=at)
    seen = _Seen()
    try:
        for suspect in tuple(_suspects(book, seen, at)):
            _look_again(book, suspect, begun.run, seen, actor=actor, at=at)
    except PartnerSilent as silence:
        reason = f"{type(silence).__name__}: {silence.reason}"
        return end(run=begun.run, swept=Swept(silent=reason), actor=actor, at=at)
    ours = book.digest(at)
    swept = Swept(ours.count, ours.hex, seen.count, seen.digest)
    return end(run=begun.run, swept=swept, actor=actor, at=at)


@walk("reconciliation.run_due")
def run_due(*, actor: Actor, at: datetime) -> tuple[RunReceipt, ...]:
    """The daily comparison with everybody who has not been compared with today."""
    day = local_day(at)
    if at.astimezone(LOCAL).hour < figures_on(day).daily_from_hour:
        return ()
    done = set(
        Reconciliation.objects.filter(business_on=day, ended_at__isnull=False, silent="")
        .values_list("party", flat=True)
        .distinct()
    )
    due = [party for party in parties(day) if party not in done]
    return tuple(run(party=party, actor=actor, at=at) for party in due)


def figures_on(day: date) -> ReconciliationPolicy:
    """The figures in force for comparisons on the local day."""
    return policy.in_force("reconciliation", ReconciliationPolicy, on=day)


def _suspects(book: Book, seen: _Seen, at: datetime) -> Iterator[Suspect]:
    for lines in _pages(book, seen, at):
        for line, owner in zip(lines, book.owners(lines), strict=True):
            if owner is None:
                yield Suspect(None, line)
            elif isinstance(owner, Card):
                seen.cards[owner.ref] += 1
                if _differs(book, owner, line, at) or seen.cards[owner.ref] > 1:
                    yield Suspect(owner, line)
    for card in book.cards().iterator():
        if not seen.cards[card.ref]:
            yield Suspect(card, None)


def _pages(book: Book, seen: _Seen, at: datetime) -> Iterator[tuple[Line, ...]]:
    most, cursor = figures_on(local_day(at)).page_lines, ""
    while True:
        page = book.page(cursor, most)
        yield page.lines
        if not page.cursor or page.cursor == cursor:
            seen.count, seen.digest = page.count, page.digest
            return
        cursor = page.cursor


def _differs(book: Book, card: Card, line: Line, at: datetime) -> bool:
    number, theirs = book.number_of(card), line.theirs
    same_number = not number or not theirs.number or number == theirs.number
    return theirs.state is not book.state_of(card, at) or not same_number


def _look_again(
    book: Book, suspect: Suspect, run: str, seen: _Seen, *, actor: Actor, at: datetime
) -> None:
    card, line = suspect.card, suspect.line
    if card is not None:
        line = book.ask(card)
        times = seen.cards[card.ref]
        if line is not None and times > 1:
            line = replace(line, theirs=replace(line.theirs, listed=times))
    keep_break(
        run=run,
        card=card.ref if card else "",
        key=line.key if card is None and line else "",
        theirs=line.theirs if line else None,
        actor=actor,
        at=at,
    )
