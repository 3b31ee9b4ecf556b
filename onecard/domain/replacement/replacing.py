"""补领: a new card for one that was reported lost for good, in the order of rule book 21.2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onecard.domain.application import (
    ApplicationKind,
    Asked,
    key_information,
    may_apply_for_child,
    may_employer_apply,
    must_have_base_data,
    must_have_photo,
    must_wait_for_no_card,
    papers,
)
from onecard.domain.authority import Channel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.person import must_be_living, must_have_guardian
from onecard.domain.refusal import Fix, FixKind, Refusal, found
from onecard.domain.replacement.confirming import must_confirm
from onecard.domain.replacement.kinds import (
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    Replacing,
)
from onecard.domain.replacement.old_card import (
    must_be_replaceable,
    must_have_right_data,
    must_have_settled_account,
)


def may_replace(
    *, asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> Refusal | None:
    """The first reason in the order of the rule book why no replacement can be taken."""
    checks = _checks(asked, card, told, on, figures)
    return next((no for no in checks if no is not None), None)


def may_replace_all(
    *, asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> tuple[Refusal, ...]:
    """Every reason at once (一次性告知)."""
    return found(_checks(asked, card, told, on, figures))


def may_begin_replacement(
    *, asked: Asked, card: OldCard | None, on: date, figures: ReplacementFigures
) -> Refusal | None:
    """What greys the button out before an answer was given or a paper shown."""
    checks = (
        *_door_checks(asked, on, figures),
        must_be_replaceable(card=card),
        must_wait_for_no_card(open_application=asked.open_application),
        must_have_base_data(asked=asked),
    )
    return next((no for no in checks if no is not None), None)


def may_replace_online(*, channel: Channel, figures: ReplacementPolicy) -> Refusal | None:
    """补领可线上办理, where the city has opened it (PROVINCIAL S4)."""
    if channel is not Channel.PORTAL or figures.online_replacement:
        return None
    return Refusal(
        "replacement.offline_only_here",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value}),
    )


def _checks(
    asked: Asked, card: OldCard | None, told: Replacing, on: date, figures: ReplacementFigures
) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, on, figures)
    yield from papers.proven(asked, on, figures)
    yield must_have_guardian(
        born_on=asked.applicant.born_on,
        guardian=asked.guardian,
        on=on,
        figures=figures.application,
        proof_shown=asked.papers.guardianship_proof,
    )
    yield must_be_replaceable(card=card)
    yield must_wait_for_no_card(open_application=asked.open_application)
    yield must_have_base_data(asked=asked)
    yield must_have_right_data(base_data_right=told.base_data_right)
    yield must_have_photo(asked=asked, on=on, figures=figures)
    if card is not None:
        yield must_have_settled_account(
            card=card,
            bank=asked.answers.bank,
            settled=told.account_settled,
            contacts=figures.contacts,
        )
    yield from key_information.complete(asked, figures)
    yield must_confirm(kind=ApplicationKind.REPLACEMENT, confirmed=told.confirmed)


def _door_checks(asked: Asked, on: date, figures: ReplacementFigures) -> Iterator[Refusal | None]:
    yield may_replace_online(channel=asked.channel, figures=figures.replacement)
    yield may_use_channel(act=Matter.REPLACEMENT, channel=asked.channel, figures=figures.channels)
    yield may_employer_apply(
        kind=ApplicationKind.REPLACEMENT,
        applied_by=asked.applied_by,
        figures=figures.application,
    )
    yield must_be_living(deceased=asked.deceased)
    yield may_apply_for_child(
        channel=asked.channel,
        born_on=asked.applicant.born_on,
        on=on,
        figures=figures.application,
    )
