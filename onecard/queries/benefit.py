"""发薪雷达: whose next benefit would come back, before the run, and how many will come where (B21).

Computed from what the banks have told us by now, not stored: whoever has been to the bank since is
off the list at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from onecard import policy
from onecard.domain.authority import Actor, Role
from onecard.domain.benefit import Account, BenefitPolicy, would_bounce
from onecard.domain.masking import mask_name, mask_number, mask_phone
from onecard.domain.refusal import NotFound, Refusal
from onecard.domain.stock import OutletKind
from onecard.queries._reading import one_moment
from onecard.records.benefit import at_risk
from onecard.records.models import BenefitPayment, Card, Outlet
from onecard.seams.clock import local_day

MOST_LINES = 500
_SEE_ALL = frozenset({Role.PLATFORM_OPERATOR, Role.HR_CLERK, Role.AUDITOR})


@dataclass(frozen=True)
class RadarLine:
    """One payment that would come back. `kind` is a word key; `why` says what to do about it."""

    payment: str
    person: str
    name: str
    phone: str
    card: str
    bank: str
    kind: str
    pays_on: date
    days_left: int
    why: Refusal
    warned_at: datetime | None


@dataclass(frozen=True)
class BankLoad:
    """How many people a bank's outlets should expect before the run."""

    bank: str
    people: int
    outlets: int


@dataclass(frozen=True)
class PaymentAhead:
    """One of one's own payments; `why` is None where it will arrive."""

    kind: str
    pays_on: date
    why: Refusal | None


def radar(*, as_seen_by: Actor, at: datetime) -> tuple[RadarLine, ...]:
    """The payments of the coming days that would come back, the soonest first.

    A bank's clerk sees those at the own bank. Raises `NotFound` for everybody else.
    """
    with one_moment():
        rows = _of_viewer(as_seen_by, at).select_related("person").order_by("pays_on", "ref")
        judged = ((row, row.account_card()) for row in rows.iterator())
        lines = (_line(row, card, at) for row, card in judged if card is not None)
        return tuple(line for line in lines if line is not None)[:MOST_LINES]


def load_ahead(*, as_seen_by: Actor, at: datetime) -> tuple[BankLoad, ...]:
    """How many people each bank's outlets should expect before the next run, the most first."""
    seen = {(line.bank, line.person) for line in radar(as_seen_by=as_seen_by, at=at)}
    people = Counter(bank for bank, _ in seen)
    outlets = Counter(Outlet.objects.filter(kind=OutletKind.BANK).values_list("bank", flat=True))
    return tuple(BankLoad(bank, count, outlets[bank]) for bank, count in people.most_common())


def mine(*, as_seen_by: Actor, at: datetime) -> tuple[PaymentAhead, ...]:
    """One's own payments of the coming days, and why one would come back."""
    if as_seen_by.role is not Role.CITIZEN:
        raise NotFound(BenefitPayment.__name__)
    with one_moment():
        rows = _ahead(at).filter(person=as_seen_by.ref).order_by("pays_on", "ref")
        return tuple(
            PaymentAhead(
                f"benefit.kind.{row.kind.value}", row.pays_on, _why(row.account_card(), at)
            )
            for row in rows
        )


def _ahead(at: datetime) -> QuerySet[BenefitPayment]:
    today = local_day(at)
    figures = policy.in_force("benefit", BenefitPolicy, on=today)
    last = today + timedelta(days=figures.look_ahead_days)
    return BenefitPayment.objects.filter(pays_on__range=(today, last))


def _of_viewer(by: Actor, at: datetime) -> QuerySet[BenefitPayment]:
    rows = at_risk(_ahead(at))
    if by.role in _SEE_ALL:
        return rows
    own = Outlet.objects.filter(ref=by.outlet).values_list("bank", flat=True).first()
    if by.role is not Role.BANK_CLERK or not own:
        raise NotFound(BenefitPayment.__name__)
    return rows.filter(bank=own)


def _why(card: Card | None, at: datetime) -> Refusal | None:
    if card is None:
        return None
    return would_bounce(account=Account(card.state_at(at), card.financial_state))


def _line(row: BenefitPayment, card: Card, at: datetime) -> RadarLine | None:
    why = _why(card, at)
    if why is None:
        return None
    return RadarLine(
        payment=row.ref,
        person=row.person_id,
        name=mask_name(row.person.name),
        phone=mask_phone(row.person.phone),
        card=mask_number(card.card_number),
        bank=card.bank,
        kind=f"benefit.kind.{row.kind.value}",
        pays_on=row.pays_on,
        days_left=(row.pays_on - local_day(at)).days,
        why=why,
        warned_at=row.warned_at,
    )
