"""谁带什么来: the person proven, the agent's and the employer's papers (8.1, rows 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onecard.domain import documents
from onecard.domain.application.asked import Asked, Figures, Papers
from onecard.domain.application.kinds import AppliedBy
from onecard.domain.authority import Channel
from onecard.domain.documents import DocumentPolicy, ShownDocument
from onecard.domain.refusal import Fix, FixKind, Refusal


def proven(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    """Rows 1 and 2 for whoever stands before us."""
    if asked.channel is Channel.PORTAL:
        yield from _proven_online(asked, on, figures)
    elif asked.applied_by is AppliedBy.EMPLOYER:
        yield from employer_papers(asked.papers, on, figures.documents)
    elif asked.applied_by is AppliedBy.HOLDER:
        yield documents.must_show_own(
            own=asked.papers.own, holder=asked.applicant, on=on, figures=figures.documents
        )
    else:
        yield documents.must_show_agents(agent=asked.papers.agent, on=on, figures=figures.documents)
        yield must_show_letter(papers=asked.papers, asked=asked, figures=figures)
        yield documents.must_show_holders(
            own=asked.papers.own, holder=asked.applicant, on=on, figures=figures.documents
        )


def must_be_proven_online(*, own: ShownDocument | None) -> Refusal | None:
    """完成实名认证后: online the real-name service stands for the original (SEED, question 6)."""
    if own is not None and own.real_name_proven:
        return None
    return Refusal("application.identity_not_proven", fix=Fix(FixKind.DO_FIRST, {"act": "sign_in"}))


def must_show_letter(*, papers: Papers, asked: Asked, figures: Figures) -> Refusal | None:
    """A letter from the holder, only where the city asks an agent for one."""
    needed = figures.application.agent_letter_required and asked.applied_by is AppliedBy.AGENT
    if papers.agent_letter or not needed:
        return None
    return documents.bring("authority.agent_letter_missing", "agent_letter")


def employer_papers(papers: Papers, on: date, figures: DocumentPolicy) -> Iterator[Refusal | None]:
    """单位办理: one of the two papers of the employer, and the agent's own original."""
    yield documents.must_show_employer_paper(
        paper=papers.employer_paper, original=papers.employer_paper_original, figures=figures
    )
    yield documents.must_show_employers_agent(agent=papers.agent, on=on, figures=figures)


def _proven_online(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    own = asked.papers.own
    yield must_be_proven_online(own=own)
    if own is not None:
        yield documents.may_use(
            document=own, holder=asked.applicant, on=on, figures=figures.documents
        )
