"""可疑交易的裁定: what no tap settles is decided by two persons, late and with a reason (22.4).

They decide on clearing records (C); no rule reads those. The card's evidence still goes before:
a proof that comes later is kept as an incident.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from onecard import policy
from onecard.actions import hold
from onecard.actions._attempts import Closing, open_attempt, resolve_as
from onecard.actions._keeping import act, note
from onecard.actions._purses import GROUND, figures_on, hold_purse
from onecard.actions.topup._orders import OrderReceipt, known_order, receipt
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, Refused, require
from onecard.domain.topup import Evidence, TopUpPolicy, may_decide, may_propose
from onecard.domain.workdays import WorkdayPolicy, add_working_days, calendar_of
from onecard.records.models import PurseAccount, Staff, TopUpOrder
from onecard.seams.clock import local_day


class Decision(Enum):
    """What two persons may decide."""

    WRITTEN = "written"
    NOT_WRITTEN = "not_written"


@act("topup.take_over")
def take_over(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """Look after a case in doubt from now on."""
    _, row = _held(order, actor)
    row.owner = actor.ref
    row.save(update_fields=["owner"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, owner=actor.ref)
    return receipt(row)


@act("topup.propose")
def propose(
    *, order: str, decision: Decision, why: str, actor: Actor, at: datetime
) -> OrderReceipt:
    """Say what should be believed about a case in doubt, and why. Nothing moves yet.

    Raises `Refused`: `topup.nothing_to_decide`, `topup.decide_later`, `topup.reason_missing`.
    """
    _, row = _held(order, actor)
    day = local_day(at)
    due_on = decidable_on(row.doubt_since or at, figures_on(day))
    require(may_propose(state=row.state, reason=why, due_on=due_on, on=day))
    row.proposed, row.proposed_why = decision.value, why.strip()[:200]
    row.proposed_by, row.proposed_at = actor.ref, at
    row.save(update_fields=["proposed", "proposed_why", "proposed_by", "proposed_at"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, decision=decision.value)
    return receipt(row)


@act("topup.decline")
def decline(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """The proposal is not followed; the case stays in doubt."""
    _, row = _held(order, actor)
    facts = {"decision": row.proposed, "proposed_by": row.proposed_by}
    row.proposed = row.proposed_by = ""
    row.save(update_fields=["proposed", "proposed_by"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, **facts)
    return receipt(row)


@act("topup.decide")
def decide(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """Another person decides as was proposed; the money follows.

    Raises `Refused`: `topup.nothing_proposed`, `topup.second_person`, `topup.nothing_to_decide`.
    """
    purse, row = _held(order, actor)
    same = _is_same_person(row.proposed_by, actor.ref)
    require(may_decide(proposed_by=row.proposed_by, decider=actor.ref, is_same_person=same))
    attempt = open_attempt(purse.ref)
    if attempt is None or attempt.order_id != row.ref:
        raise Refused(Refusal("topup.nothing_to_decide"))
    facts = {"decision": row.proposed, "proposed_by": row.proposed_by, "why": row.proposed_why}
    written = Decision(row.proposed) is Decision.WRITTEN
    TopUpOrder.objects.filter(ref=row.ref).update(decided_by=actor.ref, decided_at=at)
    resolve_as(purse, attempt, Closing(Evidence.C, actor, at, written=written))
    note(about=row.ref, by=actor, at=at, ground=GROUND, **facts)
    return receipt(TopUpOrder.objects.get(ref=row.ref))


def decidable_on(since: datetime, figures: TopUpPolicy) -> date:
    """The first day on which people may decide: so many working days after the doubt began."""
    day = local_day(since)
    calendar = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=day))
    return add_working_days(day, figures.doubt_decision_working_days, calendar)


def _held(order: str, actor: Actor) -> tuple[PurseAccount, TopUpOrder]:
    purse = hold_purse(known_order(order, actor).purse_id)
    return purse, hold.one(TopUpOrder, ref=order)


def _is_same_person(one: str, other: str) -> bool:
    """Two sign-ins of one person are one person (guarantees 12)."""
    people = Staff.objects.filter(ref__in={one, other}).exclude(person=None)
    known = list(people.values_list("person", flat=True))
    return len(known) != len(set(known))
