"""What every loss desk asks first: the channel, the person in person, and what came before."""

from __future__ import annotations

from datetime import date

from onecard import policy
from onecard.actions.collection.rows import must_prove_person
from onecard.domain import documents
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import Shown
from onecard.domain.documents import Applicant
from onecard.domain.person import GuardianPolicy
from onecard.domain.refusal import Refusal
from onecard.records.models import Application, Card, Person


def may_in_channel(matter: Matter, actor: Actor, day: date) -> Refusal | None:
    """Whether a matter is dealt with through the actor's door."""
    figures = policy.in_force("channels", ChannelPolicy, on=day)
    return may_use_channel(act=matter, channel=actor.channel, figures=figures)


def in_person(shown: Shown, person: Person, day: date) -> tuple[Refusal | None, ...]:
    """本人携带证件原件; for a child the guardian with both documents."""
    figures = policy.in_force("application", GuardianPolicy, on=day)
    holder = Applicant(person.applicant_class, date.fromisoformat(person.born_on))
    return (
        documents.must_come_in_person(
            agent=shown.agent,
            holder=holder,
            below_age=figures.guardian_below_age,
            on=day,
            figures=figures,
        ),
        must_prove_person(shown, person, day),
    )


def is_replacement_applied(card: Card) -> bool:
    """申请过补卡: in whatever state that application is now, retracted ones too (O23)."""
    kind = ApplicationKind.REPLACEMENT
    return Application.objects.filter(kind=kind, predecessor=card).exists()
