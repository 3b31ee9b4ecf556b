"""Who brings what: holder, agent, guardian, employer's agent (rule book 3.2)."""

from dataclasses import replace
from datetime import date

import pytest

from onecard import policy
from onecard.domain import documents
from onecard.domain.documents import (
    Applicant,
    DocumentKind,
    DocumentPolicy,
    EmployerPaper,
    ShownDocument,
)
from onecard.domain.person import ApplicantClass
from onecard.domain.refusal import FixKind
from tests import cast

OWN = ShownDocument(DocumentKind.RESIDENT_ID, cast.ADULT)
AGENT = ShownDocument(DocumentKind.RESIDENT_ID, cast.ADULT_MAN)
HOLDER = Applicant(ApplicantClass.MAINLAND, date(1990, 1, 1))
COPY = {"original": False}


@pytest.fixture
def figures() -> DocumentPolicy:
    return policy.in_force("documents", DocumentPolicy, on=cast.MONDAY)


@pytest.mark.rule("SEED, FAQ 3 (1); rule book 27, A13")
@pytest.mark.parametrize(
    ("own", "agent", "code"),
    [
        (OWN, AGENT, None),
        (None, AGENT, "authority.holder_original_missing"),
        (replace(OWN, original=False), AGENT, "authority.holder_original_missing"),
        (OWN, None, "authority.agent_original_missing"),
        (OWN, replace(AGENT, original=False), "authority.agent_original_missing"),
        (None, None, "authority.agent_original_missing"),
        (OWN, replace(AGENT, valid_to=date(2026, 3, 1)), "documents.expired"),
        (replace(OWN, valid_to=date(2026, 3, 1)), AGENT, "documents.expired"),
    ],
)
def test_an_agent_brings_both_originals(
    own: ShownDocument | None,
    agent: ShownDocument | None,
    code: str | None,
    figures: DocumentPolicy,
) -> None:
    """代办须携带双方证件原件。"""
    refusal = documents.must_show_both(
        own=own, agent=agent, holder=HOLDER, on=cast.MONDAY, figures=figures
    )
    assert (refusal and refusal.code) == code
    if refusal and code != "documents.expired":
        assert refusal.fix is not None
        assert refusal.fix.kind is FixKind.BRING


def test_a_city_that_asks_for_the_agents_document_only_says_so_in_its_figures(
    figures: DocumentPolicy,
) -> None:
    lenient = replace(figures, agent_originals_of=("agent",))
    alone = documents.must_show_both(
        own=None, agent=AGENT, holder=HOLDER, on=cast.MONDAY, figures=lenient
    )
    assert alone is None
    no_agent = replace(figures, agent_originals_of=("holder",))
    assert documents.must_show_agents(agent=None, on=cast.MONDAY, figures=no_agent) is None


@pytest.mark.rule("SEED, FAQ 3 (1)")
def test_whoever_comes_in_person_brings_the_own_original(figures: DocumentPolicy) -> None:
    """本人携带证件原件。"""
    missing = documents.must_show_own(own=None, holder=HOLDER, on=cast.MONDAY, figures=figures)
    assert missing is not None
    assert missing.code == "documents.not_original"
    assert not documents.must_show_own(own=OWN, holder=HOLDER, on=cast.MONDAY, figures=figures)


@pytest.mark.rule("SEED, FAQ 3 (2)")
@pytest.mark.parametrize(
    ("paper", "original", "code"),
    [
        (EmployerPaper.CREDIT_CODE_CERTIFICATE, True, None),
        (EmployerPaper.AUTHORISATION_LETTER, True, None),
        (None, True, "authority.employer_paper_missing"),
        (EmployerPaper.CREDIT_CODE_CERTIFICATE, False, "documents.not_original"),
    ],
)
def test_one_paper_of_the_employer_is_enough_and_a_copy_is_none(
    *, paper: EmployerPaper | None, original: bool, code: str | None, figures: DocumentPolicy
) -> None:
    """信用代码证或授权委托书，任选其一。"""
    refusal = documents.must_show_employer_paper(paper=paper, original=original, figures=figures)
    assert (refusal and refusal.code) == code


@pytest.mark.rule("SEED, FAQ 3 (2); rule book 27, A13")
def test_an_employers_agent_brings_the_own_original(figures: DocumentPolicy) -> None:
    """单位经办人须带本人证件原件。"""

    def answer(agent: ShownDocument | None) -> str | None:
        refusal = documents.must_show_employers_agent(agent=agent, on=cast.MONDAY, figures=figures)
        return refusal and refusal.code

    assert answer(AGENT) is None
    assert answer(None) == "authority.agent_original_missing"
    assert answer(replace(AGENT, original=False)) == "documents.not_original"
