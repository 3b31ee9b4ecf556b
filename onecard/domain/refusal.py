"""How a rule says no (`Refusal`), or "it is so already" (`Notice`).

A refusal is a value, not an exception: the same rule function guards the action, greys out the
button and answers the FAQ. Only from `actions` upward does it travel as the exception `Refused`.
The words people read live in `words/<language>/<room>.toml`, keyed by the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Self

Fact = str | int | float | bool | date | datetime | tuple[str, ...] | None
Facts = Mapping[str, Fact]


class Name(str):
    """A proper name as a fact: Chinese, with the English form beside it.

    Wherever only text can go (audit, JSON) it is the Chinese one.
    """

    __slots__ = ("en",)
    en: str

    def __new__(cls, zh: str, en: str = "") -> Self:
        """The name; without an English form the Chinese one serves both readers."""
        name = super().__new__(cls, zh)
        name.en = en or zh
        return name


class FixKind(Enum):
    """What kind of single change turns the answer into yes (platform API, `minimal_fix[].kind`)."""

    CHANGE_INPUT = "change_input"
    DO_FIRST = "do_first"
    BRING = "bring"
    WAIT_UNTIL = "wait_until"
    USE_CHANNEL = "use_channel"
    ASK_PERSON = "ask_person"


@dataclass(frozen=True)
class Fix:
    """The smallest change that turns a refusal into a yes.

    `detail` says which: for CHANGE_INPUT `{"field": ..., "to": ...}`, for BRING `{"what": ...}`,
    for WAIT_UNTIL `{"day": ...}`, for USE_CHANNEL `{"channel": ...}`, for DO_FIRST `{"act": ...}`.
    """

    kind: FixKind
    detail: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A named no.

    `code` is `room.reason`, stable and language-free. `measured` is what was found, `allowed` what
    the rule accepts, `facts` whatever else the words need; none of them ever carries a whole
    identity number. `field` names the input that caused it, where there is one.
    """

    code: str
    facts: Facts = field(default_factory=dict)
    measured: Facts = field(default_factory=dict)
    allowed: Facts = field(default_factory=dict)
    field: str = ""
    fix: Fix | None = None

    @property
    def room(self) -> str:
        """The room whose words explain this refusal."""
        return self.code.partition(".")[0]

    def all_facts(self) -> dict[str, Fact]:
        """Every fact a sentence about this refusal may name."""
        return {**self.allowed, **self.measured, **self.facts}


@dataclass(frozen=True)
class Notice:
    """It is so already: a success answer, nothing changes."""

    code: str
    facts: Facts = field(default_factory=dict)


class Refused(Exception):
    """A refusal on its way up to a door. Carries every refusal that was found, first one first."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            message = "Refused needs at least one Refusal"
            raise ValueError(message)
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals

    @property
    def refusal(self) -> Refusal:
        """The first refusal, in the order of the rule book."""
        return self.refusals[0]


class NotFound(LookupError):
    """There is no such object for this asker: absent and foreign look exactly the same."""


def require(*answers: Refusal | None) -> None:
    """Stop at the first refusal among `answers`. Raises `Refused`."""
    for answer in answers:
        if answer is not None:
            raise Refused(answer)


def require_all(answers: Iterable[Refusal | None]) -> None:
    """Stop with all refusals at once, for checklists and forms. Raises `Refused`."""
    refusals = found(answers)
    if refusals:
        raise Refused(*refusals)


def found(answers: Iterable[Refusal | None]) -> tuple[Refusal, ...]:
    """Only the refusals among `answers`, in their order."""
    return tuple(answer for answer in answers if answer is not None)


def first(*rules: Callable[[], Refusal | None]) -> Refusal | None:
    """The first refusal of several rules, each asked only if the ones before said yes."""
    for rule in rules:
        refusal = rule()
        if refusal is not None:
            return refusal
    return None
