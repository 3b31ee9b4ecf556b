"""注销前: which steps of rule book 16 are still open for a card, all at once."""

from __future__ import annotations

from datetime import date, datetime

from onecard import policy
from onecard.domain.authority import Actor, Role
from onecard.domain.cancellation import (
    CancellationFigures,
    Cancelling,
    CardToCancel,
    may_begin_cancellation,
    may_cancel_all,
)
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import Applicant, DocumentPolicy
from onecard.domain.hr_function import LIVE, HrState
from onecard.domain.production import OPEN
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.records.models import Application, BenefitPayment, Card, Person
from onecard.seams.clock import local_day

_AT_COUNTERS = frozenset({Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK})


def checklist(
    *, card: str, told: Cancelling, as_seen_by: Actor, at: datetime
) -> tuple[Refusal, ...]:
    """Everything that is still to be done before this card can end, in its order.

    Benefits are those announced for the coming days; the act itself asks the province once more.
    Raises `NotFound` for whoever stands at no counter.
    """
    with one_moment():
        row = Card.objects.filter(ref=card).select_related("person").first()
        if row is None or as_seen_by.role not in _AT_COUNTERS:
            raise NotFound(Card.__name__)
        return may_cancel_all(
            told=told,
            card=facts_of(row, at=at),
            holder=_holder(row.person),
            channel=as_seen_by.channel,
            on=local_day(at),
            figures=figures_on(local_day(at)),
        )


def may_begin(card: Card | None, by: Actor, at: datetime) -> Refusal | None:
    """Why the button is grey; None where it is not."""
    if card is None:
        return Refusal("replacement.no_card")
    return may_begin_cancellation(
        card=facts_of(card, at=at), channel=by.channel, figures=figures_on(local_day(at))
    )


def facts_of(card: Card, *, at: datetime) -> CardToCancel:
    """The card as the rules read it, with what hangs on it."""
    ahead = BenefitPayment.objects.filter(person=card.person_id, pays_on__gte=local_day(at))
    kinds = dict.fromkeys(row.kind.value for row in ahead.order_by("pays_on"))
    return CardToCancel(
        state=card.state_at(at),
        bank=card.bank,
        financial=card.financial_state,
        transit=card.transit_state,
        benefits=tuple(f"@benefit.kind.{kind}" for kind in kinds),
        successor_on_its_way=_has_successor(card),
        with_holder=card.hr_state is not HrState.SEALED or card.collected_at is not None,
        holder_deceased=card.person.deceased,
    )


def figures_on(day: date) -> CancellationFigures:
    """The figures in force for ending a card on the local day."""
    return CancellationFigures(
        channels=policy.in_force("channels", ChannelPolicy, on=day),
        documents=policy.in_force("documents", DocumentPolicy, on=day),
        contacts=policy.in_force("contacts", Contacts, on=day),
    )


def _has_successor(card: Card) -> bool:
    made = Card.objects.filter(predecessor=card, hr_state__in=LIVE)
    asked = Application.objects.filter(predecessor=card, state__in=OPEN)
    return made.exists() or asked.exists()


def _holder(person: Person) -> Applicant:
    return Applicant(
        applicant_class=person.applicant_class,
        born_on=date.fromisoformat(person.born_on),
        name=person.name,
        identity_number=person.identity_number,
        sex=person.sex,
    )
