"""补领、换领、注销: what may be done about a card, why not, and what must be known before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from onecard import policy
from onecard.domain import fees
from onecard.domain.application import ApplicationKind, Asked
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.benefit import BenefitPolicy
from onecard.domain.card import CardPolicy, HeldCard
from onecard.domain.contacts import Contacts
from onecard.domain.fees import FeePolicy
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Facts, NotFound, Refusal
from onecard.domain.replacement import (
    TOLD,
    Confirmation,
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    card_to_replace,
    is_frequent,
    may_begin_exchange,
    may_begin_replacement,
)
from onecard.queries import cancellation
from onecard.queries._applying import asked_of, figures_on
from onecard.queries._reading import one_moment
from onecard.queries.topup import has_unfinished
from onecard.records.models import Application, BenefitPayment, Card, Outlet, Person
from onecard.seams.clock import local_day

_NOT_FOR = frozenset({Role.EMPLOYER_AGENT, Role.PARTNER})


@dataclass(frozen=True)
class Offer:
    """Something that might be done about a card; a refusal says why the button is grey.

    `act` is replacement, exchange, cancellation or transfer.
    """

    act: str
    card: str
    refusal: Refusal | None


@dataclass(frozen=True)
class Payment:
    """A benefit that is about to be paid; `kind` is a word key."""

    kind: str
    pays_on: date


@dataclass(frozen=True)
class ToConfirm:
    """One thing a person must know, in words: the key and its facts."""

    confirmation: Confirmation
    word: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Many:
    """Somebody whose replacements are many, with the figure they go beyond."""

    person: str
    count: int
    usual: int
    months: int


def offers(*, person: str, as_seen_by: Actor, at: datetime) -> tuple[Offer, ...]:
    """What may be begun for a person at this door. Raises `NotFound`."""
    with one_moment():
        row = seen_person(person, as_seen_by)
        cards = list(Card.objects.filter(person=row).order_by("issued_on", "ref"))
        card = _to_replace(cards, at)
        asked = asked_of(row, cards, channel=_channel(as_seen_by, card), at=at)
        ref = card.ref if card else ""
        return (
            Offer("replacement", ref, _may_replace(asked, card, at)),
            Offer("exchange", ref, _may_exchange(asked, card, at)),
            Offer("cancellation", ref, cancellation.may_begin(card, as_seen_by, at)),
            Offer("transfer", ref, None),
        )


def notices(
    *, person: str, kind: ApplicationKind, as_seen_by: Actor, at: datetime
) -> tuple[ToConfirm, ...]:
    """What is said before the application, with this person's bank and payments."""
    with one_moment():
        row = seen_person(person, as_seen_by)
        card = _to_replace(list(Card.objects.filter(person=row)), at)
        ahead = payments_ahead(person=row.ref, at=at)
    contacts = policy.in_force("contacts", Contacts, on=local_day(at))
    bank = contacts.bank(card.bank) if card else None
    payments = tuple(f"@{kind}" for kind in dict.fromkeys(one.kind for one in ahead))
    facts: Facts = {
        "bank": bank.name if bank else "@replacement.told.card_face_bank",
        "hotline": bank.hotline if bank else contacts.hr_hotline,
        "payments": payments or "@replacement.told.no_payments",
    }
    return tuple(ToConfirm(one, f"replacement.told.{one.value}", facts) for one in TOLD[kind])


def payments_ahead(*, person: str, at: datetime) -> tuple[Payment, ...]:
    """The benefits that are about to be paid to a person, the soonest first."""
    today = local_day(at)
    last = today + timedelta(
        days=policy.in_force("benefit", BenefitPolicy, on=today).look_ahead_days
    )
    rows = BenefitPayment.objects.filter(person=person, pays_on__range=(today, last))
    return tuple(
        Payment(f"benefit.kind.{row.kind.value}", row.pays_on)
        for row in rows.order_by("pays_on", "ref")
    )


def card_fee_fen(*, kind: ApplicationKind, at: datetime) -> int:
    """What the card of an application made now costs its holder, in fen."""
    figures = policy.in_force("fees", FeePolicy, on=local_day(at))
    return fees.card_fee_fen(kind=kind, figures=figures)


def many_replacements(*, as_seen_by: Actor, at: datetime) -> tuple[Many, ...]:
    """Whose replacements are many just now: a list for the office, with no effect on anybody."""
    if as_seen_by.role not in {Role.PLATFORM_OPERATOR, Role.AUDITOR}:
        raise NotFound(Person.__name__)
    today, figures = local_day(at), replacement_figures_on(local_day(at)).replacement
    rows = Application.objects.filter(kind=ApplicationKind.REPLACEMENT).exclude(
        state=ProductionState.RETRACTED
    )
    recent = rows.filter(submitted_at__gte=at - timedelta(days=31 * figures.frequent_period_months))
    days: dict[str, list[date]] = {}
    for person, begun in recent.order_by("person").values_list("person_id", "submitted_at"):
        days.setdefault(person, []).append(local_day(begun))
    found = {
        person: is_frequent(applied_on=applied, on=today, figures=figures)
        for person, applied in days.items()
    }
    return tuple(
        Many(person, many.count, many.usual, many.months)
        for person, many in found.items()
        if many is not None
    )


def replacement_figures_on(day: date) -> ReplacementFigures:
    """The figures in force for replacing a card on the local day."""
    return ReplacementFigures(
        **vars(figures_on(day)),
        card=policy.in_force("card", CardPolicy, on=day),
        replacement=policy.in_force("replacement", ReplacementPolicy, on=day),
    )


def seen_person(person: str, by: Actor) -> Person:
    """The person, for whoever may see them. Raises `NotFound`."""
    stranger = by.role is Role.CITIZEN and person != by.ref
    row = Person.objects.filter(ref=person).first()
    if row is None or stranger or by.role in _NOT_FOR:
        raise NotFound(Person.__name__)
    return row


def _to_replace(cards: list[Card], at: datetime) -> Card | None:
    chosen = card_to_replace([HeldCard(card.ref, card.state_at(at)) for card in cards])
    return next((card for card in cards if chosen and card.ref == chosen.ref), None)


def _channel(by: Actor, card: Card | None) -> Channel:
    """To a card, the outlet of another bank is another bank's."""
    if card is None or by.channel is not Channel.CARD_FACE_BANK:
        return by.channel
    own = Outlet.objects.filter(ref=by.outlet, bank=card.bank).exists()
    return Channel.CARD_FACE_BANK if own else Channel.OTHER_BANK


def _may_replace(asked: Asked, card: Card | None, at: datetime) -> Refusal | None:
    day = local_day(at)
    return may_begin_replacement(
        asked=asked,
        card=OldCard.of(card, at, open_topup=has_unfinished(card.ref)) if card else None,
        on=day,
        figures=replacement_figures_on(day),
    )


def _may_exchange(asked: Asked, card: Card | None, at: datetime) -> Refusal | None:
    return may_begin_exchange(
        asked=asked,
        card=OldCard.of(card, at, open_topup=has_unfinished(card.ref)) if card else None,
        figures=replacement_figures_on(local_day(at)),
    )
