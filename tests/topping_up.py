"""A top-up desk for tests: a purse, its simulated card, a carrier that may be cut, torn or lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from onecard.actions import tap, topup
from onecard.actions._purses import meet_purse
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.adapters.purse_keys import KeysSilent, in_purse_keys
from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_vectors import TRIPLE_DES
from onecard.chip.simulated_card import SimulatedCard, Tear, derive_keys
from onecard.chip.wire import WireBroke
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.records.models import (
    ChipDialogue,
    LedgerTransfer,
    LoadAttempt,
    PurseAccount,
    TopUpOrder,
)
from onecard.seams import holding
from onecard.seams.world import world
from tests import made_card
from tests.chip.desk import CIPHERS, PUBLIC, Gate, Host, a_card

HOLDER = Actor(Role.CITIZEN, "per_wang", Channel.NFC_APP)
SOMEBODY = Actor(Role.CITIZEN, "per_li", Channel.NFC_APP)
OUTLET = Actor(Role.CARD_OUTLET_CLERK, "stf_outlet", Channel.DIRECT_OUTLET, outlet="out_direct")
CASHIER = Actor(Role.PARTNER, "cli_gateway", Channel.PARTNER_API)
ONE, OTHER = (Actor(Role.PLATFORM_OPERATOR, ref, Channel.OFFICE) for ref in ("stf_a", "stf_b"))
AMOUNT_FEN = 5000
HOST = Host()


class Silent:
    """A custody that cannot be reached."""

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def silence(*_: Any, **__: Any) -> Any:
            raise KeysSilent(verb)

        return silence


class Watched:
    """The test keys, which refuse to be asked while rows are held, and count what they did."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def ask(*facts: Any, **more: Any) -> Any:
            holding.must_hold_no_rows()
            self.asked.append(verb)
            return getattr(HOST.keys, verb)(*facts, **more)

        return ask


@contextmanager
def keys() -> Iterator[Watched]:
    """The test keys in force."""
    with in_purse_keys(Watched()) as watched:  # type: ignore[arg-type]
        yield watched  # type: ignore[misc]


Meddle = Callable[[TapStep, list[str]], Posted | None]
"""What a dishonest or broken carrier posts instead; None loses the answers on the network."""


@dataclass
class Phone:
    """Carries steps between server and card; `meddle` may change what is posted."""

    card: SimulatedCard
    actor: Actor = HOLDER
    meddle: Meddle | None = None
    posts: list[tuple[TapStep, Posted]] = field(default_factory=list)
    steps: list[TapStep] = field(default_factory=list)

    def top_up(self, order: str) -> TapStep:
        """Hold the card for this order until the tap is over."""
        later(seconds=1)
        return self.carry(topup.begin(order=order, actor=self.actor, at=now()))

    def torn(self, order: str, tear: Tear) -> TapStep:
        """Hold the card for this order, and have it torn at one moment."""
        later(seconds=1)
        step = topup.begin(order=order, actor=self.actor, at=now())
        self.card.enter_field()
        self.card.tear(tear)
        while not step.over:
            step = self.post(step, self.hold(step))
        return step

    def look(self) -> TapStep:
        """Hold any card."""
        return self.carry(topup.begin_look(actor=self.actor, at=now()))

    def carry(self, step: TapStep) -> TapStep:
        """Hold the card, and carry steps until the tap is over or the network is gone."""
        self.card.enter_field()
        return self.go_on(step)

    def go_on(self, step: TapStep) -> TapStep:
        """Carry on while the card is still held."""
        while not step.over:
            self.steps.append(step)
            posted = self.hold(step)
            if self.meddle is not None:
                changed = self.meddle(step, list(posted.answers))
                if changed is None:
                    return step
                posted = changed
            self.posts.append((step, posted))
            step = self.post(step, posted)
        return step

    def post(self, step: TapStep, posted: Posted) -> TapStep:
        """Post answers to a step."""
        return tap.answer(tap=step.tap, posted=posted, actor=self.actor, at=now())

    def hold(self, step: TapStep) -> Posted:
        """Give the commands to the card, as far as its answers allow."""
        answers: list[str] = []
        for apdu in step.apdus:
            try:
                answer = self.card.transmit(bytes.fromhex(apdu.hex)).hex().upper()
            except WireBroke:
                return Posted(step.seq, tuple(answers), lost_after=len(answers))
            answers.append(answer)
            if answer[-4:] not in apdu.go_on:
                break
        return Posted(step.seq, tuple(answers))


