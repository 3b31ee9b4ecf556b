"""发薪雷达: whose next benefit would come back is told before the run, not after it (novel B21).

The province's list is read every few hours and kept; whether a payment would arrive is computed
when somebody asks, from what the banks have told us by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onecard import policy
from onecard.actions import _people, hold
from onecard.actions._keeping import act, concerning, note, tell, walk
from onecard.adapters.hr_database import BenefitDue
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.benefit import Account, BenefitPolicy, is_warning_due, would_bounce
from onecard.domain.refusal import NotFound, Refusal
from onecard.records.benefit import at_risk
from onecard.records.models import BenefitPayment, Card, Person
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 21.5; platform B21"
AT_ONCE = 100


@dataclass(frozen=True)
class ListKept:
    """What became of a part of the province's list: counts. `unknown` are people not known here."""

    kept: int = 0
    known: int = 0
    unknown: int = 0

    def __add__(self, other: ListKept) -> ListKept:
        return ListKept(
            self.kept + other.kept, self.known + other.known, self.unknown + other.unknown
        )


@dataclass(frozen=True)
class WarningReceipt:
    """Whether the holder was told; `reason` is the code of why the money would come back."""

    payment: str
    person: str
    reason: str = ""


@walk("benefit.refresh_due")
def refresh_due(*, actor: Actor, at: datetime) -> ListKept:
    """Read the province's list of the coming days and keep what is new. Raises `PartnerSilent`."""
    today = local_day(at)
    figures = policy.in_force("benefit", BenefitPolicy, on=today)
    last = today + timedelta(days=figures.look_ahead_days)
    listed = partners().hr_database.benefits_due(first=today, last=last)
    total = ListKept()
    for start in range(0, len(listed), AT_ONCE):
        part = listed[start : start + AT_ONCE]
        total += keep_due(payments=part, actor=actor, at=at)
    return total


@act("benefit.keep_due")
def keep_due(*, payments: tuple[BenefitDue, ...], actor: Actor, at: datetime) -> ListKept:
    """Keep payments, each once by its name on the list; people nobody knows here are counted."""
    names = [one.payment for one in payments]
    known = set(BenefitPayment.objects.filter(payment__in=names).values_list("payment", flat=True))
    people = _people_of(payments)
    fresh = [one for one in payments if one.payment not in known]
    kept = [
        _kept(one, people[one.identity_number], at)
        for one in fresh
        if one.identity_number in people
    ]
    BenefitPayment.objects.bulk_create(kept, ignore_conflicts=True)
    if kept:
        note(about="benefit_list", by=actor, at=at, ground=GROUND, payments=len(kept))
    return ListKept(len(kept), len(known), len(fresh) - len(kept))


@walk("benefit.warn_holders")
def warn_holders(*, actor: Actor, at: datetime, most: int = 500) -> int:
    """Tell everybody whose money would come back and who has not been told."""
    told = 0
    for payment in _to_warn(local_day(at), most):
        told += bool(warn(payment=payment, actor=actor, at=at).reason)
    return told


@act("benefit.warn")
def warn(*, payment: str, actor: Actor, at: datetime) -> WarningReceipt:
    """Tell one holder, if the payment would come back as things stand now; once for a payment."""
    found = BenefitPayment.objects.filter(ref=payment).values_list("person_id", flat=True).first()
    if found is None:
        raise NotFound(BenefitPayment.__name__)
    concerning(found)
    hold.many(Card.objects.filter(person=found))
    row = hold.one(BenefitPayment, ref=payment)
    figures = policy.in_force("benefit", BenefitPolicy, on=local_day(at))
    warned = row.warned_at is not None
    due = is_warning_due(pays_on=row.pays_on, warned=warned, on=local_day(at), figures=figures)
    why = _why(row, at) if due else None
    if why is None:
        return WarningReceipt(row.ref, row.person_id)
    row.warned_at = at
    row.save(update_fields=["warned_at"])
    tell(
        "benefit.may_bounce",
        about=row.person_id,
        at=at,
        parties=("sms",),
        kind=f"@benefit.kind.{row.kind.value}",
        day=row.pays_on.isoformat(),
    )
    note(about=row.ref, by=actor, at=at, ground=GROUND, reason=why.code)
    return WarningReceipt(row.ref, row.person_id, why.code)


def _why(row: BenefitPayment, at: datetime) -> Refusal | None:
    card = row.account_card()
    if card is None:
        return None
    return would_bounce(account=Account(card.state_at(at), card.financial_state))


def _people_of(payments: tuple[BenefitDue, ...]) -> dict[str, str]:
    """The people of a list whom we know, by identity number."""
    indexes = {_people.index_of(one.identity_number): one.identity_number for one in payments}
    rows = Person.objects.filter(identity_index__in=list(indexes))
    return {indexes[index]: ref for index, ref in rows.values_list("identity_index", "ref")}


def _kept(one: BenefitDue, person: str, at: datetime) -> BenefitPayment:
    return BenefitPayment(
        ref=world().ids.new("ben"),
        person_id=person,
        payment=one.payment,
        kind=one.kind,
        pays_on=one.pays_on,
        bank=one.bank,
        card_number_index=world().custody.blind_index("card_number", one.card_number),
        seen_at=at,
    )


def _to_warn(today: date, most: int) -> list[str]:
    """Payments in time for a warning, the soonest first."""
    figures = policy.in_force("benefit", BenefitPolicy, on=today)
    last = today + timedelta(days=figures.warn_days_before)
    rows = BenefitPayment.objects.filter(pays_on__range=(today, last), warned_at=None)
    return list(at_risk(rows).order_by("pays_on", "ref").values_list("ref", flat=True)[:most])
