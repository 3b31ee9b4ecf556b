"""People at a counter: looked up by their document, written down if nobody knows them, unmasked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.actions import _people, _portraits, _province, hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._people import Particulars
from onecard.actions._province import Province
from onecard.actions._register import keep_cards
from onecard.domain import documents, identity
from onecard.domain.application import may_be_country
from onecard.domain.authority import Actor, Role
from onecard.domain.documents import CLASS_OF, Applicant, DocumentKind, ShownDocument
from onecard.domain.identity import NamePolicy
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require
from onecard.records.models import Card, Document, Person
from onecard.seams.clock import local_day
from onecard.seams.world import world

_CHINA = "CHN"


@dataclass(frozen=True)
class CounterLook:
    """Whom a clerk looks for: the document on the desk and the name on it.

    `born_on`, `sex` and `nationality` (ISO 3166 alpha-3) are asked only of somebody whom nobody
    knows and whose number does not tell; `nationality` belongs to a passport from the beginning.
    `former_number` is that of the paper this one replaces: a new passport makes no new person (V1).
    """

    document_kind: DocumentKind
    number: str
    name: str = ""
    born_on: date | None = None
    sex: Sex | None = None
    nationality: str = ""
    former_number: str = ""


@dataclass(frozen=True)
class Met:
    """Who that is. `person` is empty when nobody knows them: then the clerk enters who they are."""

    person: str
    known_to_province: bool
    province_answered: bool


@dataclass(frozen=True)
class Unmasked:
    """One value in full."""

    value: str


@dataclass(frozen=True)
class CardRead:
    """Whose card was read."""

    card: str
    person: str


UNMASKABLE = ("identity_number", "name", "phone", "address")


@walk("person.find_at_counter")
def find_at_counter(*, look: CounterLook, actor: Actor, at: datetime) -> Met:
    """Ask the archive and the province who that is, fetch a portrait if one is missing.

    Raises `Refused` with `documents.*` for a number that is none, `documents.conflict` for a number
    that belongs to another name, `person.name` for a name that is none.
    """
    province = ask_about(look=look, at=at)
    if _is_right(look, at) and _is_nobody(look, province, at):
        return Met("", known_to_province=False, province_answered=province.answered)
    met = meet(look=look, province=province, actor=actor, at=at)
    fetch_portrait(person=met.person, province=province, actor=actor, at=at)
    return met


def ask_about(*, look: CounterLook, at: datetime) -> Province:
    """What the province says of the document; it is not asked about a number that is none."""
    return _province.ask(*_numbers(look)) if _is_right(look, at) else _province.SILENT


def is_named_right(*, look: CounterLook, province: Province) -> bool | None:
    """The real-name service's word on somebody without base data whose paper nobody has seen.

    None when it is silent. Whom the province knows, and who is no citizen, needs no such question.
    """
    citizen = CLASS_OF.get(look.document_kind) is ApplicantClass.MAINLAND
    if province.person is not None or not citizen or not look.name:
        return True
    return _province.is_their_name(look.name, identity.canonical(look.number))


def fetch_portrait(*, person: str, province: Province, actor: Actor, at: datetime) -> None:
    """Fetch the portrait the province has, if one is needed and none is here; outside any act."""
    base = province.person
    if base is None or not _portraits.is_needed(base.born_on, at):
        return
    if not _portraits.is_on_file(person):
        _portraits.fetch(person, base.identity_number, actor=actor, at=at)


@act("person.meet")
def meet(
    *,
    look: CounterLook,
    province: Province,
    actor: Actor,
    at: datetime,
    name_fits: bool | None = True,
) -> Met:
    """Keep whom the document shows. What the province says wins over what was known or entered.

    `name_fits` is the real-name service's answer where nobody has seen the document.
    """
    day = local_day(at)
    require(
        documents.check_number(look.document_kind, look.number, on=day),
        may_be_country(nationality=look.nationality),
        _must_be_named(look, actor),
        _must_be_named_right(name_fits),
    )
    row = _held(look, province, at)
    concerning(row.ref)
    if look.name:
        require(documents.must_agree_on_name(known_name=row.name, given_name=look.name))
    keep_cards(row, province.cards, by=actor, at=at)
    known = province.person is not None
    note(about=row.ref, by=actor, at=at, ground="rule book 8.1", known_to_province=known)
    return Met(row.ref, known_to_province=known, province_answered=province.answered)


@act("person.unmask")
def unmask(*, person: str, field: str, reason: str, actor: Actor, at: datetime) -> Unmasked:
    """Show one personal value in full: with a reason, in the audit, seen by the person later."""
    row = hold.one(Person, ref=person)
    concerning(row.ref)
    require(_must_have_reason(field, reason))
    note(about=row.ref, by=actor, at=at, ground="guarantees 11.3", field=field, reason=reason)
    return Unmasked(getattr(row, field))


@act("person.read_card")
def read_card(*, card: str, actor: Actor, at: datetime) -> CardRead:
    """A bank's clerk has read a card of the own bank: its person sees later that it was so."""
    row = hold.one(Card, ref=card)
    concerning(row.person_id)
    note(about=row.ref, by=actor, at=at, ground="platform C5.1, B19")
    return CardRead(row.ref, row.person_id)


