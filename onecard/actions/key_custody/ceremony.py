"""What two people agreed on is done at the token, and kept. Components live for one call.

The token is asked first and the archive written after. If the house falls in between, the token
has a key of which the archive knows nothing; a second try is refused (`key_exists`), for nothing is
ever written over. The custodians then decline this ceremony and go on with the next generation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.key_custody.custodian import is_same_person
from onecard.actions.key_custody.proposing import GROUND, KeyReceipt, note_step, receipt_of
from onecard.adapters.purse_keys import KeysUnavailable
from onecard.adapters.purse_keys.components import check_value_of
from onecard.adapters.purse_keys.key_desk import KeyExists, NoToken, WrongCheckValue, key_desk
from onecard.chip.purse_profile import PurseKey
from onecard.domain import key_custody as rules
from onecard.domain.authority import Actor
from onecard.domain.key_custody import KeyDeed, ProposalState
from onecard.domain.refusal import Fix, FixKind, NotFound, Refusal, Refused, require
from onecard.records.models import KeyProposal


@dataclass(frozen=True)
class Component:
    """One custodian's half of a key, as typed. It is shown nowhere and kept nowhere."""

    custodian: Actor
    value: bytes = field(repr=False)

    @property
    def kcv(self) -> str:
        """What its custodian compares with the envelope. Raises `ValueError` unless 16 bytes."""
        return check_value_of(self.value)


@walk("key_custody.carry_out")
def carry_out(
    *, proposal: str, components: tuple[Component, ...] = (), actor: Actor, at: datetime
) -> KeyReceipt:
    """Do at the token what was approved; an import takes both components.

    Raises `Refused`: `key_custody.not_in_this_state`, `.not_those_two`, `.wrong_kcv`,
    `.key_exists`, `.no_token`, `.token_unavailable`.
    """
    row = KeyProposal.objects.filter(ref=proposal).first()
    if row is None:
        raise NotFound(KeyProposal.__name__)
    require(rules.must_be_in_state(state=row.state, wanted=ProposalState.APPROVED))
    if row.deed is KeyDeed.IMPORT:
        require(_must_be_those_two(row, components))
    try:
        kcv = _done_at_token(row, components)
    except (NoToken, KeysUnavailable, KeyExists, WrongCheckValue) as failed:
        raise Refused(refusal_of(row, failed)) from failed
    return keep_carried_out(proposal=proposal, kcv=kcv, actor=actor, at=at)


@act("key_custody.keep_carried_out")
def keep_carried_out(*, proposal: str, kcv: str, actor: Actor, at: datetime) -> KeyReceipt:
    """Keep that a ceremony took place, with the check value it ended with."""
    row = hold.one(KeyProposal, ref=proposal)
    require(rules.must_be_in_state(state=row.state, wanted=ProposalState.APPROVED))
    row.state, row.kcv, row.done_at = ProposalState.DONE, kcv, at
    row.save(update_fields=["state", "kcv", "done_at"])
    note_step(row, by=actor, at=at)
    return receipt_of(row)


@walk("key_custody.initialise_token")
def initialise_token(*, so_pin: str, pin: str, other: Actor, actor: Actor, at: datetime) -> str:
    """Make a fresh token: one custodian sets the officer's PIN, the other the user's.

    Raises `Refused`: `key_custody.second_person`, `.no_token`, `.token_exists`,
    `.token_unavailable`.
    """
    same = is_same_person(actor.ref, other.ref)
    require(
        rules.must_be_second_custodian(
            proposed_by=actor.ref, approver=other.ref, is_same_person=same
        )
    )
    try:
        key_desk().initialise(so_pin=so_pin, pin=pin)
    except KeyExists as there:
        raise Refused(Refusal("key_custody.token_exists")) from there
    except (NoToken, KeysUnavailable) as failed:
        raise Refused(refusal_of(None, failed)) from failed
    return keep_token(other=other.ref, actor=actor, at=at)


@act("key_custody.keep_token")
def keep_token(*, other: str, actor: Actor, at: datetime) -> str:
    """Keep that two custodians made a fresh token."""
    note(about=actor.ref, by=actor, at=at, ground=GROUND, other=other)
    return actor.ref


def _done_at_token(row: KeyProposal, components: tuple[Component, ...]) -> str:
    desk, kind = key_desk(), PurseKey(row.kind.value)
    if row.deed is KeyDeed.GENERATE:
        return desk.generate(kind, row.version)
    if row.deed is KeyDeed.IMPORT:
        one, other = (component.value for component in components)
        return desk.put_together(kind, row.version, one, other, kcv=row.kcv)
    desk.destroy(kind, row.version)
    made = KeyProposal.objects.filter(kind=row.kind, version=row.version)
    return made.exclude(deed=KeyDeed.RETIRE).exclude(state=ProposalState.DECLINED)[0].kcv


def _must_be_those_two(row: KeyProposal, components: tuple[Component, ...]) -> Refusal | None:
    return rules.must_be_those_two(
        custodians=frozenset(one.custodian.ref for one in components),
        proposed_by=row.proposed_by,
        approved_by=row.decided_by,
    )


def refusal_of(row: KeyProposal | None, failed: Exception) -> Refusal:
    """What a custodian reads when the token did not do it."""
    if isinstance(failed, WrongCheckValue) and row is not None:
        return Refusal(
            "key_custody.wrong_kcv", measured={"found": failed.found}, allowed={"kcv": row.kcv}
        )
    if isinstance(failed, KeyExists) and row is not None:
        kind = f"@key_custody.kind.{row.kind.value}"
        return Refusal("key_custody.key_exists", {"kind": kind, "version": row.version})
    if isinstance(failed, NoToken):
        return Refusal("key_custody.no_token")
    return Refusal(
        "key_custody.token_unavailable",
        {"said": str(failed)},
        fix=Fix(FixKind.DO_FIRST, {"act": "@key_custody.reach_token"}),
    )
