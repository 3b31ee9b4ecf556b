"""记账: every movement of purse money between two accounts, in the transaction that causes it."""

from __future__ import annotations

from datetime import datetime

from onecard.records.models import LedgerTransfer
from onecard.seams.world import world

ACCOUNTS = frozenset(
    {
        "payment_clearing",
        "awaiting_load",
        "on_cards",
        "suspense",
        "refunds_payable",
        "operator_settlement",
        "cash_drawer",
        "refund_clearing",
    }
)


def post(
    kind: str,
    *,
    debit: str,
    credit: str,
    amount_fen: int,
    about: str,
    card: str | None,
    at: datetime,
) -> str:
    """Move money from one account to another; the transfer's ref. Raises `ValueError`."""
    if not {debit, credit} <= ACCOUNTS:
        raise ValueError(f"{kind}: no such account")
    row = LedgerTransfer.objects.create(
        ref=world().ids.new("ldg"),
        kind=kind,
        debit=debit,
        credit=credit,
        amount_fen=amount_fen,
        about=about,
        card=card or "",
        at=at,
    )
    return row.ref