def _must_be_named(look: CounterLook, actor: Actor) -> Refusal | None:
    """An employer names its people: a number alone tells it nothing about anybody."""
    if look.name or actor.role is not Role.EMPLOYER_AGENT:
        return None
    return Refusal(
        "application.key_information_missing",
        {"fields": ("@documents.field.name",)},
        field="name",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "name"}),
    )


def _must_be_named_right(fits: bool | None) -> Refusal | None:  # noqa: FBT001 - an answer, no flag
    """姓名与号码一致: by the real-name service, which must have answered."""
    if fits is False:
        return Refusal(
            "documents.data_mismatch",
            {"fields": ("@documents.field.name",)},
            field="name",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "name"}),
        )
    return _province.must_answer(answered=fits is not None, partner="real_name")


def _must_have_reason(field: str, reason: str) -> Refusal | None:
    if field in UNMASKABLE and reason.strip():
        return None
    return Refusal(
        "person.unmask_reason",
        field="reason",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "reason"}),
    )


def _numbers(look: CounterLook) -> tuple[str, ...]:
    """The numbers under which this person may be known, the likeliest first."""
    written = (identity.canonical(number) for number in (look.number, look.former_number))
    numbers = [number for number in written if number]
    if look.document_kind is not DocumentKind.PASSPORT or not look.nationality:
        return tuple(numbers)
    country = look.nationality
    own = [identity.foreigner_number(country=country, document=number) for number in numbers]
    return tuple(own + numbers)


def _is_right(look: CounterLook, at: datetime) -> bool:
    return documents.check_number(look.document_kind, look.number, on=local_day(at)) is None


def _is_nobody(look: CounterLook, province: Province, at: datetime) -> bool:
    """Nobody knows this person, and what was told is not enough to write them down."""
    known = province.person is not None or _here(look, _numbers(look)) is not None
    return not known and not (look.name and _entered(look, at))


def _here(look: CounterLook, numbers: tuple[str, ...]) -> Person | None:
    """Whoever has shown this document before, or has this number."""
    for number in numbers:
        row = _people.find(number)
        if row is not None:
            return row
    indexes = [world().custody.blind_index("document", number) for number in numbers]
    shown = Document.objects.filter(kind=look.document_kind, number_index__in=indexes)
    document = shown.select_related("person").first()
    return document.person if document else None


def _held(look: CounterLook, province: Province, at: datetime) -> Person:
    if province.person is not None:
        return _people.keep(Particulars.of(province.person), at=at)
    known = _here(look, _numbers(look))
    if known is not None:
        return hold.one(Person, ref=known.ref)
    figures = policy.in_force("application", NamePolicy, on=local_day(at))
    require(identity.may_be_name(name=look.name, figures=figures))
    entered = _entered(look, at)
    if entered is None:
        raise Refused(Refusal("application.base_data_not_found", field="born_on"))
    require(_must_agree(look, entered, at))
    return _people.keep(entered, at=at)


def _entered(look: CounterLook, at: datetime) -> Particulars | None:
    """Who that is by the clerk's word and the number's own; None where birth or sex is missing."""
    told = identity.check(
        look.number, on=local_day(at), kind=documents.NUMBER_OF[look.document_kind]
    ).facts
    born_on = look.born_on or (told.born_on if told else None)
    sex = look.sex or (told.sex if told else None)
    if born_on is None or sex is None:
        return None
    return Particulars(
        identity_number=_numbers(look)[0],
        name=look.name,
        applicant_class=CLASS_OF.get(look.document_kind, ApplicantClass.MAINLAND),
        sex=sex,
        born_on=born_on,
        nationality=look.nationality or _CHINA,
    )


def _must_agree(look: CounterLook, entered: Particulars, at: datetime) -> Refusal | None:
    return documents.must_agree_with_base_data(
        document=ShownDocument(look.document_kind, look.number),
        holder=Applicant(entered.applicant_class, entered.born_on, sex=entered.sex),
        on=local_day(at),
    )
