"""The ways to a card that are walked online: a first application, a replacement of a lost card.

Both ask the same questions on the same pages; a journey says which ones, under which address, and
what is fetched at its beginning and sent at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from onecard.actions import application, replacement
from onecard.actions.application import ApplicationReceipt, BaseData
from onecard.domain.application import Answers
from onecard.domain.authority import Actor
from onecard.domain.replacement import Confirmation, Replacing
from onecard.web.portal.apply import FIRST_APPLICATION, REPLACEMENT


class Filled(Protocol):
    """What a journey is sent with: the answers given, and the draft they were kept in."""

    @property
    def draft(self) -> str:
        """The draft's id."""
        ...

    @property
    def base_data_right(self) -> bool:
        """Whether the holder said that what is known is right."""
        ...

    def answers(self) -> Answers:
        """The key information as acts take it."""
        ...

    def confirmed(self) -> tuple[Confirmation, ...]:
        """The notices the holder has confirmed."""
        ...


@dataclass(frozen=True)
class Journey:
    """One way: its address, its draft, its questions in order, its acts.

    `words` is the stem of the few words of the check page that differ; `codes` are the page codes
    by the name of the page. `keeps_bank`: the bank of the old card stays, nobody is asked.
    """

    path: str
    purpose: str
    words: str
    questions: tuple[str, ...]
    codes: Mapping[str, str]
    begin: Callable[[Actor, datetime], BaseData]
    send: Callable[[Filled, Actor, datetime], ApplicationReceipt]
    turned_away: str = "/"
    keeps_bank: bool = False
    may_go_elsewhere: bool = False
    notices: tuple[Confirmation, ...] = field(default=())

    def page(self, name: str) -> str:
        """The address of one of its pages."""
        return f"{self.path}/{name}"


def _fetch_first(actor: Actor, at: datetime) -> BaseData:
    return application.fetch_base_data(actor=actor, at=at)


def _send_first(case: Filled, actor: Actor, at: datetime) -> ApplicationReceipt:
    return application.apply_online(answers=case.answers(), draft=case.draft, actor=actor, at=at)


def _fetch_replacement(actor: Actor, at: datetime) -> BaseData:
    return replacement.begin_online(actor=actor, at=at)


def _send_replacement(case: Filled, actor: Actor, at: datetime) -> ApplicationReceipt:
    told = Replacing(confirmed=case.confirmed(), base_data_right=case.base_data_right)
    return replacement.apply_online(
        answers=case.answers(), replacing=told, draft=case.draft, actor=actor, at=at
    )


FIRST = Journey(
    path="/apply",
    purpose=FIRST_APPLICATION,
    words="portal.check_answers",
    questions=("details", "nationality", "bank", "delivery"),
    codes={
        "known": "C1-04",
        "turned_away": "C1-02",
        "details": "C1-05",
        "nationality": "C1-20",
        "bank": "C1-15",
        "delivery": "C1-16",
        "check": "C1-06",
    },
    begin=_fetch_first,
    send=_send_first,
    may_go_elsewhere=True,
)

LOST_CARD = Journey(
    path="/replace",
    purpose=REPLACEMENT,
    words="replace_pages.check",
    questions=("notices", "details", "nationality", "delivery"),
    codes={
        "known": "C1-40",
        "turned_away": "C1-40",
        "notices": "C1-41",
        "details": "C1-42",
        "nationality": "C1-43",
        "delivery": "C1-44",
        "check": "C1-45",
    },
    begin=_fetch_replacement,
    send=_send_replacement,
    turned_away="/lost",
    keeps_bank=True,
    notices=tuple(Confirmation),
)
