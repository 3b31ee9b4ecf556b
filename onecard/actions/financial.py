"""金融功能: activated at the card-face bank; otherwise the bank tells us and we follow (12, 18).

The bank owns the function. What its news say is applied by the table; news outside the table are
kept as a discrepancy and shown to a person, never applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from onecard import policy
from onecard.actions._banks import bank_of, card_face_bank
from onecard.actions._history import move_financial, open_side
from onecard.actions._keeping import act, note, tell
from onecard.actions._losing import MADE_FORMAL, Paper, figures_on, keep_report, report_formally
from onecard.actions.collection.rows import Held, held, is_in_hand, must_prove_person
from onecard.domain import bank_news, documents, financial_activation, loss, partner
from onecard.domain.authority import Actor
from onecard.domain.bank_news import Heard, Judged, NewsResult, Situation, Told
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.documents import Applicant
from onecard.domain.financial_activation import ActivationPolicy
from onecard.domain.financial_function import (
    FINANCIAL_FUNCTION,
    FinancialEvent,
    FinancialState,
)
from onecard.domain.loss import LossKind, Side
from onecard.domain.refusal import NotFound, Notice, Refusal, Refused, first, require
from onecard.records.models import BankNews, Card, Discrepancy, LossSide
from onecard.seams.clock import local_day
from onecard.seams.world import world

REASONS = {FinancialEvent.LIFT_TEMPORARY: "withdrawn", FinancialEvent.WITHDRAW_FORMAL: "withdrawn"}


@dataclass(frozen=True)
class FinancialReceipt:
    """The financial function as it stands now."""

    card: str
    person: str
    financial_state: str
    version: int
    notice: str = ""


@dataclass(frozen=True)
class News:
    """What a bank's system says of one card.

    `serial` is the message's own name there and `sequence` counts the bank's messages about this
    card; `names` is the report that a withdrawal lifts, by our ref or by the bank's serial.
    """

    card: str
    event: FinancialEvent
    serial: str
    sequence: int
    happened_at: datetime
    names: str = ""


@dataclass(frozen=True)
class NewsReceipt:
    """What became of a piece of news: `applied`, `notice`, `stale` or `discrepancy`."""

    card: str
    result: str
    financial_state: str
    version: int


@act("financial.activate")
def activate(
    *, card: str, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> FinancialReceipt:
    """Activate at an outlet of the card-face bank: the holder in person, card and document in hand.

    Raises `Refused`: `application.channel_not_open`, `authority.in_person_only`,
    `financial_function.*`, `documents.*`, `hr_function.cancelled`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    row = rows.card
    require(
        *_may_come(rows, proof, shown, actor=actor, day=day),
        financial_activation.may_activate(hr=row.state_at(at), financial=row.financial_state),
    )
    answer = FINANCIAL_FUNCTION.after(row.financial_state, FinancialEvent.ACTIVATE)
    if isinstance(answer, Notice):
        return _receipt(row, notice=answer.code)
    move_financial(row, FinancialEvent.ACTIVATE, reason="activated", by=actor, at=at)
    parties = (partner.SMS, partner.bank(row.bank))
    tell("function.activated", about=row.ref, at=at, parties=parties, function="financial")
    note(about=row.ref, by=actor, at=at, ground="SEED FAQ 9; rule book 12")
    return _receipt(row)


@act("financial.take_news")
def take_news(*, news: News, actor: Actor, at: datetime) -> NewsReceipt:
    """Follow what the card-face bank says of its account. The same serial again is the same.

    Raises `NotFound` for a card of another bank, `Refused("request.key_reused")` for a serial that
    was another card's.
    """
    bank = bank_of(actor)
    row = held(news.card, actor=actor).card
    if not bank or row.bank != bank:
        raise NotFound(Card.__name__)
    earlier = _heard_before(news, bank)
    if earlier is not None:
        return NewsReceipt(row.ref, earlier.result.value, earlier.state, row.state_version)
    judged = bank_news.judge(told=_told(news), known=_situation(row, bank))
    _apply(row, news, judged, bank=bank, actor=actor, at=at)
    _keep(row, news, judged, bank=bank, at=at)
    if judged.result is NewsResult.DISCREPANCY:
        _note_discrepancy(row, news, bank=bank, at=at)
    facts = {"event": news.event.value, "result": judged.result.value}
    note(about=row.ref, by=actor, at=at, ground="rule book 18", **facts)
    return NewsReceipt(row.ref, judged.result.value, row.financial_state.value, row.state_version)


def _may_come(
    rows: Held, proof: CardInHand, shown: Shown, *, actor: Actor, day: date
) -> tuple[Refusal | None, ...]:
    """Person, bank, document, card: in the order of the rule book (12)."""
    figures = policy.in_force("card", ActivationPolicy, on=day)
    channels = policy.in_force("channels", ChannelPolicy, on=day)
    person, bank = rows.person, card_face_bank(rows.card, day)
    holder = Applicant(person.applicant_class, date.fromisoformat(person.born_on))
    matter, below_age = Matter.FINANCIAL_ACTIVATION, figures.minor_activation_by_guardian_below_age
    return (
        may_use_channel(act=matter, channel=actor.channel, figures=channels),
        financial_activation.may_activate_here(asking=bank_of(actor), bank=bank, figures=figures),
        first(
            lambda: (
                documents.must_come_in_person(
                    agent=shown.agent, holder=holder, below_age=below_age, on=day, figures=figures
                )
                if figures.financial_activation_in_person
                else None
            ),
        ),
        must_prove_person(shown, person, day),
        financial_activation.must_have_card(
            shown=bool(proof.card_number or proof.card_identifier),
            is_this_card=is_in_hand(proof, rows.card),
        ),
    )


