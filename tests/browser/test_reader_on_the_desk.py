"""The page's half of the bridge: reader.js in a real browser, under the platform's own policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onecard.adapters.reader.bridge import USUAL_PORT, Bridge
from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.in_process import InProcessReaders
from onecard.adapters.reader.once import GivenOnce
from onecard.chip.purse_commands import get_balance, select
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from tests.browser.conftest import DESK, Open
from tests.browser.served import Platform
from tests.browser.visitor import Visitor
from tests.chip.desk import Host, a_card

TOKEN = "K7Q2M4XW"
STEP: dict[str, Any] = {
    "tap": "tap_1",
    "seq": 1,
    "apdus": [
        {"hex": one.encode().hex().upper(), "go_on": ["9000"]}
        for one in (select(Host().profile.aids[0]), get_balance())
    ],
    "card_timeout_ms": 3000,
}
BECOMES = """
    ([token, wanted]) => new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`still ${reader.state}`)), 8000);
      reader.on("state", (state) => state === wanted && resolve(state));
      reader.connect(token);
    })
"""


@pytest.fixture
def card() -> SimulatedCard:
    """On the reader."""
    return a_card()


@pytest.fixture
def readers(card: SimulatedCard) -> InProcessReaders:
    """One slot."""
    return InProcessReaders({"Slot 0": card})


@pytest.fixture
def bridge(platform: Platform, readers: InProcessReaders, tmp_path: Path) -> Iterator[Bridge]:
    """A bridge for pages of the platform."""
    carrier = Carrier(readers, "Slot 0", GivenOnce(tmp_path / "given"))
    try:
        made = Bridge(carrier, (platform.base,), TOKEN, USUAL_PORT)
    except OSError:
        pytest.skip(f"!! port {USUAL_PORT} is taken: another bridge runs on this machine")
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.stop()
    thread.join()


@pytest.fixture
def desk(open_window: Open) -> Visitor:
    """A page of the platform with the script of the reader."""
    visitor = open_window(viewport=DESK)
    visitor.go("/")
    visitor.page.add_script_tag(url="/static/onecard/js/reader.js")
    visitor.page.evaluate("window.reader = new OnecardReader()")
    return visitor


def becomes(desk: Visitor, state: str, token: str = TOKEN) -> str:
    """Connect, and wait for a state."""
    return str(desk.page.evaluate(BECOMES, [token, state]))


def carry(desk: Visitor, **changes: Any) -> dict[str, Any]:
    """Carry a step, and give what would be posted."""
    return dict(desk.page.evaluate("(step) => reader.carry(step)", {**STEP, **changes}))


def test_a_page_reads_a_card_and_sees_it_lost(
    desk: Visitor, bridge: Bridge, card: SimulatedCard
) -> None:
    """柜台网页经读卡桥读卡;抽卡时如实回报。"""
    assert becomes(desk, "ready") == "ready"
    assert desk.page.evaluate("[reader.name, reader.present]") == ["Slot 0", True]
    told = carry(desk)
    assert [answer[-4:] for answer in told["answers"]] == ["9000", "9000"]
    assert (told["seq"], told["lost_after"], told["reader_error"]) == (1, None, "")
    card.tear(NINE_TEAR_POINTS["after_select"])
    told = carry(desk, seq=2)
    assert (told["answers"], told["lost_after"]) == ([], 0)
    assert bridge.carrier.has_card()


def test_the_page_hears_of_a_card_that_is_taken_away(
    desk: Visitor, bridge: Bridge, readers: InProcessReaders
) -> None:
    """卡被拿走,网页立即知道。"""
    assert becomes(desk, "ready") == "ready"
    readers.slots["Slot 0"] = None
    gone = "new Promise((resolve) => reader.on('card', (present) => resolve(present)))"
    assert desk.page.evaluate(gone) is False
    assert carry(desk)["reader_error"]
    assert bridge.carrier.reader == "Slot 0"


@pytest.mark.usefixtures("bridge")
def test_a_wrong_pairing_token_is_forgotten_and_asked_for_again(desk: Visitor) -> None:
    """配对码不对:重新询问,不保存。"""
    assert becomes(desk, "pairing", "WRONGONE") == "pairing"
    assert desk.page.evaluate("localStorage.getItem('onecard.reader')") is None
    assert carry(desk)["reader_error"] == "reader pairing"


@pytest.mark.usefixtures("bridge")
def test_a_relay_runs_to_its_end(desk: Visitor) -> None:
    """网页只传递步骤,直到平台说结束。"""
    assert becomes(desk, "ready") == "ready"
    ended = desk.page.evaluate(
        "(step) => reader.relay(step, async (posted) => ({ over: true, posted }))", STEP
    )
    assert len(ended["posted"]["answers"]) == 2
