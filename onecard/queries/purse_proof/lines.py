"""The lines of a proof: what the ledger moved on one card, with the deed and the proof behind it.

Read set-wise: so many statements for a purse, however many lines it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from django.db.models import Q

from onecard.domain.ledger import REVERSAL, Account
from onecard.domain.topup import AttemptKind, AttemptState, Evidence
from onecard.records.models import (
    FareLine,
    LedgerTransfer,
    LoadAttempt,
    PurseAccount,
    PurseRefund,
    TopUpOrder,
)

_ON_CARDS = Account.ON_CARDS.value


@dataclass(frozen=True)
class Deed:
    """Who caused a line, where, and what proves it. `proof` in hex; `decided_by` two persons."""

    who_word: str
    by: str
    where: str
    proof_word: str
    proof: str = ""
    decided_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProofLine:
    """One movement of the purse in fen, and what lay on it by the books afterwards."""

    transfer: str
    kind_word: str
    at: datetime
    by_fen: int
    balance_fen: int
    about: str
    deed: Deed
    reason: str = ""


def lines_of(purse: PurseAccount) -> tuple[ProofLine, ...]:
    """Every movement of a purse, the oldest first, with its running balance."""
    moved = Q(debit=_ON_CARDS, debit_part=purse.ref) | Q(credit=_ON_CARDS, credit_part=purse.ref)
    rows = list(LedgerTransfer.objects.filter(moved).order_by("at"))
    deeds = _deeds(purse, {row.about for row in rows})
    lines = sorted((_line(row, deeds) for row in rows), key=_in_order)
    balances = accumulate(line.by_fen for line in lines)
    return tuple(replace(one, balance_fen=fen) for one, fen in zip(lines, balances, strict=True))


def _in_order(line: ProofLine) -> tuple[datetime, bool, bool, str]:
    """By time; at one moment the first reading comes first, and money in before money out."""
    return (line.at, line.deed is not _FIRST_READ, line.by_fen < 0, line.transfer)


def _line(row: LedgerTransfer, deeds: dict[str, Deed]) -> ProofLine:
    by_fen = row.amount_fen if row.credit == _ON_CARDS else -row.amount_fen
    word = f"purse_proof.kind.{row.kind.replace('.', '_')}"
    deed = _REVERSED if row.kind == REVERSAL else deeds.get(row.about, _BOOKED)
    return ProofLine(row.ref, word, row.at, by_fen, 0, row.about, deed, row.reason)


def _deeds(purse: PurseAccount, about: set[str]) -> dict[str, Deed]:
    """What stands behind each cause, by its reference."""
    attempts = list(purse.attempts.filter(state=AttemptState.PROVEN).order_by("closed_at"))
    by_order = {one.order_id: one for one in attempts if one.kind is AttemptKind.LOAD}
    by_refund = {one.refund: one for one in attempts if one.kind is not AttemptKind.LOAD}
    found = {purse.ref: _FIRST_READ}
    for order in purse.orders.filter(ref__in=about):
        found[order.ref] = _of_order(order, by_order.get(order.ref))
    for refund in PurseRefund.objects.filter(ref__in=about):
        found[refund.ref] = _of_refund(refund, by_refund.get(refund.ref))
    found |= _of_fares(FareLine.objects.filter(purse=purse, ref__in=about).select_related("file"))
    return found


def _of_order(order: TopUpOrder, attempt: LoadAttempt | None) -> Deed:
    evidence = attempt.evidence if attempt else order.evidence
    return Deed(
        who_word=f"authority.role.{order.opened_role.value}",
        by=order.opened_by,
        where=order.outlet,
        proof_word=_proof_word(evidence),
        proof=attempt.tac if attempt else "",
        decided_by=(order.proposed_by, order.decided_by) if evidence is Evidence.C else (),
    )


def _of_refund(refund: PurseRefund, attempt: LoadAttempt | None) -> Deed:
    unread = "purse_proof.proof.shadow"
    return Deed(
        who_word="authority.role.card_outlet_clerk",
        by=refund.asked_by,
        where=refund.outlet,
        proof_word=_proof_word(refund.evidence) if refund.evidence else unread,
        proof=attempt.tac if attempt else "",
    )


def _of_fares(rows: Iterable[FareLine]) -> dict[str, Deed]:
    who, proof = "purse_proof.who.gate", "purse_proof.proof.fare_tac"
    return {row.ref: Deed(who, row.file.operator, row.terminal, proof, row.tac) for row in rows}


def _proof_word(evidence: Evidence | None) -> str:
    return f"topup.evidence.{evidence.value}" if evidence else "purse_proof.proof.booked"


_FIRST_READ = Deed("purse_proof.who.card", "", "", "purse_proof.proof.first_reading")
_BOOKED = Deed("purse_proof.who.ledger", "", "", "purse_proof.proof.booked")
_REVERSED = Deed("purse_proof.who.ledger", "", "", "purse_proof.proof.reversal")