def _heard_before(news: News, bank: str) -> BankNews | None:
    earlier = BankNews.objects.filter(bank=bank, serial=news.serial).first()
    if earlier is not None and earlier.card_id != news.card:
        raise Refused(Refusal("request.key_reused", field="serial"))
    return earlier


def _told(news: News) -> Told:
    return Told(news.event, news.serial, news.sequence, news.names)


def _situation(card: Card, bank: str) -> Situation:
    """What is known of this account: the loss that stands, those that are over, the withdrawals."""
    side = open_side(card, Side.FINANCIAL)
    over = LossSide.objects.filter(card=card, function=Side.FINANCIAL, ended_at__isnull=False)
    ended = over.values_list("report_id", "report__serial")
    earlier = BankNews.objects.filter(card=card, bank=bank)
    withdrawn = earlier.filter(event__in=bank_news.WITHDRAWALS).values_list("names", flat=True)
    last = earlier.order_by("-sequence").first()
    first_said = earlier.filter(serial=side.report.serial).first() if side else None
    return Situation(
        state=card.financial_state,
        last_sequence=last.sequence if last else 0,
        stands_as=_names(((side.report_id, side.report.serial),) if side else ()),
        stands_since=first_said.sequence if first_said else 0,
        also=_also(earlier, side),
        ended=_names(ended),
        withdrawn=frozenset(withdrawn) - {""},
    )


def _also(earlier: QuerySet[BankNews], side: LossSide | None) -> tuple[Heard, ...]:
    """The reports beside the one that stands: those on top of it, and one it has made formal."""
    if side is None:
        return ()
    replaced = LossSide.objects.filter(
        card=side.card_id, function=Side.FINANCIAL, ended_at=side.since, ended_how=MADE_FORMAL
    )
    repeated = Q(result=NewsResult.NOTICE, received_at__gte=side.since)
    beside = repeated | Q(serial__in=replaced.values_list("report__serial", flat=True))
    return tuple(
        Heard(row.serial, row.sequence, row.event is FinancialEvent.REPORT_FORMAL)
        for row in earlier.filter(beside, event__in=bank_news.REPORTS)
        if row.serial != side.report.serial
    )


def _names(pairs: object) -> frozenset[str]:
    return frozenset(name for pair in pairs for name in pair if name)  # type: ignore[attr-defined]


def _apply(
    card: Card, news: News, judged: Judged, *, bank: str, actor: Actor, at: datetime
) -> None:
    """A formal loss at the bank moves the HR function too, whatever the account says (20.2)."""
    if judged.result is NewsResult.STALE:
        return
    if news.event is FinancialEvent.REPORT_FORMAL:
        outcome = loss.formal_at_bank(hr=card.state_at(at), financial=card.financial_state)
        if not outcome.changes_nothing:
            paper = Paper(bank=bank, serial=news.serial, checked=("bank",))
            report_formally(card, outcome, paper, by=actor, at=at)
    elif judged.result is NewsResult.APPLIED:
        reason = REASONS.get(news.event, news.event.value)
        move_financial(card, news.event, reason=reason, by=actor, at=at)
        if news.event is FinancialEvent.REPORT_TEMPORARY:
            begun = news.happened_at
            _keep_report(card, LossKind.TEMPORARY, news.serial, begun, by=actor, at=at)
        if judged.goes_on_as:
            _go_on(card, judged, by=actor, at=at)
        is_new = news.event is FinancialEvent.ACTIVATE
        said, parties = ("activated", (partner.SMS,)) if is_new else ("changed", ())
        tell(f"function.{said}", about=card.ref, at=at, parties=parties, function="financial")


def _go_on(card: Card, judged: Judged, *, by: Actor, at: datetime) -> None:
    """One report is taken back while another of the bank's stands: lost as before, by that one."""
    formal = judged.state is FinancialState.FORMAL_LOSS
    event = FinancialEvent.REPORT_FORMAL if formal else FinancialEvent.REPORT_TEMPORARY
    kind = LossKind.FORMAL if formal else LossKind.TEMPORARY
    said = BankNews.objects.get(bank=card.bank, serial=judged.goes_on_as)
    move_financial(card, event, reason="goes_on", by=by, at=at)
    _keep_report(card, kind, said.serial, said.happened_at, by=by, at=at)


def _keep_report(
    card: Card, kind: LossKind, serial: str, begun: datetime, *, by: Actor, at: datetime
) -> None:
    """The bank's report; a temporary one lasts as the bank has published, if it has."""
    days = figures_on(local_day(at)).bank_temporary_valid_days.get(card.bank)
    lasts = kind is LossKind.TEMPORARY and days
    until = begun + timedelta(days=days) if lasts and days else None
    paper = Paper(bank=card.bank, serial=serial, checked=("bank",))
    keep_report(card, kind, (Side.FINANCIAL,), paper, by=by, at=at, until=until)


def _keep(card: Card, news: News, judged: Judged, *, bank: str, at: datetime) -> None:
    BankNews.objects.create(
        ref=world().ids.new("nws"),
        card=card,
        bank=bank,
        event=news.event,
        serial=news.serial,
        sequence=news.sequence,
        names=news.names,
        happened_at=news.happened_at,
        received_at=at,
        result=judged.result,
        state=card.financial_state.value,
    )


def _note_discrepancy(card: Card, news: News, *, bank: str, at: datetime) -> None:
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind="bank_news_outside_table",
        about=card.ref,
        partner=partner.bank(bank),
        detail={
            "event": news.event.value,
            "state": card.financial_state.value,
            "serial": news.serial,
        },
        found_at=at,
    )


def _receipt(card: Card, *, notice: str = "") -> FinancialReceipt:
    state = card.financial_state.value
    return FinancialReceipt(card.ref, card.person_id, state, card.state_version, notice)
