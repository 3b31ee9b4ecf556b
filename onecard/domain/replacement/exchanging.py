"""换领: a new card for one that is in the holder's hand, in the order of rule book 21.3.

The old card stays usable until the new one is enabled; then it is handed in and cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onecard.domain.application import (
    ApplicationKind,
    Asked,
    key_information,
    may_employer_apply,
    must_have_photo,
    must_wait_for_no_card,
    papers,
)
from onecard.domain.application.upgrade import must_come_in_person, must_show_old_card
from onecard.domain.authority import Channel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.person import must_be_living, must_have_guardian
from onecard.domain.refusal import Refusal, found
from onecard.domain.replacement.kinds import (
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    Replacing,
)
from onecard.domain.replacement.old_card import (
    exchange_facts,
    must_be_exchangeable,
    must_be_refunded,
)


def may_exchange(
    *, asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> Refusal | None:
    """The first reason in the order of the rule book why the card cannot be exchanged."""
    checks = _checks(asked, card, told, on, figures)
    return next((no for no in checks if no is not None), None)


def may_exchange_all(
    *, asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> tuple[Refusal, ...]:
    """Every reason at once (一次性告知)."""
    return found(_checks(asked, card, told, on, figures))


def may_begin_exchange(
    *, asked: Asked, card: OldCard | None, figures: ReplacementFigures
) -> Refusal | None:
    """What greys the button out before a reason was given or a paper shown."""
    checks = (
        *_door_checks(asked, figures),
        must_be_exchangeable(card=card),
        must_be_refunded(card=card, figures=figures.replacement) if card else None,
        must_wait_for_no_card(open_application=asked.open_application),
    )
    return next((no for no in checks if no is not None), None)


def must_exchange_offline(*, channel: Channel, figures: ReplacementPolicy) -> Refusal | None:
    """需通过线下服务渠道换领 (SEED, Q6), unless a city has opened it."""
    return None if figures.online_exchange else must_come_in_person(channel=channel)


def _checks(
    asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, figures)
    yield from papers.proven(asked, on, figures)
    yield must_have_guardian(
        born_on=asked.applicant.born_on,
        guardian=asked.guardian,
        on=on,
        figures=figures.application,
        proof_shown=asked.papers.guardianship_proof,
    )
    yield must_be_exchangeable(card=card)
    yield must_show_old_card(shown=asked.old_card_shown)
    if card is not None:
        bank = asked.answers.bank
        yield from exchange_facts(card=card, bank=bank, told=told, on=on, figures=figures)
    yield must_wait_for_no_card(open_application=asked.open_application)
    yield must_have_photo(asked=asked, on=on, figures=figures)
    yield from key_information.complete(asked, figures)


def _door_checks(asked: Asked, figures: ReplacementFigures) -> Iterator[Refusal | None]:
    yield must_exchange_offline(channel=asked.channel, figures=figures.replacement)
    yield may_use_channel(act=Matter.EXCHANGE, channel=asked.channel, figures=figures.channels)
    yield may_employer_apply(
        kind=ApplicationKind.EXCHANGE, applied_by=asked.applied_by, figures=figures.application
    )
    yield must_be_living(deceased=asked.deceased)
