"""What we know of one card for a comparison: its state, and what was said and confirmed of it."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from django.db.models import Max, Q, QuerySet

from onecard.actions.reconciliation._books import Book
from onecard.domain.loss import Side
from onecard.domain.reconciliation import Ours
from onecard.records.models import BankNews, Card, LossConfirmation, LossSide, OutboxRow


def ours_of(card: Card, book: Book, at: datetime) -> Ours:
    """Our side of a comparison over a held card."""
    waiting = OutboxRow.objects.filter(subject=card.ref, party=book.party, delivered_at=None)
    told = _told(card, book).aggregate(
        last=Max("version"), confirmed=Max("version", filter=Q(confirmed_at__isnull=False))
    )
    return Ours(
        state=book.state_of(card, at),
        number=book.number_of(card),
        version=told["last"] or 0,
        confirmed=told["confirmed"] or 0,
        over=_over(card, book),
        sequence=_last_without_gap(card),
        on_its_way=waiting.filter(gave_up_at=None).exists() or _is_lapse_untold(card, at),
        given_up=waiting.filter(gave_up_at__isnull=False).exists(),
    )


def _told(card: Card, book: Book) -> QuerySet[LossConfirmation]:
    """What we told the partner of losses; what a bank told us it never saw a version of."""
    told = LossConfirmation.objects.filter(card=card, party=book.party)
    from_there = Q(signature="", confirmed_at__isnull=False)
    return told.exclude(from_there) if book.side is Side.FINANCIAL else told


def _over(card: Card, book: Book) -> frozenset[str]:
    """The names of losses of this function that have ended: our report and the bank's serial."""
    sides = LossSide.objects.filter(card=card, function=book.side, ended_at__isnull=False)
    names = sides.values_list("report_id", "report__serial")
    return frozenset(name for pair in names for name in pair if name)


def _last_without_gap(card: Card) -> int:
    """The number of the bank's last news before the first one that is missing."""
    taken = set(BankNews.objects.filter(card=card).values_list("sequence", flat=True))
    return next(number for number in count(1) if number not in taken) - 1


def _is_lapse_untold(card: Card, at: datetime) -> bool:
    """A temporary loss is over by time, and the line that tells others is not written yet."""
    return card.state_at(at) is not card.hr_state
