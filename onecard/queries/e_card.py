"""电子社保卡状态: whether the electronic card can be used now, and if not, why (rule book 24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.domain import e_card
from onecard.domain.authority import Actor, Role
from onecard.domain.e_card import ECardPolicy
from onecard.domain.loss import Side
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.records.models import Card, ECardConsent, LossSide, Person
from onecard.seams.clock import local_day

_NOT_FOR = frozenset({Role.EMPLOYER_AGENT, Role.PARTNER, Role.CARD_OUTLET_CLERK})


@dataclass(frozen=True)
class ECardSeen:
    """The electronic card of a person. `consented`: the holder agreed to use it while lost."""

    person: str
    usable: bool
    refusal: Refusal | None
    consented: bool


def status(*, person: str, as_seen_by: Actor, at: datetime) -> ECardSeen:
    """The electronic card, by the states of the person's cards. Raises `NotFound`."""
    stranger = as_seen_by.role is Role.CITIZEN and as_seen_by.ref != person
    if stranger or as_seen_by.role in _NOT_FOR:
        raise NotFound(Person.__name__)
    figures = policy.in_force("e_card", ECardPolicy, on=local_day(at))
    with one_moment():
        if not Person.objects.filter(ref=person).exists():
            raise NotFound(Person.__name__)
        cards = list(Card.objects.filter(person=person).order_by("issued_on", "ref"))
        standing = LossSide.objects.filter(card__in=cards, function=Side.HR, ended_at=None)
        consented = ECardConsent.objects.filter(
            report__in=standing.values_list("report_id", flat=True)
        ).exists()
    states = [card.state_at(at) for card in cards]
    refusal = e_card.may_use(cards=states, consented=consented, figures=figures)
    return ECardSeen(person, refusal is None, refusal, consented)
