"""谁带什么来: the originals of holder, agent and employer on the desk (rule book 3.2).

Applying, collecting, reporting a loss: whoever acts for somebody else brings both originals.
"""

from __future__ import annotations

from datetime import date

from onecard.domain.documents.kinds import Applicant, DocumentPolicy, EmployerPaper, ShownDocument
from onecard.domain.documents.rules import may_use, must_be_original
from onecard.domain.person import AgePolicy, age_on
from onecard.domain.refusal import Fix, FixKind, Refusal, first


def must_show_own(
    *, own: ShownDocument | None, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """本人携带有效身份证件原件 (SEED, question 3)."""
    if own is None:
        return bring("documents.not_original", "own_original")
    return may_use(document=own, holder=holder, on=on, figures=figures)


def must_show_agents(
    *, agent: ShownDocument | None, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """The agent's (guardian's, employer's agent's) own document, original, judged by itself."""
    if "agent" not in figures.agent_originals_of and agent is None:
        return None
    if agent is None or must_be_original(document=agent, figures=figures):
        return bring("authority.agent_original_missing", "agent_original")
    return may_use(document=agent, holder=None, on=on, figures=figures)


def must_show_holders(
    *, own: ShownDocument | None, holder: Applicant, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """The holder's document, original, in the hands of an agent, judged like any other."""
    if "holder" not in figures.agent_originals_of and own is None:
        return None
    if own is None or must_be_original(document=own, figures=figures):
        return bring("authority.holder_original_missing", "holder_original")
    return may_use(document=own, holder=holder, on=on, figures=figures)


def must_show_both(
    *,
    own: ShownDocument | None,
    agent: ShownDocument | None,
    holder: Applicant,
    on: date,
    figures: DocumentPolicy,
) -> Refusal | None:
    """代办需携带双方有效身份证件原件 (SEED, question 3)."""
    return first(
        lambda: must_show_agents(agent=agent, on=on, figures=figures),
        lambda: must_show_holders(own=own, holder=holder, on=on, figures=figures),
    )


def must_show_employers_agent(
    *, agent: ShownDocument | None, on: date, figures: DocumentPolicy
) -> Refusal | None:
    """以及代理人有效身份证件原件: without one nothing goes; a copy is told as a copy (A13)."""
    if agent is None:
        return bring("authority.agent_original_missing", "agent_original")
    return may_use(document=agent, holder=None, on=on, figures=figures)


def must_show_employer_paper(
    *, paper: EmployerPaper | None, original: bool, figures: DocumentPolicy
) -> Refusal | None:
    """法人社会信用代码证或申请单位授权委托书: 「或」 is an or; a copy is none (SEED, Q3)."""
    if paper not in figures.employer_papers:
        return bring("authority.employer_paper_missing", "employer_paper")
    return None if original else bring("documents.not_original", "employer_paper")


def must_come_in_person(
    *, agent: ShownDocument | None, holder: Applicant, below_age: int, on: date, figures: AgePolicy
) -> Refusal | None:
    """须本人办理: nobody acts for the holder but a guardian for a child below that age."""
    if agent is None or age_on(holder.born_on, on, figures) < below_age:
        return None
    return Refusal("authority.in_person_only", fix=Fix(FixKind.ASK_PERSON, {"who": "holder"}))


def bring(code: str, what: str) -> Refusal:
    """A refusal that ends once `what` is brought along."""
    return Refusal(code, field=what, fix=Fix(FixKind.BRING, {"what": what}))
