"""What the tests of applying begin with: an applicant to whom nobody could say no, in each door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from onecard import policy
from onecard.domain.application import (
    Answers,
    ApplicationPolicy,
    AppliedBy,
    Asked,
    Collection,
    Figures,
    Guardian,
    Papers,
)
from onecard.domain.authority import Channel
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import (
    Applicant,
    DocumentKind,
    DocumentPolicy,
    EmployerPaper,
    ShownDocument,
)
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.photo import PhotoPolicy
from tests import cast

ANSWERS = Answers(
    bank="icbc",
    document_valid_to=date(2036, 1, 1),
    phone="13800138000",
    address="江苏省常州市天宁区延陵西路1号",
    occupation="23",
    nationality="CHN",
)
BY_POST = replace(ANSWERS, post_to="江苏省常州市天宁区延陵西路1号201室", postage_understood=True)
WOMAN = Applicant(
    ApplicantClass.MAINLAND,
    date(1990, 1, 1),
    id_card_issued=True,
    name="王芳",
    identity_number=cast.ADULT,
    sex=Sex.FEMALE,
)
CHILD = Applicant(
    ApplicantClass.MAINLAND,
    date(2018, 6, 22),
    name="王小明",
    identity_number=cast.CHILD_BORN_2018_06_22,
    sex=Sex.MALE,
)
OWN = ShownDocument(DocumentKind.RESIDENT_ID, cast.ADULT, valid_to=date(2036, 1, 1), name="王芳")
AGENTS = ShownDocument(DocumentKind.RESIDENT_ID, cast.ADULT_MAN, valid_to=date(2036, 1, 1))
MOTHER = Guardian("王芳", DocumentKind.RESIDENT_ID, cast.ADULT, "母亲")
REGISTER = ShownDocument(DocumentKind.HOUSEHOLD_REGISTER, cast.CHILD_BORN_2018_06_22, name="王小明")


def figures(on: date = cast.MONDAY) -> Figures:
    """The figures of Changzhou."""
    return Figures(
        application=policy.in_force("application", ApplicationPolicy, on=on),
        channels=policy.in_force("channels", ChannelPolicy, on=on),
        contacts=policy.in_force("contacts", Contacts, on=on),
        documents=policy.in_force("documents", DocumentPolicy, on=on),
        photo=policy.in_force("photo", PhotoPolicy, on=on),
    )


def at_counter(**changes: Any) -> Asked:
    """The holder in person, at a service outlet."""
    asked = Asked(
        channel=Channel.SERVICE_OUTLET,
        applied_by=AppliedBy.HOLDER,
        applicant=WOMAN,
        answers=ANSWERS,
        papers=Papers(own=OWN),
        photo=True,
        collect_at="out_tianning",
    )
    return replace(asked, **changes)


def online(**changes: Any) -> Asked:
    """The holder, signed in by the real-name service."""
    proven = replace(OWN, original=False, real_name_proven=True)
    asked = at_counter(
        channel=Channel.PORTAL,
        answers=BY_POST,
        papers=Papers(own=proven),
        collection=Collection.POST,
        collect_at="",
    )
    return replace(asked, **changes)


def by_agent(**changes: Any) -> Asked:
    """Somebody else with both originals."""
    asked = at_counter(applied_by=AppliedBy.AGENT, papers=Papers(own=OWN, agent=AGENTS))
    return replace(asked, **changes)


def of_child(**changes: Any) -> Asked:
    """A guardian with the household register of a child of seven."""
    asked = at_counter(
        applied_by=AppliedBy.GUARDIAN,
        applicant=CHILD,
        papers=Papers(own=REGISTER, agent=OWN),
        guardian=MOTHER,
        answers=replace(
            ANSWERS, occupation="91", document_valid_to=None, document_without_end=True
        ),
    )
    return replace(asked, **changes)


def by_employer(**changes: Any) -> Asked:
    """An employer's agent with the credit-code certificate and the own document."""
    papers = Papers(
        agent=AGENTS,
        employer_paper=EmployerPaper.CREDIT_CODE_CERTIFICATE,
        employer_paper_original=True,
    )
    asked = at_counter(
        channel=Channel.EMPLOYER,
        applied_by=AppliedBy.EMPLOYER,
        papers=papers,
        collection=Collection.EMPLOYER,
        collect_at="",
    )
    return replace(asked, **changes)
