"""记账: every movement of purse money between two accounts, in the transaction that causes it.

One cause (`about`) moves money of one kind once: told again it is the same transfer. Parts of
accounts (a card's, a drawer's) move by one conditional update within bounds that the database
keeps. Accounts of the whole city have no row that everybody would wait for.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from onecard import policy
from onecard.domain import ledger
from onecard.domain.ledger import REVERSAL, Account, Change, Place, Posting
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.domain.topup import TopUpPolicy
from onecard.records.models import LedgerAccount, LedgerTransfer
from onecard.seams.clock import local_day
from onecard.seams.holding import act_in_progress
from onecard.seams.world import world


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
    """Move money from one account to another; the transfer's ref, the same one when told again.

    Accounts are named `account`, or `account:part` for a drawer; the part of a card's account is
    `card`. Raises `Refused`: `ledger.unknown_account`, `.wrong_way`, `.amount_not_positive`,
    `.posted_otherwise`, `.not_enough`, `.over_cap`.
    """
    posting = Posting(kind, _place(debit, card), _place(credit, card), amount_fen)
    require(
        ledger.may_post(
            kind=kind,
            debit=posting.debit.account,
            credit=posting.credit.account,
            amount_fen=amount_fen,
        )
    )
    return _write(posting, LedgerTransfer(about=about, card=card or "", at=at))


def reverse(transfer: str, *, reason: str, at: datetime) -> str:
    """Put a mistake right by its mirror image, and only once. Raises `NotFound`.

    Raises `Refused`: `ledger.already_reversed`, `ledger.reason_missing`, `ledger.not_enough`.
    """
    row = LedgerTransfer.objects.filter(ref=transfer).first()
    if row is None:
        raise NotFound(LedgerTransfer.__name__)
    already = LedgerTransfer.objects.filter(reverses=row).exists()
    require(ledger.may_reverse(kind=row.kind, reversed_already=already, reason=reason))
    was = posting_of(row)
    mirror = Posting(REVERSAL, was.credit, was.debit, was.amount_fen)
    new = LedgerTransfer(about=row.ref, card=row.card, at=at, reverses=row, reason=reason[:200])
    return _write(mirror, new)


def posting_of(row: LedgerTransfer) -> Posting:
    """A written transfer as the rules take it."""
    return Posting(
        row.kind,
        Place(Account(row.debit), row.debit_part),
        Place(Account(row.credit), row.credit_part),
        row.amount_fen,
    )


def _place(name: str, card: str | None) -> Place:
    place = ledger.place(name, card=card or "")
    if place is None:
        raise Refused(Refusal("ledger.unknown_account", {"account": name}, field="account"))
    return place


def _write(posting: Posting, row: LedgerTransfer) -> str:
    if not act_in_progress():
        raise RuntimeError("money moves only inside an act")
    row.ref, row.kind, row.amount_fen = world().ids.new("ldg"), posting.kind, posting.amount_fen
    row.debit, row.debit_part = posting.debit.account.value, posting.debit.part
    row.credit, row.credit_part = posting.credit.account.value, posting.credit.part
    LedgerTransfer.objects.bulk_create([row], ignore_conflicts=True)
    written = LedgerTransfer.objects.get(kind=row.kind, about=row.about)
    if written.ref != row.ref:
        was = posting_of(written)
        require(ledger.must_be_the_same(kind=row.kind, was=was, now=posting))
        return written.ref
    cap_fen = policy.in_force("topup", TopUpPolicy, on=local_day(row.at)).balance_cap_fen
    for change in ledger.changes(posting, cap_fen=cap_fen):
        _move(change)
    return row.ref


def _move(change: Change) -> None:
    """One conditional update; a part that is new begins at nothing."""
    part = LedgerAccount.objects.filter(account=change.place.account, part=change.place.part)
    if _moved(part, change):
        return
    new = LedgerAccount(account=change.place.account, part=change.place.part)
    LedgerAccount.objects.bulk_create([new], ignore_conflicts=True)
    if not _moved(part, change):
        balance_fen = part.values_list("balance_fen", flat=True)[0]
        raise Refused(ledger.must_stay_within(change=change, balance_fen=balance_fen))


def _moved(part: QuerySet[LedgerAccount], change: Change) -> bool:
    within = Q()
    if change.floor_fen is not None and change.by_fen < 0:
        within &= Q(balance_fen__gte=change.floor_fen - change.by_fen)
    if change.ceiling_fen is not None and change.by_fen > 0:
        within &= Q(balance_fen__lte=change.ceiling_fen - change.by_fen)
    return bool(
        part.filter(within).update(
            balance_fen=F("balance_fen") + change.by_fen,
            floor_fen=change.floor_fen,
            ceiling_fen=change.ceiling_fen,
        )
    )
