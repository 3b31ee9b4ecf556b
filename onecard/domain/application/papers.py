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
        yield must_show_own(asked=asked, on=on, figures=figures.documents)
    else:
        yield must_show_agents(papers=asked.papers, on=on, figures=figures.documents)
        yield must_show_letter(papers=asked.papers, asked=asked, figures=figures)
        yield must_show_holders(asked=asked, on=on, figures=figures.documents)


def must_be_proven_online(*, own: ShownDocument | None) -> Refusal | None:
    """完成实名认证后: online the real-name service stands for the original (SEED, question 6)."""
    if own is not None and own.real_name_proven:
        return None
    return Refusal("application.identity_not_proven", fix=Fix(FixKind.DO_FIRST, {"act": "sign_in"}))


def must_show_own(*, asked: Asked, on: date, figures: DocumentPolicy) -> Refusal | None:
    """本人携带有效身份证件原件 (SEED, question 3)."""
    own = asked.papers.own
    if own is None:
        return _bring("documents.not_original", "own_original")
    return documents.may_use(document=own, holder=asked.applicant, on=on, figures=figures)


def must_show_holders(*, asked: Asked, on: date, figures: DocumentPolicy) -> Refusal | None:
    """代办需携带双方有效身份证件原件: the holder's, original, judged like any other."""
    own = asked.papers.own
    if own is None or not _stands_for_original(own, figures):
        return _bring("authority.holder_original_missing", "holder_original")
    return documents.may_use(document=own, holder=asked.applicant, on=on, figures=figures)


def must_show_agents(*, papers: Papers, on: date, figures: DocumentPolicy) -> Refusal | None:
    """代办需携带双方有效身份证件原件: the agent's (or the guardian's) own."""
    agent = papers.agent
    if agent is None or not _stands_for_original(agent, figures):
        return _bring("authority.agent_original_missing", "agent_original")
    return documents.may_use(document=agent, holder=None, on=on, figures=figures)


def must_show_letter(*, papers: Papers, asked: Asked, figures: Figures) -> Refusal | None:
    """A letter from the holder, only where the city asks an agent for one."""
    needed = figures.application.agent_letter_required and asked.applied_by is AppliedBy.AGENT
    if papers.agent_letter or not needed:
        return None
    return _bring("authority.agent_letter_missing", "agent_letter")


def employer_papers(papers: Papers, on: date, figures: DocumentPolicy) -> Iterator[Refusal | None]:
    """法人社会信用代码证或申请单位授权委托书, 以及代理人有效身份证件原件: 「或」 is an or."""
    yield must_show_employer_paper(papers=papers, figures=figures)
    agent = papers.agent
    if agent is None:
        yield _bring("authority.agent_original_missing", "agent_original")
        return
    yield documents.may_use(document=agent, holder=None, on=on, figures=figures)


def must_show_employer_paper(*, papers: Papers, figures: DocumentPolicy) -> Refusal | None:
    """Either paper is enough; a copy of it is none."""
    if papers.employer_paper not in figures.employer_papers:
        return _bring("authority.employer_paper_missing", "employer_paper")
    if not papers.employer_paper_original:
        return _bring("documents.not_original", "employer_paper")
    return None


def _proven_online(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    own = asked.papers.own
    yield must_be_proven_online(own=own)
    if own is not None:
        yield documents.may_use(
            document=own, holder=asked.applicant, on=on, figures=figures.documents
        )


def _stands_for_original(shown: ShownDocument, figures: DocumentPolicy) -> bool:
    linked = shown.electronic_certificate and figures.electronic_certificate_replaces_original
    return shown.original or linked


def _bring(code: str, what: str) -> Refusal:
    return Refusal(code, field=what, fix=Fix(FixKind.BRING, {"what": what}))
