"""密钥仪式: which master key of the purse may be made, brought in or ended, and by which two.

Nobody approves an own proposal, also not by a second sign-in (guarantees 12, key custodian A / B).
A generation is never written over: INIT's key version picks it, so old cards go on being verified.
"""

from __future__ import annotations

import re
from enum import Enum

from onecard.domain.refusal import Fix, FixKind, Refusal

_KCV = re.compile(r"[0-9A-F]{8}")
_MOST_VERSION = 0xFF
"""The key version in INIT's answer is one byte (card reference 3)."""


class KeyKind(Enum):
    """The master keys of a purse, by the names card systems give them."""

    LOAD = "dlk"
    UNLOAD = "dulk"
    PURCHASE = "dpk"
    TAC = "dtk"


class KeyDeed(Enum):
    """What a ceremony does."""

    GENERATE = "generate"
    IMPORT = "import"
    RETIRE = "retire"


class ProposalState(Enum):
    """How far a ceremony is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    DECLINED = "declined"


def may_propose(
    *, deed: KeyDeed, version: int, taken: frozenset[int], in_force: frozenset[int], kcv: str
) -> Refusal | None:
    """Whether this ceremony may be proposed.

    `taken` are the generations ever proposed and not declined, `in_force` those in the token.
    """
    if deed is KeyDeed.RETIRE:
        return _may_retire(version, in_force)
    allowed = {"from": max(taken, default=0) + 1, "to": _MOST_VERSION}
    if not allowed["from"] <= version <= allowed["to"]:
        return Refusal(
            "key_custody.version_taken",
            measured={"version": version},
            allowed=allowed,
            field="version",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "version", "to": allowed["from"]}),
        )
    if deed is KeyDeed.IMPORT and not _KCV.fullmatch(kcv):
        return Refusal(
            "key_custody.kcv_missing",
            measured={"given": kcv},
            allowed={"digits": 8},
            field="kcv",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "kcv"}),
        )
    return None


def must_have_reason(*, reason: str) -> Refusal | None:
    """Why this key is made or ended is written down by whoever proposes it."""
    if reason.strip():
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "reason"})
    return Refusal("key_custody.reason_missing", field="reason", fix=fix)


def must_be_in_state(*, state: ProposalState, wanted: ProposalState) -> Refusal | None:
    """Each step of a ceremony follows the one before it."""
    if state is wanted:
        return None
    return Refusal(
        "key_custody.not_in_this_state",
        measured={"state": f"@key_custody.state.{state.value}"},
        allowed={"wanted": f"@key_custody.state.{wanted.value}"},
    )


def may_decline(*, state: ProposalState) -> Refusal | None:
    """A ceremony may be called off until it has been carried out."""
    if state is ProposalState.APPROVED:
        return None
    return must_be_in_state(state=state, wanted=ProposalState.PROPOSED)


def must_be_second_custodian(
    *, proposed_by: str, approver: str, is_same_person: bool
) -> Refusal | None:
    """Two custodians, two people; a second sign-in of one's own is not another person."""
    if proposed_by != approver and not is_same_person:
        return None
    fix = Fix(FixKind.ASK_PERSON, {"who": "@authority.role.security_admin"})
    return Refusal("key_custody.second_person", fix=fix)


def must_have_check_value(*, found: str, agreed: str) -> Refusal | None:
    """Components make the key that was agreed on, or nothing is done with it."""
    if found == agreed:
        return None
    return Refusal("key_custody.wrong_kcv", measured={"found": found}, allowed={"kcv": agreed})


def must_be_those_two(
    *, custodians: frozenset[str], proposed_by: str, approved_by: str
) -> Refusal | None:
    """Components are typed by the two who proposed and approved, each by one."""
    if custodians == {proposed_by, approved_by}:
        return None
    fix = Fix(FixKind.ASK_PERSON, {"who": "@authority.role.security_admin"})
    return Refusal("key_custody.not_those_two", fix=fix)


def _may_retire(version: int, in_force: frozenset[int]) -> Refusal | None:
    """A generation ends only while a newer one is in force: cards must find a key."""
    if version in in_force and any(newer > version for newer in in_force):
        return None
    return Refusal(
        "key_custody.last_generation",
        measured={"version": version},
        allowed={"in_force": tuple(str(one) for one in sorted(in_force))},
        field="version",
        fix=Fix(FixKind.DO_FIRST, {"act": "@key_custody.deed.generate"}),
    )
