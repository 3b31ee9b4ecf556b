"""One custodian proposes, another one approves; nothing happens to the token yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.actions.key_custody.custodian import is_same_person
from onecard.domain import key_custody as rules
from onecard.domain.authority import Actor
from onecard.domain.key_custody import KeyDeed, KeyKind, ProposalState
from onecard.domain.refusal import require
from onecard.records.models import KeyProposal
from onecard.seams.world import world

GROUND = "guarantees 12; card 14.1"
_MOST_REASON = 200


@dataclass(frozen=True)
class KeyReceipt:
    """A ceremony as it stands after an act. `kcv` is a check value, never a key."""

    proposal: str
    deed: str
    kind: str
    version: int
    kcv: str
    state: str


@act("key_custody.propose")
def propose(
    *,
    deed: KeyDeed,
    kind: KeyKind,
    version: int | None,
    kcv: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> KeyReceipt:
    """Propose a ceremony; without a version, over the next generation.

    Raises `Refused`: `key_custody.version_taken`, `.kcv_missing`, `.last_generation`,
    `.reason_missing`.
    """
    rows = hold.many(KeyProposal.objects.filter(kind=kind))
    taken, in_force = _generations(rows)
    chosen = version or max(taken, default=0) + 1
    check = kcv.strip().upper()
    require(
        rules.must_have_reason(reason=reason),
        rules.may_propose(deed=deed, version=chosen, taken=taken, in_force=in_force, kcv=check),
    )
    row = KeyProposal.objects.create(
        ref=world().ids.new("kcp"),
        deed=deed,
        kind=kind,
        version=chosen,
        kcv=check if deed is KeyDeed.IMPORT else "",
        reason=reason.strip()[:_MOST_REASON],
        proposed_by=actor.ref,
        proposed_at=at,
    )
    note_step(row, by=actor, at=at)
    return receipt_of(row)


@act("key_custody.approve")
def approve(*, proposal: str, actor: Actor, at: datetime) -> KeyReceipt:
    """Another custodian agrees.

    Raises `Refused`: `key_custody.second_person`, `.not_in_this_state`.
    """
    row = hold.one(KeyProposal, ref=proposal)
    require(
        rules.must_be_in_state(state=row.state, wanted=ProposalState.PROPOSED),
        rules.must_be_second_custodian(
            proposed_by=row.proposed_by,
            approver=actor.ref,
            is_same_person=is_same_person(row.proposed_by, actor.ref),
        ),
    )
    return _decided(row, ProposalState.APPROVED, actor, at)


@act("key_custody.decline")
def decline(*, proposal: str, actor: Actor, at: datetime) -> KeyReceipt:
    """The ceremony does not take place. Raises `Refused("key_custody.not_in_this_state")`."""
    row = hold.one(KeyProposal, ref=proposal)
    require(rules.may_decline(state=row.state))
    return _decided(row, ProposalState.DECLINED, actor, at)


def receipt_of(row: KeyProposal) -> KeyReceipt:
    """A ceremony as it stands."""
    names = row.deed.value, row.kind.value
    return KeyReceipt(row.ref, *names, row.version, row.kcv, row.state.value)


def note_step(row: KeyProposal, *, by: Actor, at: datetime) -> None:
    """Keep a step in the audit: which key, which generation, which check value."""
    facts = {"deed": row.deed.value, "kind": row.kind.value, "version": row.version}
    names = {"kcv": row.kcv, "proposed_by": row.proposed_by, "decided_by": row.decided_by}
    note(about=row.ref, by=by, at=at, ground=GROUND, **facts, **names)


def _decided(row: KeyProposal, state: ProposalState, actor: Actor, at: datetime) -> KeyReceipt:
    row.state, row.decided_by, row.decided_at = state, actor.ref, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    note_step(row, by=actor, at=at)
    return receipt_of(row)


def _generations(rows: list[KeyProposal]) -> tuple[frozenset[int], frozenset[int]]:
    """Generations that were ever proposed and not declined, and those in the token."""
    made = [row for row in rows if row.deed is not KeyDeed.RETIRE]
    done = {row.version for row in made if row.state is ProposalState.DONE}
    retired = {
        row.version
        for row in rows
        if row.deed is KeyDeed.RETIRE and row.state is ProposalState.DONE
    }
    taken = {row.version for row in made if row.state is not ProposalState.DECLINED}
    return frozenset(taken), frozenset(done - retired)
