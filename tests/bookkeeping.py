"""A desk for tests of the ledger: post inside an act, read balances off the transfers."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from onecard.actions import _ledger
from onecard.domain.ledger import Account, in_own_direction
from onecard.records.models import LedgerAccount, LedgerTransfer
from onecard.seams import holding
from onecard.seams.world import world


def post(kind: str, debit: str, credit: str, fen: int, about: str, card: str = "") -> str:
    """One transfer in an act of its own."""
    with holding.holding("test"), transaction.atomic():
        return _ledger.post(
            kind,
            debit=debit,
            credit=credit,
            amount_fen=fen,
            about=about,
            card=card or None,
            at=world().clock.now(),
        )


def reverse(transfer: str, reason: str = "typed twice") -> str:
    """Its mirror image in an act of its own."""
    with holding.holding("test"), transaction.atomic():
        return _ledger.reverse(transfer, reason=reason, at=world().clock.now())


def pay(about: str, fen: int = 5000, card: str = "pur_a") -> str:
    """A payment for a card arrived."""
    return post("topup.paid", "payment_clearing", "awaiting_load", fen, about, card)


def load(about: str, fen: int = 5000, card: str = "pur_a") -> str:
    """It was written onto the card."""
    return post("topup.loaded", "awaiting_load", "on_cards", fen, about, card)


def part_fen(account: Account, part: str = "pur_a") -> int:
    """What the database keeps as the balance of a part."""
    row = LedgerAccount.objects.filter(account=account, part=part).first()
    return row.balance_fen if row else 0


def summed() -> dict[str, int]:
    """Credits less debits of every account, from its transfers alone."""
    found: dict[str, int] = {}
    for row in LedgerTransfer.objects.all():
        found[row.debit] = found.get(row.debit, 0) - row.amount_fen
        found[row.credit] = found.get(row.credit, 0) + row.amount_fen
    return found


def parts_from_transfers() -> dict[tuple[str, str], int]:
    """What every part must hold by its transfers, in the account's own direction."""
    found: dict[tuple[str, str], int] = {}
    for row in LedgerTransfer.objects.all():
        for name, part, sign in (
            (row.debit, row.debit_part, -1),
            (row.credit, row.credit_part, 1),
        ):
            if part:
                by = in_own_direction(Account(name), sign * row.amount_fen)
                found[name, part] = found.get((name, part), 0) + by
    return found


def kept_parts() -> dict[tuple[str, str], int]:
    """What the database keeps, part by part."""
    rows: Any = LedgerAccount.objects.all()
    return {(row.account.value, row.part): row.balance_fen for row in rows}
