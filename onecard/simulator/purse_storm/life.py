"""The life of one order in the storm: opened, paid, tapped until it is over or its holder tires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from onecard.actions import topup
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refused
from onecard.domain.topup import OrderState
from onecard.queries.topup import order_seen
from onecard.seams.clock import SetClock
from onecard.seams.failpoint import KNOWN, Crash, armed
from onecard.seams.rng import Rng
from onecard.seams.world import world
from onecard.simulator.purse_storm.carrier import Carrier, Story
from onecard.simulator.purse_storm.liars import some_liar
from onecard.simulator.purse_storm.wallet import credited_fen, pay_fare
from onecard.simulator.purse_storm.weather import Weather, happens

GATEWAY = Actor(Role.PARTNER, "cli_gateway", Channel.PARTNER_API)
OVER = frozenset({OrderState.LOADED, OrderState.REFUNDED, OrderState.VOID})
PATIENCE = 12
"""How often somebody holds the card before giving up."""
_FARES_FEN = (200, 400, 1000)
_TRIES = 4
_PLACES = tuple(sorted(name for name in KNOWN if name.startswith("topup.")))
_TEARS = tuple(NINE_TEAR_POINTS.values())
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Lived:
    """How one order ended, and what its card really got. Amounts in fen."""

    order: str
    honest: bool
    state: OrderState
    amount_fen: int
    credited_fen: tuple[int, ...]
    taps: int

    @property
    def line(self) -> str:
        """One line of the trace."""
        got = "+".join(map(str, self.credited_fen)) or "0"
        return f"{self.order} {self.state.value} {self.amount_fen} {got} {self.taps}"


class Life:
    """One holder, one card, one order."""

    def __init__(self, weather: Weather, rng: Rng, clock: SetClock) -> None:
        self._weather, self._rng, self._clock = weather, rng, clock
        self._gate = 0

    def live(self, number: int, purse: str, card: SimulatedCard, amount_fen: int) -> Lived:
        """From the first click to the end."""
        actor = Actor(Role.CITIZEN, f"per_{number}", Channel.NFC_APP)
        before = len(credited_fen(card))
        honest = not happens(self._weather.lying, self._rng)
        story = None if honest else some_liar(card, amount_fen, self._rng)
        order = self._opened(purse, amount_fen, card, actor)
        self._pay(order, amount_fen)
        taps, state = self._taps(order, card, actor, story)
        if state not in OVER:
            self._refusable(lambda: self._asks_back(order, actor))
            state = self._now_is(order, actor)
        return Lived(order, honest, state, amount_fen, credited_fen(card)[before:], taps)

    def _opened(self, purse: str, amount_fen: int, card: SimulatedCard, actor: Actor) -> str:
        return topup.open_order(
            purse=purse,
            amount_fen=amount_fen,
            shown_balance_fen=card.balance_fen,
            platform="android",
            actor=actor,
            at=self._now(),
        ).order

    def _pay(self, order: str, amount_fen: int) -> None:
        """The gateway repeats its notice until somebody answers, and sometimes after."""
        for _ in range(1 + happens(self._weather.repeated, self._rng)):
            self._through_crashes(
                lambda: topup.pay(
                    order=order,
                    payment=f"pay_{order}",
                    amount_fen=amount_fen,
                    paid_by="gateway",
                    actor=GATEWAY,
                    at=self._now(),
                )
            )

    def _taps(
        self, order: str, card: SimulatedCard, actor: Actor, story: Story | None
    ) -> tuple[int, OrderState]:
        state = OrderState.PAID
        for tap in range(1, PATIENCE + 1):
            self._between(order, card, actor)
            self._tap(order, Carrier(actor, card, story))
            state = self._now_is(order, actor)
            if state in OVER:
                return tap, state
        return PATIENCE, state

    def _between(self, order: str, card: SimulatedCard, actor: Actor) -> None:
        """Time passes; a bus; a change of mind."""
        self._clock.advance(timedelta(minutes=1 + self._rng.below(20)))
        if happens(self._weather.fare, self._rng):
            self._gate += 1
            fare = _FARES_FEN[self._rng.below(len(_FARES_FEN))]
            pay_fare(card, fare, terminal_counter=self._gate)
        if happens(self._weather.wish, self._rng):
            self._refusable(lambda: self._asks_back(order, actor))

    def _asks_back(self, order: str, actor: Actor) -> None:
        topup.ask_refund(order=order, reason="storm", actor=actor, at=self._now())

    def _tap(self, order: str, carrier: Carrier) -> None:
        """One holding of the card: perhaps torn, perhaps unheard, perhaps on a dying server."""
        weather, rng = self._weather, self._rng
        torn, lost = happens(weather.torn, rng), happens(weather.lost, rng)
        card = carrier.card

        def hold() -> None:
            card.enter_field()
            if torn:
                card.tear(_TEARS[rng.below(len(_TEARS))])
            step = topup.begin(order=order, actor=carrier.actor, at=self._now())
            carrier.carry(step, loses_answer_of=step.seq + rng.below(2) if lost else None)

        self._refusable(lambda: self._through_crashes(hold, tries=1))
        card.leave_field()

    def _through_crashes(self, deed: Callable[[], object], *, tries: int = _TRIES) -> None:
        """Do it; the server may die once at a named place, and is asked again then."""
        for left in reversed(range(tries)):
            dies = left == tries - 1 and happens(self._weather.crashed, self._rng)
            try:
                if not dies:
                    deed()
                    return
                with armed(_PLACES[self._rng.below(len(_PLACES))]):
                    deed()
                    return
            except Crash:
                self._clock.advance(timedelta(seconds=5))

    def _refusable(self, deed: Callable[[], None]) -> None:
        """A no is an answer: the day's limits, a card that has to be held first."""
        try:
            deed()
        except Refused as refused:
            if refused.refusal.code in {"topup.too_many_taps", "topup.too_many_failures"}:
                self._clock.advance(timedelta(days=1))

    def _now_is(self, order: str, actor: Actor) -> OrderState:
        """Where the order stands, after the provider paid back what was promised back."""
        state = order_seen(order=order, as_seen_by=actor, at=self._now()).state
        if state != OrderState.REFUNDING.value:
            return OrderState(state)
        payment = f"pay_{order}"
        topup.confirm_refund(order=order, payment=payment, actor=GATEWAY, at=self._now())
        return OrderState.REFUNDED

    def _now(self) -> datetime:
        return world().clock.now()
