"""挂失看板: who knows of a loss, since when, what is not covered, and how long it lasts (B6, B7).

Nothing is called confirmed before it was: each line says what one party has acknowledged, or that
it has not, with the number to call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy
from onecard.domain import partner
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts, CoopBank
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.loss import LossPolicy, OpenLoss, Side
from onecard.domain.masking import mask_number
from onecard.domain.refusal import Fact, Name
from onecard.domain.transit_purse import TransitState
from onecard.queries._reading import one_moment
from onecard.queries.loss._seeing import card_face_bank, card_for, open_losses
from onecard.queries.loss.offers import LossOffer, offers
from onecard.records.models import Card, LossConfirmation, LossReport, PurseAccount
from onecard.seams.clock import local_day

HERE, LEASES = "here", "leases"
_LOST = frozenset({HrState.TEMPORARY_LOSS, HrState.FORMAL_LOSS})
_MONEY_LOST = frozenset({FinancialState.TEMPORARY_LOSS, FinancialState.FORMAL_LOSS})
_NO_ACCOUNT = frozenset({FinancialState.NONE, FinancialState.OPENED, FinancialState.CLOSED})


@dataclass(frozen=True)
class BoardLine:
    """What one party knows.

    `state`: effective, confirmed, waiting, refused, not_covered, no_account, lease_until,
    lease_over. `word` is the key of its sentence (`loss.confirmation.<state>`), `facts` what it
    names. `evidence` is the ref of a signed acknowledgement, empty where there is none.
    """

    party: str
    name: str
    covers: str
    state: str
    queued_at: datetime | None
    told_at: datetime | None
    confirmed_at: datetime | None
    effective_at: datetime | None
    hotline: str
    evidence: str
    facts: dict[str, Fact]

    @property
    def word(self) -> str:
        """The key of its sentence."""
        return f"loss.confirmation.{self.state}"


@dataclass(frozen=True)
class PurseExposed:
    """The transit purse, which no loss report stops. `exposed`: what is on it can be spent.

    `balance_fen` is what was on it at `balance_at`, as the card last proved; None if it never did.
    """

    state: str
    exposed: bool
    word: str
    balance_fen: int | None = None
    balance_at: datetime | None = None


@dataclass(frozen=True)
class LossBoard:
    """One card's loss as it stands; with no loss, what was last said to everybody.

    `version` is what a withdrawal has to name; `seconds_left` counts down a temporary report.
    """

    card: str
    person: str
    number: str
    bank: str
    bank_name: Name
    bank_hotline: str
    hr_state: str
    financial_state: str
    version: int
    report: str
    kind: str
    channel: str
    accepted_at: datetime | None
    until: datetime | None
    seconds_left: int | None
    all_confirmed: bool
    lines: tuple[BoardLine, ...]
    purse: PurseExposed
    offers: tuple[LossOffer, ...]


@dataclass(frozen=True)
class _Seen:
    """Everything a line is made of."""

    card: Card
    bank: CoopBank
    hr: HrState
    standing: dict[Side, OpenLoss]
    said: dict[str, LossConfirmation]
    figures: LossPolicy
    hr_hotline: str
    at: datetime


def board(*, card: str, as_seen_by: Actor, at: datetime) -> LossBoard:
    """The board of one card. Raises `NotFound`."""
    with one_moment():
        seen = _look(card_for(card, as_seen_by), at)
        report = _report(seen)
        lines = tuple(_lines(seen))
        offered = offers(card=card, as_seen_by=as_seen_by, at=at)
    row = seen.card
    return LossBoard(
        card=row.ref,
        person=row.person_id,
        number=mask_number(row.card_number),
        bank=row.bank,
        bank_name=seen.bank.name,
        bank_hotline=seen.bank.hotline,
        hr_state=seen.hr.value,
        financial_state=row.financial_state.value,
        version=row.loss_version,
        report=report.ref if report else "",
        kind=report.kind.value if report else "",
        channel=report.channel.value if report else "",
        accepted_at=report.accepted_at if report else None,
        until=report.until if report else None,
        seconds_left=_seconds_left(seen, report),
        all_confirmed=all(line.state not in {"waiting", "refused"} for line in lines),
        lines=lines,
        purse=_purse(row),
        offers=offered,
    )


def _look(row: Card, at: datetime) -> _Seen:
    day = local_day(at)
    rows = LossConfirmation.objects.filter(card=row).order_by("version", "queued_at", "ref")
    hr, standing = row.state_at(at), open_losses(row)
    if hr not in _LOST:
        standing.pop(Side.HR, None)
    return _Seen(
        card=row,
        bank=card_face_bank(row, day),
        hr=hr,
        standing=standing,
        said={said.party: said for said in rows},
        figures=policy.in_force("loss", LossPolicy, on=day),
        hr_hotline=policy.in_force("contacts", Contacts, on=day).hr_hotline,
        at=at,
    )


def _report(seen: _Seen) -> LossReport | None:
    side = seen.standing.get(Side.HR) or seen.standing.get(Side.FINANCIAL)
    return LossReport.objects.filter(ref=side.report).first() if side else None


def _seconds_left(seen: _Seen, report: LossReport | None) -> int | None:
    if report is None or report.until is None:
        return None
    return max(0, int((report.until - seen.at).total_seconds()))


def _lines(seen: _Seen) -> list[BoardLine]:
    """Ourselves first, then the register, the bank, everybody else who was told, the leases."""
    lost, lines = seen.standing.get(Side.HR), []
    if lost is not None:
        name = f"loss.party.{HERE}"
        lines.append(_line(seen, HERE, name, "effective", effective_at=lost.since))
    known = {partner.HR_DATABASE: f"loss.party.{partner.HR_DATABASE}"}
    others = sorted(set(seen.said) - set(known) - {partner.bank(seen.card.bank)})
    told = [party for party in (*known, *others) if party in seen.said]
    lines += [_said(seen, seen.said[party], known.get(party, party)) for party in told]
    lines.append(_bank(seen))
    if lost is not None:
        lines.append(_leases(seen, lost))
    return lines


def _bank(seen: _Seen) -> BoardLine:
    """The card-face bank: what it confirmed, or that this loss does not cover it."""
    party, name = partner.bank(seen.card.bank), "loss.party.bank"
    said, money = seen.said.get(party), seen.card.financial_state
    if said is not None and (money in _MONEY_LOST or not seen.standing):
        return _said(seen, said, name)
    side = seen.standing.get(Side.FINANCIAL)
    if side is not None:
        return _line(seen, party, name, "confirmed", confirmed_at=side.since)
    state = "no_account" if money in _NO_ACCOUNT else "not_covered"
    return _line(seen, party, name, state)


def _said(seen: _Seen, said: LossConfirmation, name: str) -> BoardLine:
    state = "confirmed" if said.confirmed_at else "refused" if said.refused else "waiting"
    return _line(
        seen,
        said.party,
        name,
        state,
        queued_at=said.queued_at,
        told_at=said.told_at,
        confirmed_at=said.confirmed_at,
        effective_at=said.effective_at,
        evidence=said.ref if said.signature else "",
        reason=said.refused,
    )


def _leases(seen: _Seen, lost: OpenLoss) -> BoardLine:
    """Whoever asked before the report may go by that answer for so many seconds, and no longer."""
    ends_at = lost.since + timedelta(seconds=seen.figures.partner_lease_seconds)
    state = "lease_until" if seen.at < ends_at else "lease_over"
    return _line(seen, LEASES, f"loss.party.{LEASES}", state, effective_at=ends_at)


def _line(
    seen: _Seen,
    party: str,
    name: str,
    state: str,
    *,
    queued_at: datetime | None = None,
    told_at: datetime | None = None,
    confirmed_at: datetime | None = None,
    effective_at: datetime | None = None,
    evidence: str = "",
    reason: str = "",
) -> BoardLine:
    is_bank = bool(partner.bank_of(party))
    hotline = seen.bank.hotline if is_bank else seen.hr_hotline
    return BoardLine(
        party=party,
        name=name,
        covers=(Side.FINANCIAL if is_bank else Side.HR).value,
        state=state,
        queued_at=queued_at,
        told_at=told_at,
        confirmed_at=confirmed_at,
        effective_at=effective_at,
        hotline=hotline,
        evidence=evidence,
        facts={
            "at": confirmed_at or effective_at,
            "bank": seen.bank.name,
            "hotline": hotline,
            "reason": reason,
        },
    )


def _purse(row: Card) -> PurseExposed:
    exposed = row.transit_state in {TransitState.OPEN, TransitState.REFUND_PENDING}
    if exposed:
        word = "exposed"
    else:
        word = "closed" if row.transit_state is TransitState.CLOSED else "not_opened"
    purse = PurseAccount.objects.filter(card=row).first() if exposed else None
    return PurseExposed(
        row.transit_state.value,
        exposed,
        f"loss.purse.{word}",
        purse.shadow_balance_fen if purse else None,
        purse.shadow_at if purse else None,
    )
