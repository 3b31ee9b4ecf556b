"""Parties that remember what they were told, and something that happens to tell them of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from onecard.actions._keeping import ACTS, act, tell
from onecard.actions._message import Message, Undeliverable
from onecard.actions.outbox import relay
from onecard.domain import authority
from onecard.domain.authority import THE_CLOCK, Actor, Role
from onecard.seams.world import world

EXAMPLE = "example.happen"


class Ear:
    """A party that remembers what it was told, or answers as it was told to."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.answers: dict[str, Exception | Undeliverable] = {}

    def __call__(self, message: Message) -> Undeliverable | None:
        """Hear it, unless there is an answer for its subject."""
        answer = self.answers.get(message.subject)
        if isinstance(answer, Exception):
            raise answer
        self.heard.append(message)
        return answer


@act(EXAMPLE)
def happen(*, subject: str, parties: tuple[str, ...], actor: Actor, at: datetime) -> int:  # noqa: ARG001
    """Something happens that others must know."""
    tell("example.happened", about=subject, at=at, parties=parties)
    return 0


HAPPEN = ACTS.pop(EXAMPLE)


def say(subject: str, *parties: str, times: int = 1) -> None:
    """Let something happen to a subject, so many times."""
    for _ in range(times):
        happen(subject=subject, parties=parties, actor=THE_CLOCK, at=world().clock.now())


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Ear]]:
    """Three parties with an ear each; the example act is allowed meanwhile."""
    made = {name: Ear() for name in ("north", "south", "sms")}
    monkeypatch.setattr(relay, "SENDERS", {**relay.SENDERS, **made})
    lines = {**authority.AUTHORITY, EXAMPLE: frozenset({Role.SYSTEM})}
    monkeypatch.setattr(authority, "AUTHORITY", lines)
    yield made
