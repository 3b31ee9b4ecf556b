"""P2 受理回执: what was accepted, what happens when, and what to bring (platform 6.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import words
from onecard.domain.application import AppliedBy, Collection, MakingMode
from onecard.queries.place import Place
from onecard.queries.slip import AcceptanceSlip
from onecard.seams.clock import LOCAL
from onecard.web.slips.paper import LANGUAGES, Foot, Paper

PAGE = "C4-06"


@dataclass(frozen=True)
class PrintedSlip:
    """The document, and the characters that had to be spelled out for want of a glyph."""

    content: bytes
    missing: tuple[str, ...]


def draw(
    slip: AcceptanceSlip,
    *,
    copy: int,
    printed_at: datetime,
    hotlines: tuple[tuple[str, str], ...],
    large: bool = False,
) -> PrintedSlip:
    """The slip as PDF. `copy` is the number of the reprint, 0 for the first."""
    foot = Foot(
        page_code=PAGE,
        number=slip.number,
        grouped_number=slip.grouped_number,
        printed_at=printed_at,
        operator=slip.operator,
        version=slip.policy_version,
        hotlines=hotlines,
        copy=copy,
    )
    paper = Paper(foot, "slips.acceptance", slip.outlet.name, large)
    _what(paper, slip)
    _whose(paper, slip)
    _when(paper, slip)
    _next(paper, slip)
    return PrintedSlip(paper.output(), tuple(sorted(paper.missing)))


def _what(paper: Paper, slip: AcceptanceSlip) -> None:
    paper.fact("slips.acceptance.number", slip.grouped_number)
    paper.fact("slips.acceptance.kind", _both(f"application.kind.{slip.kind.value}"))
    if slip.accepted_at:
        local = slip.accepted_at.astimezone(LOCAL)
        paper.fact("slips.acceptance.accepted_at", f"{local:%Y-%m-%d %H:%M:%S}")
    paper.fact("slips.acceptance.outlet", *_place(slip.outlet))


def _whose(paper: Paper, slip: AcceptanceSlip) -> None:
    paper.heading("slips.acceptance.person")
    paper.fact("slips.acceptance.name", slip.name)
    paper.fact("slips.acceptance.identity_number", slip.identity_number)
    if slip.document_kind:
        paper.fact("slips.acceptance.document", _both(f"documents.kind.{slip.document_kind.value}"))
    if slip.applied_by is not AppliedBy.HOLDER:
        agent = f"{slip.agent_name}  {slip.agent_document}" if slip.agent_name else ""
        by = _both(f"application.applied_by.{slip.applied_by.value}")
        paper.fact("slips.acceptance.applied_by", by, agent)


def _when(paper: Paper, slip: AcceptanceSlip) -> None:
    paper.heading("slips.acceptance.card")
    paper.fact("slips.acceptance.bank", slip.bank.zh, f"{slip.bank.en}  {slip.bank.hotline}")
    paper.fact("slips.acceptance.mode", _both(f"application.making_mode.{slip.making_mode.value}"))
    paper.fact(
        "slips.acceptance.collection", _both(f"application.collection.{slip.collection.value}")
    )
    if slip.collection is Collection.POST:
        paper.fact("slips.acceptance.post_to", slip.post_to)
    elif slip.collect_at and slip.collect_at.ref != slip.outlet.ref:
        paper.fact("slips.acceptance.collect_at", *_place(slip.collect_at))
    if slip.promised_on:
        paper.fact("slips.acceptance.promised_on", f"{slip.promised_on:%Y-%m-%d}")


def _next(paper: Paper, slip: AcceptanceSlip) -> None:
    paper.heading("slips.acceptance.next")
    if slip.making_mode is MakingMode.INSTANT:
        paper.say("slips.acceptance.next_instant")
    else:
        paper.say(f"slips.acceptance.next_{slip.collection.value}")
    paper.say("slips.acceptance.then", bank=(slip.bank.zh, slip.bank.en), hotline=slip.bank.hotline)


def _place(place: Place) -> tuple[str, ...]:
    """The place in both languages, with where and when."""
    return (
        "  ".join(filter(None, (place.name, place.name_en))),
        "  ".join(filter(None, (place.address, place.phone))),
    )


def _both(key: str) -> str:
    return "  ".join(words.text(key, language) for language in LANGUAGES)
