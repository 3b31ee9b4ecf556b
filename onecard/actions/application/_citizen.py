"""本人线上: whoever signed in, held and brought in step with the province, and what they tell."""

from __future__ import annotations

from datetime import date, datetime

from onecard.actions import _people, hold
from onecard.actions._keeping import concerning
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions.application._gather import Told
from onecard.domain import identity
from onecard.domain.application import Answers, AppliedBy, Collection, Papers
from onecard.domain.authority import Actor, Channel
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.domain.identity import NumberKind
from onecard.records.models import Person
from onecard.seams.clock import local_day

_DOCUMENT_BY_NUMBER = {
    NumberKind.RESIDENT_ID: DocumentKind.RESIDENT_ID,
    NumberKind.RESIDENCE_PERMIT: DocumentKind.RESIDENCE_PERMIT,
    NumberKind.PERMANENT_RESIDENCE: DocumentKind.PERMANENT_RESIDENCE,
    NumberKind.TRAVEL_PERMIT: DocumentKind.TRAVEL_PERMIT,
}


def held(actor: Actor, province: Province, at: datetime) -> Person:
    """The person who signed in, brought in step with the province."""
    concerning(actor.ref)
    if province.person is not None:
        _people.keep(Particulars.of(province.person), at=at)
    return hold.one(Person, ref=actor.ref)


def told(person: Person, answers: Answers, at: datetime) -> Told:
    """What an application online tells: proven by the real-name service, sent by post."""
    shown = ShownDocument(
        kind=_document_of(person, local_day(at)),
        number=person.identity_number,
        valid_to=answers.document_valid_to,
        original=False,
        real_name_proven=True,
    )
    return Told(
        channel=Channel.PORTAL,
        applied_by=AppliedBy.HOLDER,
        answers=answers,
        papers=Papers(own=shown),
        collection=Collection.POST,
    )


def _document_of(person: Person, day: date) -> DocumentKind:
    """The document whose number the real-name service proved."""
    kind = identity.check(person.identity_number, on=day).kind
    return _DOCUMENT_BY_NUMBER.get(kind, DocumentKind.PASSPORT)
