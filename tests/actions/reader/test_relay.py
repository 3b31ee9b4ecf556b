"""One and the same top-up through the relay: a card in process, a card over PC/SC, torn on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onecard.actions import tap, topup
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.adapters.reader.cards import CardPlan, make_card
from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.in_process import InProcessReaders
from onecard.adapters.reader.once import GivenOnce
from onecard.adapters.reader.relay import hold_card
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.seams.rng import SeededRng
from tests.reading import Desk, desk, eventually
from tests.topping_up import AMOUNT_FEN, HOLDER, a_purse, attempts, keys, later, now, paid, state

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reader")]


class Relay:
    """The server's two calls, as `PlatformApi` makes them."""

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Begin a tap for an order, or take the answers of one."""
        later(seconds=1)
        _, what, which, *_ = path.split("/")
        if what == "orders":
            return _told(topup.begin(order=which, actor=HOLDER, at=now()))
        assert body is not None
        posted = Posted(
            body["seq"], tuple(body["answers"]), body["lost_after"], body["reader_error"]
        )
        return _told(tap.answer(tap=which, posted=posted, actor=HOLDER, at=now()))


def _told(step: TapStep) -> dict[str, Any]:
    """As JSON brings it."""
    apdus = [{"hex": one.hex, "go_on": list(one.go_on)} for one in step.apdus]
    plain = {"tap": step.tap, "seq": step.seq, "card_timeout_ms": step.card_timeout_ms}
    ended = {"outcome": step.outcome, "state": step.state, "order": step.order}
    return {**plain, "apdus": apdus, "over": step.over, **ended}


class Wire:
    """A carrier, a way to tear the card it carries to, and the money in the chip."""

    def __init__(
        self, carrier: Carrier, tear: Callable[[str], object], balance: Callable[[], int]
    ) -> None:
        self.carrier, self.tear, self.balance = carrier, tear, balance

    def hold(self, order: str) -> str:
        """Hold the card for an order; how the tap ended. Waits until the card lies there."""
        eventually(self.carrier.has_card)
        return str(hold_card(Relay(), self.carrier, order=order)["outcome"])  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def custody() -> Iterator[None]:
    """The test keys."""
    with keys():
        yield


@pytest.fixture(scope="module")
def reader_desk() -> Iterator[Desk]:
    """Pcscd with one card."""
    with desk(CardPlan()) as made:
        yield made


@pytest.fixture(params=["in process", "PC/SC"])
def wire(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wire]:
    """The same card on both wires."""
    given = GivenOnce(tmp_path / "given")
    if request.param == "in process":
        card = make_card(CardPlan(), rng=SeededRng(3))
        carrier = Carrier(InProcessReaders({"Slot 0": card}), "Slot 0", given)
        yield Wire(
            carrier, lambda point: card.tear(NINE_TEAR_POINTS[point]), lambda: card.balance_fen
        )
    else:
        real: Desk = request.getfixturevalue("reader_desk")
        real.open().close()
        carrier = Carrier(real.readers, real.names[0], given)
        yield Wire(
            carrier,
            lambda point: real.hand(f"tear {point}"),
            lambda: int(real.hand("look")["balance_fen"]),
        )
    carrier.close()


@pytest.mark.rule("card reference 12: two round trips")
def test_a_paid_order_is_written_over_every_wire(wire: Wire) -> None:
    """同一笔充值,进程内、PC/SC、中继,同一个结果。"""
    before, order = wire.balance(), paid(a_purse())
    assert wire.hold(order) == "topup.tap.loaded"
    assert state(order) == "loaded"
    assert attempts(order) == [("proven", "p1")]
    assert wire.balance() == before + AMOUNT_FEN


@pytest.mark.rule("card reference 16.3: tears over PC/SC")
@pytest.mark.parametrize("point", ["after_init", "before_credit", "during_credit", "after_credit"])
def test_a_torn_write_heals_at_the_next_tap_and_loads_once(wire: Wire, point: str) -> None:
    """写卡中抽卡:再次贴卡后补齐,只到账一次。"""
    before, order = wire.balance(), paid(a_purse())
    wire.tear(point)
    wire.hold(order)
    assert state(order) != "loaded"
    assert wire.hold(order) == "topup.tap.loaded"
    assert state(order) == "loaded"
    assert wire.balance() == before + AMOUNT_FEN
