"""余额证明: a holder's balances, every fen with its line, its proof and its cause."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router

from onecard.api.caller import caller_of
from onecard.api.house import Told
from onecard.queries import refund as refunds
from onecard.queries.purse_proof import person_proof, purse_proof

router = Router(tags=["topup"])
READ = "topup.read"


class DeedTold(Told):
    """Who caused a line, where, and by which proof; `proof` in hex."""

    who_word: str
    by: str
    where: str
    proof_word: str
    proof: str
    decided_by: list[str]


class ProofLineTold(Told):
    """One movement in fen, and what lay on the purse by the books afterwards."""

    transfer: str
    kind_word: str
    at: datetime
    by_fen: int
    balance_fen: int
    about: str
    deed: DeedTold
    reason: str


class DifferenceTold(Told):
    """A part of what the chip shows more or less than the books, with its cause."""

    cause: str
    cause_word: str
    by_fen: int
    set_aside_fen: int
    times: int


class PurseProofTold(Told):
    """Lines and differences sum to `balance_fen`, which is null for a card that was never read."""

    purse: str
    card: str
    state: str
    balance_fen: int | None
    balance_at: datetime | None
    books_fen: int
    lines: list[ProofLineTold]
    differences: list[DifferenceTold]
    explained: bool


class PersonProofTold(Told):
    """All purses of a person, across cards."""

    purses: list[PurseProofTold]
    balance_fen: int
    books_fen: int
    explained: bool


class DrainTold(Told):
    """One signed debit of the chip."""

    attempt: str
    kind_word: str
    amount_fen: int
    at: datetime
    state_word: str
    evidence_word: str
    proof: str


class RefundTold(Told):
    """Where a purse refund stands."""

    refund: str
    purse: str
    card: str
    reason_word: str
    way_word: str
    state: str
    state_word: str
    amount_fen: int | None
    evidence_word: str
    outlet: str
    asked_at: datetime
    payable_on: date | None
    paid_at: datetime | None
    receipt: str
    may_tap: bool
    may_register_unreadable: bool
    may_pay_out: bool
    may_withdraw: bool
    drains: list[DrainTold]


@router.get("/proof", response=PersonProofTold, operation_id="my_purse_proof")
def mine(request: HttpRequest) -> object:
    """Every balance of the signed-in citizen, explained line by line."""
    actor = caller_of(request, READ).actor
    return person_proof(person=actor.ref, as_seen_by=actor)


@router.get("/purses/{purse}/proof", response=PurseProofTold, operation_id="purse_proof")
def one(request: HttpRequest, purse: str) -> object:
    """One balance, for the holder of the card; 404 for anybody else."""
    return purse_proof(purse=purse, as_seen_by=caller_of(request, READ).actor)


@router.get("/purses/{purse}/refunds", response=list[RefundTold], operation_id="purse_refunds")
def of_purse(request: HttpRequest, purse: str) -> object:
    """The refunds of a purse that the caller may see, the newest first."""
    return list(refunds.refunds_of(purse=purse, as_seen_by=caller_of(request, READ).actor))


@router.get("/refunds/{refund}", response=RefundTold, operation_id="purse_refund")
def refund_seen(request: HttpRequest, refund: str) -> object:
    """Where one refund stands."""
    return refunds.refund_seen(refund=refund, as_seen_by=caller_of(request, READ).actor)
