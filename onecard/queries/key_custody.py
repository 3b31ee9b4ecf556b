"""The ceremonies of the purse's keys, and the generations in force. No key can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.key_custody import KeyDeed, KeyKind, ProposalState
from onecard.records.models import KeyProposal, Staff


@dataclass(frozen=True)
class CeremonySeen:
    """One ceremony. Names are sign-in names; `in_force` is whether the key is in the token now."""

    proposal: str
    deed: str
    kind: str
    version: int
    kcv: str
    state: str
    reason: str
    proposed_by: str
    decided_by: str
    at: datetime
    in_force: bool


def ceremonies() -> tuple[CeremonySeen, ...]:
    """Every ceremony, by key and generation."""
    rows = list(KeyProposal.objects.order_by("kind", "version", "proposed_at", "ref"))
    names = dict(Staff.objects.values_list("ref", "username"))
    done = [row for row in rows if row.state is ProposalState.DONE]
    ended = {(row.kind, row.version) for row in done if row.deed is KeyDeed.RETIRE}
    return tuple(_seen(row, names, ended) for row in rows)


def _seen(row: KeyProposal, names: dict[str, str], ended: set[tuple[KeyKind, int]]) -> CeremonySeen:
    made = row.state is ProposalState.DONE and row.deed is not KeyDeed.RETIRE
    return CeremonySeen(
        proposal=row.ref,
        deed=row.deed.value,
        kind=row.kind.value,
        version=row.version,
        kcv=row.kcv,
        state=row.state.value,
        reason=row.reason,
        proposed_by=names.get(row.proposed_by, row.proposed_by),
        decided_by=names.get(row.decided_by, row.decided_by),
        at=row.done_at or row.decided_at or row.proposed_at,
        in_force=made and (row.kind, row.version) not in ended,
    )
