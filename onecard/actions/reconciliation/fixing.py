"""两人处理: one person proposes how a difference is put right, another one approves it, then it is.

Before anything changes the partner is asked once more: both sides must still stand as they did.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions.reconciliation._following import follow, tell_again
from onecard.actions.reconciliation.keeping import GROUND, BreakReceipt, book_for
from onecard.adapters.outcomes import PartnerSilent
from onecard.domain import partner
from onecard.domain import reconciliation as rules
from onecard.domain.authority import Actor
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.reconciliation import (
    BREAK,
    BreakEvent,
    BreakState,
    FixKind,
    FunctionState,
    Theirs,
)
from onecard.domain.refusal import Fix, NotFound, Refusal, Refused, require
from onecard.domain.refusal import FixKind as Way
from onecard.records.models import Card, Person, Staff, StateBreak


@act("reconciliation.propose_fix")
def propose_fix(
    *, break_ref: str, fix: FixKind, reason: str, actor: Actor, at: datetime
) -> BreakReceipt:
    """Say how a difference shall be put right, and why. Nothing changes yet.

    Raises `Refused`: `reconciliation.not_in_this_state`, `.reason_missing`, `.fix_does_not_fit`,
    `.would_weaken_loss`.
    """
    row = hold.one(StateBreak, ref=break_ref)
    ours, theirs = state_of(row, row.ours), state_of(row, row.theirs)
    require(
        rules.must_have_reason(reason=reason),
        rules.may_fix(kind=row.kind, fix=fix, ours=ours, theirs=theirs),
    )
    row.state = _moved(row, BreakEvent.PROPOSE)
    row.fix, row.reason = fix.value, reason.strip()[:200]
    row.proposed_by, row.proposed_at = actor.ref, at
    row.save(update_fields=["state", "fix", "reason", "proposed_by", "proposed_at"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, fix=fix.value, kind=row.kind.value)
    return _receipt(row)


@act("reconciliation.decline_fix")
def decline_fix(*, break_ref: str, actor: Actor, at: datetime) -> BreakReceipt:
    """The proposal is not followed; the difference is open again."""
    row = hold.one(StateBreak, ref=break_ref)
    row.state = _moved(row, BreakEvent.DECLINE)
    row.save(update_fields=["state"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, fix=row.fix, proposed_by=row.proposed_by)
    return _receipt(row)


@walk("reconciliation.approve_and_fix")
def approve_fix(*, break_ref: str, actor: Actor, at: datetime) -> BreakReceipt:
    """Another person approves; the partner is asked once more, and it is put right.

    Raises `Refused`: `reconciliation.second_person`, `.not_in_this_state`, `.moved_on`,
    `.partner_silent`.
    """
    row = StateBreak.objects.filter(ref=break_ref).select_related("card").first()
    if row is None:
        raise NotFound(StateBreak.__name__)
    try:
        line = book_for(row).ask(row.card) if row.card else None
    except PartnerSilent as silence:
        fix = Fix(Way.WAIT_UNTIL, {"day": "@reconciliation.partner_answers"})
        raise Refused(Refusal("reconciliation.partner_silent", fix=fix)) from silence
    theirs = line.theirs if line else None
    return approve(break_ref=break_ref, theirs=theirs, actor=actor, at=at)


@act("reconciliation.approve_fix")
def approve(*, break_ref: str, theirs: Theirs | None, actor: Actor, at: datetime) -> BreakReceipt:
    """What of an approval happens here; `theirs` is what the partner says now."""
    known = StateBreak.objects.filter(ref=break_ref).select_related("card").first()
    card = _held_card(known)
    row = hold.one(StateBreak, ref=break_ref)
    require(
        rules.must_be_second_person(
            proposed_by=row.proposed_by,
            approver=actor.ref,
            is_same_person=_is_same_person(row.proposed_by, actor.ref),
        )
    )
    row.state = _moved(row, BreakEvent.APPROVE)
    if card is not None:
        now = (book_for(row).state_of(card, at).value, theirs.state.value if theirs else "")
        require(rules.must_still_be_so(found=(row.ours, row.theirs), now=now))
        _put_right(row, card, theirs, by=actor, at=at)
    row.approved_by, row.approved_at = actor.ref, at
    row.save(update_fields=["state", "approved_by", "approved_at"])
    facts = {"fix": row.fix, "kind": row.kind.value, "proposed_by": row.proposed_by}
    about = card.ref if card else row.ref
    note(about=about, by=actor, at=at, ground=GROUND, found=row.ref, **facts)
    return _receipt(row)


def state_of(row: StateBreak, state: str) -> FunctionState | None:
    """A state as it stands in a difference: of a bank's account or of the HR function."""
    if not state:
        return None
    return FinancialState(state) if partner.bank_of(row.party) else HrState(state)


def _put_right(
    row: StateBreak, card: Card, theirs: Theirs | None, *, by: Actor, at: datetime
) -> None:
    if row.fix == FixKind.TELL.value:
        tell_again(card, row.party, row.kind, by=by, at=at)
    elif row.fix == FixKind.FOLLOW.value and theirs is not None:
        follow(card, row.party, theirs, by=by, at=at)


def _held_card(known: StateBreak | None) -> Card | None:
    """The card and its person, held in the order of the house."""
    if known is None:
        raise NotFound(StateBreak.__name__)
    if known.card is None:
        return None
    concerning(known.card.person_id)
    hold.one(Person, ref=known.card.person_id)
    cards = hold.many(Card.objects.filter(person=known.card.person_id))
    return next(card for card in cards if card.ref == known.card_id)


def _moved(row: StateBreak, event: BreakEvent) -> BreakState:
    now = BREAK.after(row.state, event)
    return now if isinstance(now, BreakState) else row.state


def _is_same_person(one: str, other: str) -> bool:
    """Two sign-ins of one person are one person (guarantees 12)."""
    people = Staff.objects.filter(ref__in={one, other}).exclude(person=None)
    known = list(people.values_list("person", flat=True))
    return len(known) != len(set(known))


def _receipt(row: StateBreak) -> BreakReceipt:
    return BreakReceipt(row.ref, row.kind.value, row.state.value, row.fix)
