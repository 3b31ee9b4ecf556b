"""People whose cards are to be made, for tests of the factory and of the counter's printer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from stdnum.cn import ric

from onecard.actions._stepping import keep_step
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.documents import DocumentKind
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionState, holder_of
from onecard.records.models import Application, Document, Outlet, Person
from onecard.seams.world import world
from tests import cast
from tests.staff import an_outlet

OTHER_CLERK = Actor(Role.OUTLET_CLERK, "stf_other", Channel.SERVICE_OUTLET, outlet="out_wujin")


@contextmanager
def partners_of_software() -> Iterator[SimulatedPartners]:
    """Simulated partners in memory, on the world's clock."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def now() -> datetime:
    """The world's present instant."""
    return world().clock.now()


def a_number(sequence: int) -> str:
    """A resident identity number of somebody born on 1 January 1990."""
    stem = f"32049919900101{sequence:03d}"
    return stem + ric.calc_check_digit(stem + "0")


def a_person(sequence: int = 2, name: str = "王芳") -> Person:
    """A mainland resident whom the archive knows."""
    number, custody = a_number(sequence), world().custody
    return Person.objects.create(
        ref=world().ids.new("per"),
        applicant_class=ApplicantClass.MAINLAND,
        sex=Sex.FEMALE,
        identity_number=number,
        identity_index=custody.blind_index("identity", number),
        name=name,
        born_on="1990-01-01",
        phone="13800138000",
        created_at=now(),
    )


def an_accepted(
    person: Person,
    *,
    bank: str = "icbc",
    mode: MakingMode = MakingMode.FACTORY,
    collection: Collection = Collection.OUTLET,
    phone: str = "13800138000",
    outlet: Outlet | None = None,
) -> Application:
    """An application accepted at an outlet just now, with a promise of seven working days."""
    place = outlet or an_outlet()
    state = ProductionState.ACCEPTED
    application = Application.objects.create(
        ref=world().ids.new("app"),
        number=f"2603{person.identity_number[14:17]}{Application.objects.count():08d}",
        person=person,
        kind=ApplicationKind.FIRST,
        channel=Channel.SERVICE_OUTLET,
        making_mode=mode,
        collection=collection,
        state=state,
        bank=bank,
        outlet=place,
        collect_at=None if collection is Collection.POST else place,
        applied_by=AppliedBy.HOLDER,
        key_information={
            "document_valid_to": "2036-01-01",
            "phone": phone,
            "address": "天宁区局前街1号",
            "occupation": "30",
            "nationality": "CHN",
        },
        document=_document(person),
        policy_version="test",
        submitted_at=now(),
        accepted_at=now(),
        promised_on=date(2026, 3, 11),
        limit_on=date(2026, 4, 14),
        holder_of_the_moment=holder_of(state=state, mode=mode, bank=bank),
        state_since=now(),
    )
    keep_step(application, "accept", before="submitted", by=THE_CLOCK, at=now())
    return application


def _document(person: Person) -> Document:
    number = person.identity_number
    return Document.objects.create(
        ref=world().ids.new("doc"),
        person=person,
        kind=DocumentKind.RESIDENT_ID,
        number=number,
        number_index=world().custody.blind_index("document", number),
        valid_to=date(2036, 1, 1),
        seen_at=cast.MONDAY_9AM,
    )


def again(application: Application) -> Application:
    """The row as it stands in the archive now."""
    return Application.objects.get(ref=application.ref)
