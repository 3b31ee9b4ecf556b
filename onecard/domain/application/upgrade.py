"""自愿换领: a holder of the older provincial card asks for a One Card (rule book 21.1, 21.3).

Offline only, old card shown; the older card has no transit function here, so that nothing has to
be refunded first; it stays usable until the new one is enabled and is handed in then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from onecard.domain.application import held, key_information, papers
from onecard.domain.application.asked import Asked, Figures, HeldCard
from onecard.domain.application.first import may_employer_apply, must_have_photo
from onecard.domain.application.kinds import ApplicationKind
from onecard.domain.authority import Channel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.person import must_be_living, must_have_guardian
from onecard.domain.refusal import Fix, FixKind, Refusal, found

ONE_CARD_GENERATION = 3
"""第三代: the One Card itself. It is never upgraded."""


def may_upgrade(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """The first reason in the order of the rule book why the card cannot be exchanged for ours."""
    return next((no for no in _checks(asked, on, figures) if no is not None), None)


def may_upgrade_all(*, asked: Asked, on: date, figures: Figures) -> tuple[Refusal, ...]:
    """Every reason at once."""
    return found(_checks(asked, on, figures))


def must_come_in_person(*, channel: Channel) -> Refusal | None:
    """已申领江苏省社会保障卡人员,需通过线下服务渠道换领 (SEED, question 6)."""
    if channel is not Channel.PORTAL:
        return None
    return Refusal(
        "replacement.exchange_offline_only",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value}),
    )


def must_hold_exchangeable(*, card: HeldCard | None) -> Refusal | None:
    """A live, enabled card that is not lost."""
    return must_hold_card_for(event=HrEvent.APPLY_EXCHANGE, state=card.state if card else None)


def must_hold_card_for(*, event: HrEvent, state: HrState | None) -> Refusal | None:
    """A card whose HR function allows this event (17); a `state` of None means there is no card."""
    answer = HR_FUNCTION.ask(state or HrState.CANCELLED, event)
    if isinstance(answer, Refusal) and answer.code == "replacement.no_card":
        return replace(answer, fix=Fix(FixKind.DO_FIRST, {"act": "application.first"}))
    return answer if isinstance(answer, Refusal) else None


def must_be_older(*, card: HeldCard | None) -> Refusal | None:
    """A third-generation card is exchanged for a reason of its own, never upgraded."""
    if card is None or card.generation < ONE_CARD_GENERATION:
        return None
    return Refusal("replacement.reason_required", measured={"generation": card.generation})


def must_show_old_card(*, shown: bool) -> Refusal | None:
    """换卡须带旧卡; who cannot find it reports it lost and applies for a replacement."""
    if shown:
        return None
    return Refusal(
        "replacement.old_card_must_be_shown",
        field="old_card_shown",
        fix=Fix(FixKind.BRING, {"what": "old_card"}),
    )


def must_be_refunded(*, transit_opened: bool) -> Refusal | None:
    """如已开通交通功能的,先办理退值业务后,再换卡 (SEED, question 13)."""
    if not transit_opened:
        return None
    return Refusal(
        "replacement.refund_first",
        fix=Fix(FixKind.USE_CHANNEL, {"channel": Channel.DIRECT_OUTLET.value}),
    )


def may_begin_upgrade(*, asked: Asked, figures: Figures) -> Refusal | None:
    """What greys the button out before a paper was laid on the desk."""
    card = held.live_card(asked.cards)
    checks = (*_door_checks(asked, figures), must_hold_exchangeable(card=card), *_rest(asked))
    return next((no for no in checks if no is not None), None)


def _checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, figures)
    yield from papers.proven(asked, on, figures)
    yield must_have_guardian(
        born_on=asked.applicant.born_on,
        guardian=asked.guardian,
        on=on,
        figures=figures.application,
        proof_shown=asked.papers.guardianship_proof,
    )
    yield must_hold_exchangeable(card=held.live_card(asked.cards))
    yield must_show_old_card(shown=asked.old_card_shown)
    yield from _rest(asked)
    yield must_have_photo(asked=asked, on=on, figures=figures)
    yield from key_information.complete(asked, figures)


def _door_checks(asked: Asked, figures: Figures) -> Iterator[Refusal | None]:
    yield must_come_in_person(channel=asked.channel)
    yield may_use_channel(act=Matter.EXCHANGE, channel=asked.channel, figures=figures.channels)
    yield may_employer_apply(
        kind=ApplicationKind.UPGRADE, applied_by=asked.applied_by, figures=figures.application
    )
    yield must_be_living(deceased=asked.deceased)


def _rest(asked: Asked) -> Iterator[Refusal | None]:
    yield must_be_older(card=held.live_card(asked.cards))
    yield must_be_refunded(transit_opened=asked.transit_opened)
    yield held.must_wait_for_no_card(open_application=asked.open_application)
