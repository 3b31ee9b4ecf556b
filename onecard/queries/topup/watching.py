"""待办与日核对: what is held, by whom, for how long; and whether the books agree (10.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from onecard import policy
from onecard.domain.authority import Actor
from onecard.domain.topup import (
    ATTEMPT_OPEN,
    AttemptKind,
    AttemptState,
    OrderState,
    TopUpPolicy,
)
from onecard.domain.workdays import WorkdayPolicy, add_working_days, calendar_of
from onecard.queries._reading import one_moment
from onecard.queries.topup._seeing import must_look_after
from onecard.queries.topup.orders import masked
from onecard.records.models import (
    Discrepancy,
    LedgerTransfer,
    LoadAttempt,
    PurseChallenge,
    TopUpOrder,
)
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class HeldCase:
    """A top-up whose outcome is open. `owner` is empty while nobody looks after it.

    `overdue`: its card had `field_hold_hours` to be held and was not. `decidable_on` is the first
    day on which two persons may decide.
    """

    order: str
    card: str
    amount_fen: int
    since: datetime
    hours: int
    owner: str
    counter_moved: bool
    refund_wanted: bool
    overdue: bool
    decidable_on: date
    proposed: str
    proposed_by: str
    proposed_why: str


@dataclass(frozen=True)
class DailyCheck:
    """The five equations of the card reference, in fen; `breaks` names those that fail.

    paid = loaded + paid back + held; loads proven by a TAC or by two persons = loaded; each case in
    doubt has an owner; each open attempt belongs to an order in doubt or being written, and the
    reverse; no challenge twice with a card.
    """

    paid_fen: int
    loaded_fen: int
    paid_back_fen: int
    held_fen: int
    proven_fen: int
    ledger_on_cards_fen: int
    ledger_awaiting_fen: int
    ownerless: int
    open_attempts: int
    orders_with_open_attempt: int
    challenges_used_twice: int
    incidents: int
    breaks: tuple[str, ...]


def held_cases(*, as_seen_by: Actor, at: datetime) -> tuple[HeldCase, ...]:
    """Every case in doubt, the oldest first. Raises `NotFound` for whoever does not look after."""
    must_look_after(as_seen_by)
    with one_moment():
        rows = TopUpOrder.objects.filter(state=OrderState.IN_DOUBT).select_related("purse")
        return tuple(_case(row, at) for row in rows.order_by("doubt_since", "ref"))


def daily_check(*, as_seen_by: Actor, at: datetime) -> DailyCheck:
    """Whether every fen of every top-up is somewhere, exactly once. Raises `NotFound`."""
    must_look_after(as_seen_by)
    del at
    with one_moment():
        return _checked()


def _case(row: TopUpOrder, at: datetime) -> HeldCase:
    since = row.doubt_since or row.state_since
    figures = policy.in_force("topup", TopUpPolicy, on=local_day(at))
    calendar = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=local_day(at)))
    waited = at - since
    moved = row.attempts.filter(state=AttemptState.OPEN, counter_moved=True).exists()
    return HeldCase(
        order=row.ref,
        card=masked(row.purse),
        amount_fen=row.amount_fen,
        since=since,
        hours=int(waited.total_seconds() // 3600),
        owner=row.owner,
        counter_moved=moved,
        refund_wanted=row.refund_wanted,
        overdue=waited >= timedelta(hours=figures.field_hold_hours),
        decidable_on=add_working_days(
            local_day(since), figures.doubt_decision_working_days, calendar
        ),
        proposed=row.proposed,
        proposed_by=row.proposed_by,
        proposed_why=row.proposed_why,
    )


def _checked() -> DailyCheck:
    paid = TopUpOrder.objects.exclude(payment="")
    loaded = _sum(paid.filter(state=OrderState.LOADED))
    back = _sum(paid.filter(state__in=(OrderState.REFUNDING, OrderState.REFUNDED)))
    held = _sum(paid.filter(state__in=(OrderState.PAID, *ATTEMPT_OPEN)))
    loads = LoadAttempt.objects.filter(kind=AttemptKind.LOAD)
    proven = loads.filter(state=AttemptState.PROVEN, order__state=OrderState.LOADED)
    open_ = loads.filter(state=AttemptState.OPEN)
    twice = PurseChallenge.objects.values("purse", "terminal").annotate(times=Count("ref"))
    numbers = {
        "paid_fen": _sum(paid),
        "loaded_fen": loaded,
        "paid_back_fen": back,
        "held_fen": held,
        "proven_fen": _sum(proven),
        "ledger_on_cards_fen": _account("on_cards", "topup.loaded"),
        "ledger_awaiting_fen": _account("awaiting_load", ""),
        "ownerless": TopUpOrder.objects.filter(state=OrderState.IN_DOUBT, owner="").count(),
        "open_attempts": open_.count(),
        "orders_with_open_attempt": open_.filter(order__state__in=ATTEMPT_OPEN).count(),
        "challenges_used_twice": twice.filter(times__gt=1).count(),
        "incidents": Discrepancy.objects.filter(kind__startswith="purse.", settled_at=None).count(),
    }
    return DailyCheck(**numbers, breaks=tuple(_breaks(numbers)))


def _breaks(said: dict[str, int]) -> list[str]:
    waiting = TopUpOrder.objects.filter(state__in=ATTEMPT_OPEN).count()
    checks = {
        "paid": said["paid_fen"] == said["loaded_fen"] + said["paid_back_fen"] + said["held_fen"],
        "proven": said["proven_fen"] == said["loaded_fen"],
        "ledger_on_cards": said["ledger_on_cards_fen"] == said["loaded_fen"],
        "ledger_awaiting": said["ledger_awaiting_fen"] == said["held_fen"],
        "owner": said["ownerless"] == 0,
        "attempts": said["open_attempts"] == said["orders_with_open_attempt"] == waiting,
        "challenges": said["challenges_used_twice"] == 0,
    }
    return [name for name, holds in checks.items() if not holds]


def _account(account: str, kind: str) -> int:
    """What lies in an account, or what one kind of transfer brought into it."""
    rows = LedgerTransfer.objects.filter(kind=kind) if kind else LedgerTransfer.objects.all()
    told = rows.aggregate(
        into=Sum("amount_fen", filter=Q(credit=account)),
        out=Sum("amount_fen", filter=Q(debit=account)),
    )
    return int((told["into"] or 0) - (told["out"] or 0))


def _sum(rows: object) -> int:
    total = rows.aggregate(fen=Sum("amount_fen"))["fen"]  # type: ignore[attr-defined]
    return int(total or 0)
