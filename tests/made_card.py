"""A person with an application and a card, put into the archive as production leaves them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionState, holder_of
from onecard.domain.stock import OutletKind
from onecard.records.models import Application, Card, Employer, Outlet, Person
from onecard.seams.clock import SetClock
from onecard.seams.world import world
from tests import cast

CARD_NUMBER = "B12345678"
OLD_NUMBER = "A98765432"
AGENT_NUMBER = cast.ADULT_MAN
ADDRESS = "江苏省常州市天宁区文化宫1号"


def clock() -> SetClock:
    """The clock of the test's world, which can be moved."""
    moving = world().clock
    assert isinstance(moving, SetClock)
    return moving


def index(purpose: str, value: str) -> str:
    """As the archive finds it."""
    return world().custody.blind_index(purpose, value)


def a_person(number: str = cast.ADULT, **more: Any) -> Person:
    """王芳, with a telephone."""
    columns = {
        "name": "王芳",
        "phone": "13912345678",
        "address": ADDRESS,
        "born_on": "1990-01-01",
        "sex": Sex.FEMALE,
    } | more
    return Person.objects.create(
        ref=world().ids.new("per"),
        applicant_class=ApplicantClass.MAINLAND,
        identity_number=number,
        identity_index=index("identity", number),
        created_at=cast.MONDAY_9AM,
        **columns,
    )


def an_outlet(ref: str = "out_tianning", *, bank: str = "", name: str = "天宁服务网点") -> Outlet:
    """An outlet that serves people."""
    kind = OutletKind.BANK if bank else OutletKind.SERVICE
    made, _ = Outlet.objects.get_or_create(
        ref=ref, defaults={"kind": kind, "name": name, "name_en": "Tianning outlet", "bank": bank}
    )
    return made


def an_employer(ref: str = "emp_a", code: str = "91320400123456789A") -> Employer:
    """An employer."""
    return Employer.objects.create(ref=ref, credit_code=code, name="常州示例机械有限公司")


def an_application(person: Person, **more: Any) -> Application:
    """Applied for online, to be posted, just made."""
    columns: dict[str, Any] = {
        "kind": ApplicationKind.FIRST,
        "channel": Channel.PORTAL,
        "making_mode": MakingMode.FACTORY,
        "collection": Collection.POST,
        "state": ProductionState.MADE,
        "bank": "jnrcb",
        "applied_by": AppliedBy.HOLDER,
        "key_information": {"post_to": ADDRESS, "phone": "13912345678"},
    } | more
    holder = holder_of(state=columns["state"], mode=columns["making_mode"], bank=columns["bank"])
    columns.setdefault("holder_of_the_moment", holder)
    return Application.objects.create(
        ref=world().ids.new("app"),
        number=str(260302000000000 + Application.objects.count()),
        person=person,
        policy_version="-",
        submitted_at=cast.MONDAY_9AM,
        state_since=cast.MONDAY_9AM,
        **columns,
    )


def a_card(person: Person, application: Application | None, **more: Any) -> Card:
    """Sealed, with an account at the bank."""
    columns = {
        "ref": world().ids.new("crd"),
        "card_number": CARD_NUMBER,
        "card_identifier": "0123456789ABCDEF0123456789ABCDEF",
        "hr_state": HrState.SEALED,
        "financial_state": FinancialState.OPENED,
        "bank": "jnrcb",
        "issued_on": date(2026, 3, 2),
        "valid_to": date(2036, 3, 2),
    } | more
    return Card.objects.create(
        person=person,
        application=application,
        card_number_index=index("card_number", str(columns["card_number"])),
        card_identifier_index=index("card_identifier", str(columns["card_identifier"])),
        **columns,
    )


def posted_card(**more: Any) -> tuple[Person, Application, Card]:
    """Somebody whose card is made and is to be posted."""
    person = a_person()
    application = an_application(person, **more)
    return person, application, a_card(person, application)


def card_at_outlet(**more: Any) -> tuple[Person, Application, Card]:
    """Somebody whose card lies at the clerk's outlet."""
    columns = {
        "channel": Channel.SERVICE_OUTLET,
        "collection": Collection.OUTLET,
        "state": ProductionState.AT_OUTLET,
        "collect_at": an_outlet(),
    } | more
    return posted_card(**columns)


def a_predecessor(person: Person, state: HrState, *, ends_at: datetime | None = None) -> Card:
    """The card the person had before."""
    return a_card(
        person,
        None,
        card_number=OLD_NUMBER,
        card_identifier="F" * 32,
        hr_state=state,
        loss_ends_at=ends_at,
        issued_on=date(2020, 3, 2),
        valid_to=date(2030, 3, 2),
    )


def as_citizen(person: Person) -> Actor:
    """The person, signed in at the portal."""
    return Actor(Role.CITIZEN, person.ref, Channel.PORTAL)


def own_document(number: str = cast.ADULT, name: str = "王芳") -> ShownDocument:
    """An identity card in date, the original."""
    return ShownDocument(
        DocumentKind.RESIDENT_ID, number, date(2020, 1, 1), date(2040, 1, 1), name=name
    )
