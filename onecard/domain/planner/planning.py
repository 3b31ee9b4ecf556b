"""最少跑一次: the shortest order of visits, with papers, reasons, days, and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from onecard.domain.authority import Channel
from onecard.domain.planner.asking import may_do
from onecard.domain.planner.doing import SPENDABLE, after
from onecard.domain.planner.kinds import (
    Act,
    Case,
    Place,
    Plan,
    PlannedAct,
    PlannerFigures,
    Situation,
    Visit,
    Wish,
)
from onecard.domain.planner.searching import AT_HOME, Done, places, shortest
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.transit_purse import TransitState

_AIMS = {
    Wish.REPLACE: (Act.APPLY_REPLACEMENT,),
    Wish.EXCHANGE: (Act.APPLY_EXCHANGE,),
    Wish.CANCEL: (Act.CANCEL,),
    Wish.USE: (Act.ENABLE, Act.ACTIVATE),
}
_ELSEWHERE = "application.channel_not_open"
_CARD_ONLY = frozenset({Act.FINISH_TOPUP, Act.REFUND})
_WITH_OLD_CARD = frozenset(
    {Act.APPLY_EXCHANGE, Act.CANCEL, Act.CLOSE_ACCOUNT, Act.WITHDRAW_LOSS, *_CARD_ONLY}
)
_APPLYING = frozenset({Act.APPLY_EXCHANGE, Act.APPLY_REPLACEMENT})


def plan(*, start: Situation, case: Case, figures: PlannerFigures) -> Plan:
    """The shortest way from how things stand to the wish.

    No visits without a refusal: everything is done already, or can be done at home.
    """
    done = shortest(start=start, case=case, figures=figures)
    if done is None:
        return Plan((), refusal=_why_not(start, case, figures))
    visits = tuple(_visits(done, start, case, figures))
    return Plan(visits, warnings=tuple(_warnings(done, visits, start, case, figures)))


def _why_not(start: Situation, case: Case, figures: PlannerFigures) -> Refusal:
    """What the rules say to the act that is wished for, where it is done at all."""
    told = (
        may_do(act=act, at=place, now=start, case=case, figures=figures)
        for act in _AIMS[case.wish]
        for place in places(case)[1:]
    )
    rules = (no for no in told if no and no.room != "planner" and no.code != _ELSEWHERE)
    return next(rules, Refusal("planner.no_way"))


def _visits(done: Done, start: Situation, case: Case, figures: PlannerFigures) -> Iterator[Visit]:
    """One visit for each run of acts at one place, on the first day on which it can be."""
    day = case.made_on if start.making else case.today
    reasons = _reasons(done, start, case, figures)
    told = list(zip(done, reasons, _situations(done, start, case), strict=True))
    for (place, waits), group in groupby(told, key=lambda one: (one[0][1], one[0][0] is Act.WAIT)):
        if waits:
            day = case.made_on
            continue
        acts = tuple(
            PlannedAct(act, _papers(act, at, now, case), because)
            for (act, at), because, now in group
        )
        yield Visit(place, acts, day)


def _situations(done: Done, start: Situation, case: Case) -> Iterator[Situation]:
    """How things stand before each act."""
    now = start
    for act, place in done:
        yield now
        now = after(act=act, at=place, now=now, case=case)


def _reasons(
    done: Done, start: Situation, case: Case, figures: PlannerFigures
) -> tuple[Refusal | None, ...]:
    """For each act the no that a later one would get without it."""
    return tuple(
        _first_no((*done[:place], *done[place + 1 :]), start, case, figures)
        for place in range(len(done))
    )


def _first_no(done: Done, start: Situation, case: Case, figures: PlannerFigures) -> Refusal | None:
    now = start
    for act, place in done:
        no = may_do(act=act, at=place, now=now, case=case, figures=figures)
        if no is not None:
            return None if no.room == "planner" else no
        now = after(act=act, at=place, now=now, case=case)
    return None


def _papers(act: Act, at: Place, now: Situation, case: Case) -> tuple[str, ...]:
    """What to bring for an act, as words of `planner.paper`; at home nothing is shown."""
    if at.channel is Channel.PORTAL:
        return ()
    papers = [] if act in _CARD_ONLY else ["own"]
    if case.guardian_needed and act not in _CARD_ONLY:
        papers.append("guardian")
    if act in _APPLYING and case.photo_needed:
        papers.append("photo")
    replaced = act is Act.ENABLE and now.successor is not None
    if now.in_hand and (act in _WITH_OLD_CARD or replaced):
        papers.append("old_card")
    if (act is Act.ENABLE and now.posted) or act is Act.ACTIVATE:
        papers.append("new_card" if now.successor is not None else "old_card")
    return tuple(dict.fromkeys(papers))


def _warnings(
    done: Done,
    visits: tuple[Visit, ...],
    start: Situation,
    case: Case,
    figures: PlannerFigures,
) -> Iterator[Notice]:
    yield from _about_document(visits, case)
    acts = dict(done)
    applied = next((acts[act] for act in _APPLYING if act in acts), None)
    fetched = acts.get(Act.ENABLE)
    if applied and fetched and applied.is_visit and fetched not in (applied, AT_HOME):
        yield Notice("planner.choose_collection", {"channel": _place_word(fetched)})
    place = acts.get(Act.REPORT_LOSS)
    one_side = place is not None and place.towards(case.bank) is not Channel.CARD_FACE_BANK
    if one_side and start.financial in SPENDABLE:
        bank = figures.contacts.bank(case.bank)
        facts = {"bank": bank.name, "hotline": bank.hotline} if bank else {"bank": case.bank}
        yield Notice("planner.bank_side_open", facts)
    if not start.in_hand and start.transit is TransitState.OPEN:
        yield Notice("planner.purse_lost")
    if start.benefits and _APPLYING & set(acts):
        yield Notice("planner.benefits_may_bounce")


def _place_word(place: Place) -> str:
    return f"@channels.channel.{place.channel.value}"


def _about_document(visits: tuple[Visit, ...], case: Case) -> Iterator[Notice]:
    """证件在办理前到期: a document that will have expired by the day it is needed."""
    ends = case.document_valid_to
    days = [visit.on for visit in visits if any("own" in act.papers for act in visit.acts)]
    late = [day for day in days if ends is not None and day > ends]
    if ends is None or not late:
        return
    gone = ends < case.today
    code = "planner.document_expired" if gone else "planner.document_expires"
    yield Notice(code, {"day": ends, "needed_on": late[0]})
