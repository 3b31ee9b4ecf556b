"""The people of these tests, what they answer, and the ways they come in by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from onecard.actions import application, person, sign_in
from onecard.actions.application import (
    AgentShown,
    ApplicationReceipt,
    CounterCase,
    CounterLook,
    EmployerPapers,
    PreparedPerson,
)
from onecard.adapters.hr_database import BasePerson, ProvincialCard
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.partners import partners
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import AppliedBy
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.documents import DocumentKind, EmployerPaper
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import Refused
from onecard.domain.stock import OutletKind
from onecard.records.models import Employer, Outlet
from onecard.seams.world import world
from tests import applying, cast

CLERK = cast.CLERK
EMPLOYER_AGENT = Actor(Role.EMPLOYER_AGENT, "stf_unit", Channel.EMPLOYER, employer="emp_works")
OPERATOR = cast.OPERATOR
REDIRECT = "http://127.0.0.1:8000/sign-in/back"


def resident(
    number: str, name: str, born_on: date, *, issued: bool = True, **facts: Any
) -> Resident:
    """Somebody the province knows."""
    base = BasePerson(
        identity_number=number,
        person_number=f"32{number[6:17]}",
        name=name,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        born_on=born_on,
        applicant_class=ApplicantClass.MAINLAND,
        nationality="CHN",
        id_card_issued=issued,
        document_valid_to=date(2036, 1, 1),
        deceased=False,
    )
    return Resident(base, **facts)


OLDER_CARD = ProvincialCard(
    "W00000001", 2, "icbc", "changzhou", HrState.NORMAL, date(2017, 5, 1), date(2027, 5, 1)
)
CARD_OF_SUZHOU = replace(OLDER_CARD, card_number="E00000001", city="suzhou")

WOMAN = resident(cast.ADULT, "王芳", date(1990, 1, 1))
MAN = resident(cast.ADULT_MAN, "李强", date(1990, 1, 1))
CHILD = resident(cast.CHILD_BORN_2018_06_22, "王小明", date(2018, 6, 22), issued=False)
INFANT = resident(cast.LEAP_DAY_CHILD, "李小雨", date(2020, 2, 29), issued=False)
HOLDER = resident("320499198503030012", "张华", date(1985, 3, 3), cards=(OLDER_CARD,))
RESIDENTS = (WOMAN, MAN, CHILD, INFANT, HOLDER)


def refused(code: str) -> Any:
    """The block is refused with this code first."""
    return pytest.raises(Refused, match=f"^{code}(, .*)?$")


def open_places() -> None:
    """Two outlets and an employer."""
    for ref, name in (("out_tianning", "天宁服务网点"), ("out_zhonglou", "钟楼服务网点")):
        Outlet.objects.create(ref=ref, kind=OutletKind.SERVICE, name=name)
    Employer.objects.create(
        ref="emp_works", credit_code="91320499MA1XX0000N", name="常州测试机械厂"
    )


def now() -> datetime:
    """The instant of the world in force."""
    return world().clock.now()


def signed_in(who: Resident) -> Actor:
    """Through the real-name service and back."""
    started = sign_in.begin(redirect_uri=REDIRECT)
    played = partners()
    assert isinstance(played, SimulatedPartners)
    query = dict(parse_qsl(urlsplit(started.url).query))
    back = played.simulation.real_name.approve(query, who.person.identity_number)
    answer = dict(parse_qsl(urlsplit(back).query))
    assert answer["state"] == started.state
    found = sign_in.prove_citizen(
        code=answer["code"],
        code_verifier=started.code_verifier,
        redirect_uri=REDIRECT,
        nonce=started.nonce,
        actor=sign_in.STRANGER,
        at=now(),
    )
    return Actor(Role.CITIZEN, found.person, Channel.PORTAL)


def applied_online(who: Resident, **answers: Any) -> ApplicationReceipt:
    """Sign in, fetch, submit."""
    citizen = signed_in(who)
    application.fetch_base_data(actor=citizen, at=now())
    return application.apply_online(
        answers=replace(applying.BY_POST, **answers), actor=citizen, at=now()
    )


def at_desk(who: Resident, kind: DocumentKind = DocumentKind.RESIDENT_ID) -> str:
    """Found at the counter by the document on the desk."""
    look = CounterLook(kind, who.person.identity_number, who.person.name)
    return person.find_at_counter(look=look, actor=CLERK, at=now()).person


def case_of(who: Resident, **changes: Any) -> CounterCase:
    """The holder in person with the original."""
    shown = replace(applying.OWN, number=who.person.identity_number, name=who.person.name)
    case = CounterCase(
        person=at_desk(who),
        applied_by=AppliedBy.HOLDER,
        answers=applying.ANSWERS,
        document=shown,
    )
    return replace(case, **changes)


def accepted_at_counter(who: Resident, **changes: Any) -> ApplicationReceipt:
    """Taken across the counter."""
    case = case_of(who, **changes)
    return application.accept_at_counter(case=case, actor=CLERK, at=now())


def prepared(who: Resident, **changes: Any) -> ApplicationReceipt:
    """Put on the employer's list by its agent."""
    look = CounterLook(DocumentKind.RESIDENT_ID, who.person.identity_number, who.person.name)
    row = replace(PreparedPerson(look=look, answers=applying.ANSWERS), **changes)
    return application.prepare_for_employer(prepared=row, actor=EMPLOYER_AGENT, at=now())


def unit_papers(**changes: Any) -> EmployerPapers:
    """What the employer's agent lays on the desk."""
    papers = EmployerPapers(
        employer="emp_works",
        paper=EmployerPaper.AUTHORISATION_LETTER,
        paper_original=True,
        agent=AgentShown("李强", applying.AGENTS),
    )
    return replace(papers, **changes)
