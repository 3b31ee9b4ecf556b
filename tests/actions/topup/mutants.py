"""Deliberate mistakes in the order machine (card reference 16.1), each as a patch of the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from onecard.actions import _proving
from onecard.actions.topup import _orders, _plans, _settling, paying_back, tapping, writing
from onecard.chip.challenge import Challenge
from onecard.chip.fault import CardLost
from onecard.domain.topup import (
    AttemptState,
    Evidence,
    Fresh,
    OrderEvent,
    OrderState,
    after,
)
from onecard.records.models import LoadAttempt, TopUpOrder

Patch = pytest.MonkeyPatch
LEAKED: list[tuple[bytes, Any]] = []
"""MAC2 and its moment, as the mutant that sends before it saves lets them out."""


def trust_9406(patch: Patch) -> None:
    """No proof at `80 5A` is taken for a negative one."""
    honest = tapping.heard_of

    def heard(talk: Any, tapped: Any, actor: Any, at: Any) -> Any:
        if talk.plan["open"] and tapped.proof is None:
            row = LoadAttempt.objects.get(ref=talk.plan["open"])
            fresh = Fresh(tapped.init.balance_fen, row.counter, strong=True)
            return _settling.Heard(open=talk.plan["open"], fresh=fresh)
        return honest(talk, tapped, actor, at)

    patch.setattr(tapping, "heard_of", heard)
    patch.setattr(_settling, "saw", lambda *_, **__: True)


def trust_9302(patch: Patch) -> None:
    """A status word that sounds like a clean no is taken for one."""
    part = writing.CREDIT_PART

    def failed(talk: Any, error: Any, actor: Any, at: Any) -> None:
        if isinstance(error, CardLost) and str(error.status) == "9302":
            row = LoadAttempt.objects.get(ref=talk.plan["attempt"])
            row.state, row.evidence = AttemptState.DEAD, Evidence.N1_STRONG
            row.save()
            TopUpOrder.objects.filter(ref=talk.order).update(state=OrderState.PAID)
        part.failed(talk, error, actor, at)

    patch.setitem(parts(), _settling.CREDIT, replace(part, failed=failed))


def fixed_terminal(patch: Patch) -> None:
    """Every INITIALIZE asks the same question."""
    patch.setattr(_plans, "_draw", lambda _: Challenge(bytes(6), 2**48))


def counting_terminal(patch: Patch) -> None:
    """Questions are unique, and anybody can tell the next one."""
    count = iter(range(1, 10_000))
    patch.setattr(_plans, "_draw", lambda _: Challenge(next(count).to_bytes(6), 2**48))


def refund_on_timeout(patch: Patch) -> None:
    """Silence is taken for a no."""

    def mutated(state: OrderState, event: OrderEvent) -> OrderState | None:
        if event is OrderEvent.SILENCE and state is OrderState.WRITING:
            return OrderState.PAID
        return after(state, event)

    patch.setattr(_orders, "after", mutated)
    patch.setattr(_orders, "must_be_refundable", lambda **_: None)
    patch.setattr(paying_back, "may_ask_payment_refund", lambda **_: None)


def believe_9000(patch: Patch) -> None:
    """A success word without its TAC is believed."""
    patch.setattr(writing, "tac_fits", lambda *_: True)


def skip_tac_of_proof(patch: Patch) -> None:
    """What `80 5A` answers is believed unchecked."""
    patch.setattr(_proving, "tac_fits", lambda *_: True)


def skip_mac1(patch: Patch) -> None:
    """What INITIALIZE answers is believed unchecked."""

    def fresh(_: Any, __: Any, init: Any, *, strong: bool, **___: Any) -> Fresh:
        return Fresh(init.balance_fen, init.counter, strong)

    patch.setattr(tapping, "fresh_counter", fresh)


def save_after_sending(patch: Patch) -> None:
    """MAC2 is out before its attempt is kept."""
    honest = tapping._signed

    def signed(*facts: Any, **more: Any) -> Any:
        heard = honest(*facts, **more)
        if heard.begun is not None:
            LEAKED.append((heard.mac2, heard.begun.at))
        return heard

    patch.setattr(tapping, "_signed", signed)


def parts() -> dict[str, Any]:
    """The table of parts that the relay uses."""
    from onecard.actions import tap

    return tap.PARTS  # type: ignore[return-value]


MUTANTS: dict[str, Callable[[Patch], None]] = {
    "trust 9406": trust_9406,
    "trust 9302": trust_9302,
    "fixed terminal number": fixed_terminal,
    "payment refund on time-out": refund_on_timeout,
    "accept 9000 without TAC": believe_9000,
    "skip the TAC check on 5A": skip_tac_of_proof,
    "skip MAC1": skip_mac1,
    "save the attempt after MAC2 is sent": save_after_sending,
    "unique but predictable terminal number": counting_terminal,
}
