"""12333话术: what the operator says, word for word, before and after a report (20.1, platform C6).

The end is spoken as day and time; what is not covered is said every time, whoever is in a hurry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from onecard.domain.authority import Actor
from onecard.domain.hr_function import HrState
from onecard.domain.masking import mask_name, mask_number
from onecard.domain.refusal import Facts, NotFound
from onecard.queries._reading import one_moment
from onecard.queries.loss._seeing import card_face_bank
from onecard.records.models import Card, PhoneCall
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class ScriptLine:
    """One sentence to be read out: the key of its words and what it names."""

    word: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class OperatorScript:
    """What to say now, in order."""

    call: str
    person: str
    lines: tuple[ScriptLine, ...]


def script(*, call: str, card: str = "", as_seen_by: Actor, at: datetime) -> OperatorScript:
    """What the operator of this call says; with a `card`, about its report. Raises `NotFound`."""
    with one_moment():
        calling = PhoneCall.objects.filter(ref=call, operator=as_seen_by.ref)
        row = calling.select_related("person").first()
        if row is None:
            raise NotFound(PhoneCall.__name__)
        cards = list(Card.objects.filter(person=row.person).order_by("-issued_on", "ref"))
    chosen = next((one for one in cards if one.ref == card), None)
    if card and chosen is None:
        raise NotFound(Card.__name__)
    lines = _about(chosen, at) if chosen else _greeting(row, cards, at)
    return OperatorScript(row.ref, row.person_id, lines)


def _greeting(row: PhoneCall, cards: list[Card], at: datetime) -> tuple[ScriptLine, ...]:
    who = {
        "name": mask_name(row.person.name),
        "number": mask_number(row.person.identity_number),
    }
    held = (ScriptLine("loss.script.cards", _card(card, at)) for card in cards)
    only = ScriptLine("loss.script.only_temporary")
    return (ScriptLine("loss.script.identified", who), *held, only)


def _about(card: Card, at: datetime) -> tuple[ScriptLine, ...]:
    """While a report stands: the end, that it ends, what it does not cover, and the ways on."""
    facts, state = _card(card, at), card.state_at(at)
    said = ["bank", "purse", "formal"]
    if state is HrState.TEMPORARY_LOSS:
        said = ["reported", "until", "not_final", *said, "found"]
    told = {**facts, "until": card.loss_ends_at}
    return tuple(ScriptLine(f"loss.script.{name}", told) for name in said)


def _card(card: Card, at: datetime) -> dict[str, str | date | datetime | None]:
    bank = card_face_bank(card, local_day(at))
    return {
        "card": mask_number(card.card_number),
        "bank": bank.name,
        "hotline": bank.hotline,
        "state": f"@hr_function.state.{card.state_at(at).value}",
    }
