"""People, applications and cards around a photo, for the tests of the photo room."""

from __future__ import annotations

from datetime import date

from onecard.actions import photo
from onecard.actions.photo import PhotoReceipt
from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.photo import Intake, PhotoSource
from onecard.domain.production import ProductionState
from onecard.records.models import Application, Card, Employer, Person, Photo
from onecard.seams.world import world
from tests import cast, pictures

EMPLOYER = Actor(Role.EMPLOYER_AGENT, "stf_employer", Channel.EMPLOYER, employer="emp_tianning")


def a_person(number: str = cast.ADULT) -> Person:
    """A person as the archive keeps one."""
    return Person.objects.create(
        ref=world().ids.new("per"),
        applicant_class=ApplicantClass.MAINLAND,
        sex=Sex.FEMALE,
        identity_number=number,
        identity_index=world().custody.blind_index("identity", number),
        name="王芳",
        born_on="1990-01-01",
        created_at=world().clock.now(),
    )


def kept(
    person: str | None = None,
    content: bytes | None = None,
    *,
    source: PhotoSource = PhotoSource.COUNTER,
    intake: Intake = Intake.WITH_FIXER,
    actor: Actor = cast.CLERK,
) -> PhotoReceipt:
    """A photo kept now; a good one unless another is given."""
    return photo.keep_photo(
        person=person,
        content=pictures.jpeg() if content is None else content,
        source=source,
        intake=intake,
        actor=actor,
        at=world().clock.now(),
    )


def on_the_list(person: Person) -> None:
    """Somebody whom the employer has put on its list."""
    Employer.objects.get_or_create(
        ref=EMPLOYER.employer, defaults={"credit_code": "91320499MA1XX0000N", "name": "某公司"}
    )
    listed = an_application(person, kept(person.ref).ref)
    Application.objects.filter(ref=listed.ref).update(employer=EMPLOYER.employer)


def an_application(
    person: Person, ref: str, state: ProductionState = ProductionState.ACCEPTED
) -> Application:
    """An application with this photo."""
    return Application.objects.create(
        ref=world().ids.new("app"),
        number=world().ids.new("n")[-12:],
        person=person,
        kind=ApplicationKind.FIRST,
        channel=Channel.SERVICE_OUTLET,
        making_mode=MakingMode.FACTORY,
        collection=Collection.OUTLET,
        state=state,
        bank="icbc",
        applied_by=AppliedBy.HOLDER,
        photo=Photo.objects.filter(ref=ref).first(),
        policy_version="-",
        submitted_at=world().clock.now(),
        state_since=world().clock.now(),
    )


def a_card(application: Application, issued_on: date) -> Card:
    """The card that was made of it."""
    return Card.objects.create(
        ref=world().ids.new("crd"),
        person=application.person,
        application=application,
        bank="icbc",
        card_number="A00000001",
        card_number_index=world().custody.blind_index("card_number", application.ref),
        issued_on=issued_on,
        valid_to=date(2036, 3, 1),
    )