def now() -> Any:
    """The world's moment."""
    return world().clock.now()


def later(**by: float) -> None:
    """Let time pass."""
    made_card.clock().advance(timedelta(**by))


def a_purse(card: SimulatedCard | None = None) -> PurseAccount:
    """The purse of the test card, met before."""
    public = (card or a_card()).made.public
    with transaction.atomic(), holding.holding("test"):
        return meet_purse(public.identity, valid_to=public.valid_to, at=now())


def numbered_card(number: int, balance_fen: int = 0) -> SimulatedCard:
    """A card with a serial and keys of its own."""
    public = replace(PUBLIC, serial=PUBLIC.serial[:-2] + number.to_bytes(2))
    arithmetic = Arithmetic(TRIPLE_DES.profile, CIPHERS)
    own = derive_keys(arithmetic, TRIPLE_DES.masters, public.identity)
    return a_card(public=public, keys=own, balance_fen=balance_fen, load_counter=7)


def opened(purse: PurseAccount, amount_fen: int = AMOUNT_FEN, actor: Actor = HOLDER) -> str:
    """An order that waits for its payment."""
    done = topup.open_order(
        purse=purse.ref,
        amount_fen=amount_fen,
        shown_balance_fen=5000,
        platform="android",
        actor=actor,
        at=now(),
    )
    return done.order


def pay(order: str, payment: str = "", amount_fen: int = AMOUNT_FEN) -> topup.PaidReceipt:
    """A verified notice of the gateway."""
    return topup.pay(
        order=order,
        payment=payment or f"pay_{order[-30:]}",
        amount_fen=amount_fen,
        paid_by="gateway",
        actor=CASHIER,
        at=now(),
    )


def paid(purse: PurseAccount, amount_fen: int = AMOUNT_FEN) -> str:
    """A paid order."""
    order = opened(purse, amount_fen)
    pay(order, amount_fen=amount_fen)
    return order


def order_of(ref: str) -> TopUpOrder:
    """As it stands in the archive."""
    return TopUpOrder.objects.get(ref=ref)


def state(ref: str) -> str:
    """The word of its state."""
    return order_of(ref).state.value


def attempts(ref: str) -> list[tuple[str, str]]:
    """Every attempt of an order, oldest first: its state and its evidence."""
    rows = LoadAttempt.objects.filter(order=ref).order_by("at", "ref")
    return [(row.state.value, row.evidence.value if row.evidence else "") for row in rows]


def held_fen(account: str) -> int:
    """What lies in an account of the ledger, but for what cards held before we met them."""
    since = LedgerTransfer.objects.exclude(kind="purse.opening")
    rows = since.values_list("debit", "credit", "amount_fen")
    return sum(fen * ((into == account) - (out == account)) for out, into, fen in rows)


def refund(order: str, reason: str = "changed my mind") -> topup.OrderReceipt:
    """The holder asks for the money back."""
    return topup.ask_refund(order=order, reason=reason, actor=HOLDER, at=now())


def sweep() -> None:
    """What time alone causes."""
    topup.silence_due(actor=THE_CLOCK, at=now())
    topup.void_due(actor=THE_CLOCK, at=now())
    topup.refund_due(actor=THE_CLOCK, at=now())


def running(ref: str) -> ChipDialogue:
    """The latest tap of an order."""
    return ChipDialogue.objects.filter(order=ref).order_by("-started_at", "-ref")[0]


def gate() -> Gate:
    """A bus."""
    return Gate(HOST)
