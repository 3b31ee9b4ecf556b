"""账簿查询: the trial balance, and every balance explained line by line from its transfers.

Accounts of the whole city are summed over their transfers; parts (cards, drawers) have a row of
their own, which is compared with what the transfers say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from onecard.domain.authority import Actor, Role
from onecard.domain.ledger import SIDE, Account, in_own_direction
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import LedgerAccount, LedgerTransfer
from onecard.seams.clock import LOCAL

_SEES = frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})
MOST_LINES = 500
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AccountBalance:
    """What lies in an account, in its own direction; `credited_fen` is credits less debits."""

    account: str
    side: str
    balance_fen: int
    credited_fen: int


@dataclass(frozen=True)
class PartDiffers:
    """A part whose kept balance is not what its transfers say."""

    account: str
    part: str
    kept_fen: int
    derived_fen: int


@dataclass(frozen=True)
class TrialBalance:
    """Every account at one moment. `sum_fen` is zero, and `differs` empty, or somebody cheated."""

    accounts: tuple[AccountBalance, ...]
    sum_fen: int
    transfers: int
    differs: tuple[PartDiffers, ...]


@dataclass(frozen=True)
class LedgerLine:
    """One transfer as an account sees it: `by_fen` and `balance_fen` in its own direction."""

    transfer: str
    kind: str
    other: str
    about: str
    at: datetime
    by_fen: int
    balance_fen: int
    reverses: str
    reason: str


@dataclass(frozen=True)
class AccountStatement:
    """An account, or a part of it, over some time. `cut` says that more lines were left out."""

    account: str
    part: str
    opening_fen: int
    lines: tuple[LedgerLine, ...]
    closing_fen: int
    cut: bool


@dataclass(frozen=True)
class TransferSeen:
    """One transfer, as the story of its cause tells it."""

    transfer: str
    kind: str
    debit: str
    credit: str
    amount_fen: int
    at: datetime
    reverses: str


def trial_balance(*, as_seen_by: Actor, until: datetime) -> TrialBalance:
    """Every account up to an instant, counted anew from all transfers. Raises `NotFound`."""
    _must_see(as_seen_by)
    with one_moment():
        rows = LedgerTransfer.objects.filter(at__lt=until)
        credited = credited_fen(rows)
        return TrialBalance(
            tuple(_balance(account, credited.get(account, 0)) for account in Account),
            sum(credited.values()),
            rows.count(),
            parts_that_differ(),
        )


def of_cause(*, about: Iterable[str], as_seen_by: Actor) -> tuple[TransferSeen, ...]:
    """Every movement of an order with its payments and refunds, the oldest first."""
    _must_see(as_seen_by)
    rows = LedgerTransfer.objects.filter(about__in=tuple(about)).order_by("at", "ref")
    return tuple(_seen(row) for row in rows)


def of_card(
    *, card: str, as_seen_by: Actor, account: Account = Account.ON_CARDS
) -> AccountStatement:
    """What lies on a card by the ledger, line by line from the first. Raises `NotFound`."""
    _must_see(as_seen_by)
    return _statement(account, card, None, None)


def of_account(
    *, account: Account, day: date, as_seen_by: Actor, part: str = ""
) -> AccountStatement:
    """One day of an account, with what it opened and closed with. Raises `NotFound`."""
    _must_see(as_seen_by)
    begins = datetime(day.year, day.month, day.day, tzinfo=LOCAL)
    return _statement(account, part, begins, begins + A_DAY)


def credited_fen(rows: QuerySet[LedgerTransfer]) -> dict[Account, int]:
    """Credits less debits of every account, from transfers alone."""
    found: dict[Account, int] = {}
    for column, sign in (("debit", -1), ("credit", 1)):
        for name, fen in rows.values_list(column).annotate(Sum("amount_fen")).order_by(column):
            account = Account(name)
            found[account] = found.get(account, 0) + sign * fen
    return found


def parts_that_differ() -> tuple[PartDiffers, ...]:
    """The parts whose row and whose transfers disagree; none, or the archive was tampered with."""
    derived: dict[tuple[str, str], int] = {}
    for name, sign in (("debit", -1), ("credit", 1)):
        part = f"{name}_part"
        rows = LedgerTransfer.objects.exclude(**{part: ""}).values_list(name, part)
        for account, of, fen in rows.annotate(Sum("amount_fen")).order_by(name, part):
            by_fen = in_own_direction(Account(account), sign * fen)
            derived[account, of] = derived.get((account, of), 0) + by_fen
    kept = {
        (account.value, part): fen
        for account, part, fen in LedgerAccount.objects.values_list(
            "account", "part", "balance_fen"
        )
    }
    return tuple(
        PartDiffers(account, part, kept.get((account, part), 0), derived.get((account, part), 0))
        for account, part in sorted({*kept, *derived})
        if kept.get((account, part), 0) != derived.get((account, part), 0)
    )


def _statement(
    account: Account, part: str, since: datetime | None, until: datetime | None
) -> AccountStatement:
    with one_moment():
        rows = _touching(account, part)
        before = rows.filter(at__lt=since) if since else rows.none()
        opening = balance = _net(before, account, part)
        window = rows.filter(at__gte=since) if since else rows
        window = window.filter(at__lt=until) if until else window
        lines = []
        for row in window.order_by("at", "ref")[:MOST_LINES]:
            by_fen = _by(row, account, part)
            balance += by_fen
            lines.append(_line(row, account, by_fen, balance))
        closing = opening + _net(window, account, part)
        cut = window.count() > MOST_LINES
        return AccountStatement(account.value, part, opening, tuple(lines), closing, cut)


def _touching(account: Account, part: str) -> QuerySet[LedgerTransfer]:
    out, into = Q(debit=account.value), Q(credit=account.value)
    if part:
        out, into = out & Q(debit_part=part), into & Q(credit_part=part)
    return LedgerTransfer.objects.filter(out | into)


def _net(rows: QuerySet[LedgerTransfer], account: Account, part: str) -> int:
    out, into = Q(debit=account.value), Q(credit=account.value)
    if part:
        out, into = out & Q(debit_part=part), into & Q(credit_part=part)
    told = rows.aggregate(out=Sum("amount_fen", filter=out), into=Sum("amount_fen", filter=into))
    return in_own_direction(account, int((told["into"] or 0) - (told["out"] or 0)))


def _by(row: LedgerTransfer, account: Account, part: str) -> int:
    arrives = row.credit == account.value and part in ("", row.credit_part)
    return in_own_direction(account, row.amount_fen if arrives else -row.amount_fen)


def _line(row: LedgerTransfer, account: Account, by_fen: int, balance_fen: int) -> LedgerLine:
    other = row.debit if row.credit == account.value else row.credit
    return LedgerLine(
        row.ref,
        row.kind,
        other,
        row.about,
        row.at,
        by_fen,
        balance_fen,
        row.reverses_id or "",
        row.reason,
    )


def _balance(account: Account, fen: int) -> AccountBalance:
    return AccountBalance(account.value, SIDE[account].value, in_own_direction(account, fen), fen)


def _seen(row: LedgerTransfer) -> TransferSeen:
    return TransferSeen(
        row.ref, row.kind, row.debit, row.credit, row.amount_fen, row.at, row.reverses_id or ""
    )


def _must_see(viewer: Actor) -> None:
    if viewer.role not in _SEES:
        raise NotFound(LedgerTransfer.__name__)
