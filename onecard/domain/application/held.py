"""一人一卡: no second card for somebody who holds one or waits for one (8.1, rows 4 and 5)."""

from __future__ import annotations

from onecard.domain.application.asked import Asked, HeldCard, OpenApplication
from onecard.domain.refusal import Fact, Fix, FixKind, Refusal


def must_hold_no_card(*, cards: tuple[HeldCard, ...]) -> Refusal | None:
    """已申领江苏省社会保障卡人员,需通过线下服务渠道换领 (SEED, question 6).

    A live card of either generation, of this city or another; a sealed one counts (V2).
    """
    held = live_card(cards)
    if held is None:
        return None
    measured: dict[str, Fact] = {
        "generation": held.generation,
        "state": f"@hr_function.state.{held.state.value}",
    }
    if held.city:
        measured["city"] = held.city
    return Refusal(
        "application.already_has_card",
        measured=measured,
        fix=Fix(FixKind.USE_CHANNEL, {"channel": "service_outlet"}),
    )


def must_wait_for_no_card(*, open_application: OpenApplication | None) -> Refusal | None:
    """已制卡或制卡中: one application at a time; the way on is to look where it stands."""
    if open_application is None:
        return None
    since = open_application.since or "@application.elsewhere"
    return Refusal(
        "application.already_in_production",
        measured={"day": since, "number": open_application.number},
        fix=Fix(FixKind.DO_FIRST, {"act": "application.progress"}),
    )


def live_card(cards: tuple[HeldCard, ...]) -> HeldCard | None:
    """The card the person holds: in use before sealed, newest last in the register first."""
    live = [card for card in cards if card.is_live]
    return live[-1] if live else None


def must_be_only_one(asked: Asked) -> tuple[Refusal | None, ...]:
    """Rows 4 and 5 in their order."""
    return (
        must_hold_no_card(cards=asked.cards),
        must_wait_for_no_card(open_application=asked.open_application),
    )
