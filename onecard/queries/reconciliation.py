"""对账台: with whom we agree, since when, and what there is to be put right by two persons.

Numbers are masked; a difference shows states, its cause and what may be done about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.domain import partner
from onecard.domain import reconciliation as rules
from onecard.domain.authority import Actor, Role
from onecard.domain.contacts import Contacts
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.reconciliation import BreakState, FixKind, FunctionState
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.records.models import Reconciliation, Staff, StateBreak
from onecard.seams.clock import local_day

MOST_LINES, SETTLED_LINES = 200, 20
_SHORT, _SHOWN = 12, 4
_SEES = frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})


@dataclass(frozen=True)
class PartySeen:
    """One partner and the last comparison with it; `compared_at` is empty before the first.

    `breaks` counts what is open now. The digests are shortened.
    """

    party: str
    compared_at: datetime | None
    equal: bool
    silent: str
    our_count: int
    their_count: int
    our_digest: str
    their_digest: str
    breaks: int


@dataclass(frozen=True)
class FixOffer:
    """A way to put a difference right, and why not, where it does not fit."""

    fix: str
    suggested: bool
    refusal: Refusal | None


@dataclass(frozen=True)
class BreakSeen:
    """One difference. `ours` and `theirs` are word keys, empty where one side has no line.

    `number` is the end of the number by which the partner knows the card; `may_approve` says why
    the viewer may not, if so.
    """

    break_ref: str
    party: str
    kind: str
    state: str
    number: str
    is_known: bool
    ours: str
    theirs: str
    found_at: datetime
    offers: tuple[FixOffer, ...]
    fix: str
    reason: str
    proposed_by: str
    approved_by: str
    may_approve: Refusal | None
    closed_at: datetime | None


def parties(*, as_seen_by: Actor, at: datetime) -> tuple[PartySeen, ...]:
    """Everybody with whom states are compared, in a fixed order."""
    _must_see(as_seen_by)
    with one_moment():
        breaks = Counter(StateBreak.objects.filter(closed_at=None).values_list("party", flat=True))
        return tuple(_party(party, breaks[party]) for party in _everybody(local_day(at)))


def open_breaks(*, as_seen_by: Actor) -> tuple[BreakSeen, ...]:
    """What is to be dealt with: those waiting for a second person first, then the oldest."""
    _must_see(as_seen_by)
    rows = StateBreak.objects.filter(closed_at=None).order_by("found_at", "ref")[:MOST_LINES]
    with one_moment():
        found = _seen(rows, as_seen_by)
    return tuple(sorted(found, key=lambda one: one.state != BreakState.PROPOSED.value))


def settled_breaks(*, as_seen_by: Actor) -> tuple[BreakSeen, ...]:
    """What was put right lately by two persons and is equal again, the newest first."""
    _must_see(as_seen_by)
    rows = StateBreak.objects.exclude(closed_at=None).exclude(approved_at=None)
    with one_moment():
        return _seen(rows.order_by("-closed_at", "ref")[:SETTLED_LINES], as_seen_by)


def _must_see(viewer: Actor) -> None:
    if viewer.role not in _SEES:
        raise NotFound(Reconciliation.__name__)


def _everybody(day: date) -> tuple[str, ...]:
    banks = policy.in_force("contacts", Contacts, on=day).banks
    return (partner.HR_DATABASE, *(partner.bank(bank.key) for bank in banks))


def _party(party: str, breaks: int) -> PartySeen:
    runs = Reconciliation.objects.filter(party=party, ended_at__isnull=False)
    last = runs.order_by("-begun_at", "-ref").first()
    if last is None:
        return PartySeen(party, None, False, "", 0, 0, "", "", breaks)
    return PartySeen(
        party=party,
        compared_at=last.ended_at,
        equal=bool(last.our_digest) and last.our_digest == last.their_digest,
        silent=last.silent,
        our_count=last.our_count,
        their_count=last.their_count,
        our_digest=last.our_digest[:_SHORT],
        their_digest=last.their_digest[:_SHORT],
        breaks=breaks,
    )


def _seen(rows: Iterable[StateBreak], viewer: Actor) -> tuple[BreakSeen, ...]:
    found = list(rows)
    staff = _staff(found, viewer)
    return tuple(_break(row, staff, viewer) for row in found)


def _staff(rows: list[StateBreak], viewer: Actor) -> Mapping[str, Staff]:
    """Whoever proposed or approved one of these, and the viewer."""
    refs = {viewer.ref, *(row.proposed_by for row in rows), *(row.approved_by for row in rows)}
    return {member.ref: member for member in Staff.objects.filter(ref__in=refs)}


def _break(row: StateBreak, staff: Mapping[str, Staff], viewer: Actor) -> BreakSeen:
    return BreakSeen(
        break_ref=row.ref,
        party=row.party,
        kind=row.kind.value,
        state=row.state.value,
        number=row.number[-_SHOWN:],
        is_known=row.card_id is not None,
        ours=_word(row, row.ours),
        theirs=_word(row, row.theirs),
        found_at=row.found_at,
        offers=_offers(row),
        fix=row.fix,
        reason=row.reason,
        proposed_by=_name(staff, row.proposed_by),
        approved_by=_name(staff, row.approved_by),
        may_approve=_may_approve(row, staff, viewer),
        closed_at=row.closed_at,
    )


def _offers(row: StateBreak) -> tuple[FixOffer, ...]:
    ours, theirs = _state(row, row.ours), _state(row, row.theirs)
    return tuple(
        FixOffer(
            fix.value,
            fix is row.suggested,
            rules.may_fix(kind=row.kind, fix=fix, ours=ours, theirs=theirs),
        )
        for fix in FixKind
    )


def _may_approve(row: StateBreak, staff: Mapping[str, Staff], viewer: Actor) -> Refusal | None:
    people = {staff[ref].person_id for ref in (row.proposed_by, viewer.ref) if ref in staff}
    return rules.must_be_second_person(
        proposed_by=row.proposed_by,
        approver=viewer.ref,
        is_same_person=len(people) == 1 and None not in people and row.proposed_by in staff,
    )


def _name(staff: Mapping[str, Staff], ref: str) -> str:
    return staff[ref].display_name if ref in staff else ref


def _state(row: StateBreak, state: str) -> FunctionState | None:
    if not state:
        return None
    return FinancialState(state) if partner.bank_of(row.party) else HrState(state)


def _word(row: StateBreak, state: str) -> str:
    room = "financial_function" if partner.bank_of(row.party) else "hr_function"
    return f"{room}.state.{state}" if state else ""
