"""The bridge between a page in the browser and the reader on its desk."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from onecard.adapters.reader.bridge import BUSY, PROTOCOL, TOO_MANY, WRONG_TOKEN, Bridge
from onecard.adapters.reader.carrier import GIVEN, GONE, Carrier
from onecard.adapters.reader.in_process import InProcessReaders
from onecard.adapters.reader.once import GivenOnce
from onecard.chip import purse_commands, tap, transit_purse
from onecard.chip.purse_answers import LoadInitialized
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from onecard.chip.wire import for_phone
from tests.chip.desk import NOW, Host, a_card
from tests.reading import eventually

ORIGIN = "http://127.0.0.1:8000"
TOKEN = "K7Q2M4XW"
SLOT = "Slot 0"
PIN = "135790"


class Bench:
    """A bridge over an in-process card, and pages that call it."""

    def __init__(self, folder: Path) -> None:
        self.card = a_card()
        self.readers = InProcessReaders({SLOT: self.card})
        self.said: list[str] = []
        self.given = folder / "given"
        carrier = Carrier(self.readers, SLOT, GivenOnce(self.given), self.said.append)
        self.bridge = Bridge(carrier, (ORIGIN,), TOKEN, port=0, tell=self.said.append)

    @contextmanager
    def page(self, token: str = TOKEN, **changes: Any) -> Iterator[Page]:
        """A page that has said hello."""
        asked = {"origin": ORIGIN, "subprotocols": [PROTOCOL], **changes}
        with connect(self.bridge.address, **asked) as wire:
            with suppress(ConnectionClosed):
                wire.send(json.dumps({"type": "hello", "token": token}))
            yield Page(wire)


class Page:
    """What the script of a page does."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire

    def hear(self) -> dict[str, Any]:
        """The next message."""
        return dict(json.loads(self.wire.recv(5)))

    def carry(self, seq: int, *commands: Any, dialogue: str = "tap_1") -> dict[str, Any]:
        """Carry one step."""
        apdus = [
            {"hex": one.encode().hex().upper(), "go_on": [f"{word:04X}" for word in one.goes_on]}
            for one in commands
        ]
        step = {"type": "step", "dialogue": dialogue, "seq": seq, "apdus": apdus}
        self.wire.send(json.dumps({**step, "card_timeout_ms": 3000}))
        return self.hear()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bridge that serves."""
    made = Bench(tmp_path)
    thread = threading.Thread(target=made.bridge.serve_forever)
    thread.start()
    yield made
    made.bridge.stop()
    thread.join()


def select() -> Any:
    """SELECT the purse."""
    return purse_commands.select(Host().profile.aids[0])


def credit(host: Host, card: SimulatedCard) -> Any:
    """A signed `80 52` for this card."""
    _, mac2 = host.begin(card, 10_000)
    step = next(transit_purse.credit_load(at=NOW, mac2=mac2))
    assert for_phone(step)
    return step.commands[0]


def test_a_page_carries_steps_to_the_card(bench: Bench) -> None:
    """网页经读卡桥把步骤送到卡上。"""
    with bench.page() as page:
        assert page.hear() == {"type": "ready", "reader": SLOT, "card": True}
        told = page.carry(1, select(), purse_commands.get_balance())
        assert (told["type"], told["dialogue"], told["seq"]) == ("answers", "tap_1", 1)
        assert [answer[-4:] for answer in told["answers"]] == ["9000", "9000"]
        assert (told["lost_after"], told["reader_error"]) == (None, "")


def test_a_step_ends_at_the_first_answer_it_does_not_go_on_after(bench: Bench) -> None:
    with bench.page() as page:
        page.hear()
        told = page.carry(1, purse_commands.get_balance(), select())
        assert told["answers"] == ["6985"]


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:8001", None, "null"])
def test_a_page_of_another_origin_is_refused(bench: Bench, origin: str | None) -> None:
    """别的来源的网页连不上。"""
    with pytest.raises(InvalidStatus) as refused, bench.page(origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("host", ["rebound.example:{port}", "127.0.0.1:1", "127.0.0.1"])
def test_a_name_that_only_points_here_is_refused(bench: Bench, host: str) -> None:
    """DNS 重绑定:主机名不是本机的,拒绝。"""
    strange = {"Host": host.format(port=bench.bridge.port)}
    with pytest.raises(InvalidStatus) as refused, bench.page(additional_headers=strange):
        pass
    assert refused.value.response.status_code == 403


def test_another_program_without_the_token_is_refused(bench: Bench) -> None:
    """没有配对码的本机程序不能用;错五次后一概不理。"""
    for code in [WRONG_TOKEN] * 5 + [TOO_MANY]:
        with bench.page(token="GUESSED1") as page, pytest.raises(ConnectionClosed) as closed:
            page.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
    with bench.page() as page, pytest.raises(ConnectionClosed):
        page.hear()


def test_one_browser_at_a_time(bench: Bench) -> None:
    """同时只服务一个网页,它走了下一个才能来。"""
    with bench.page() as first:
        first.hear()
        with bench.page() as second, pytest.raises(ConnectionClosed) as closed:
            second.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == BUSY

    def third() -> bool:
        with bench.page() as page:
            try:
                return bool(page.hear()["type"] == "ready")
            except ConnectionClosed:
                return False

    assert eventually(third)


def test_the_page_is_told_of_a_card_that_comes_and_goes(bench: Bench) -> None:
    with bench.page() as page:
        page.hear()
        bench.readers.slots[SLOT] = None
        assert page.hear() == {"type": "card", "present": False}
        told = page.carry(1, select())
        assert (told["answers"], told["lost_after"]) == ([], None)
        assert told["reader_error"]
        bench.readers.slots[SLOT] = bench.card
        assert page.hear() == {"type": "card", "present": True}
        assert page.carry(1, select())["answers"]


@pytest.mark.rule("card reference 12: at most once")
def test_a_command_that_moves_money_reaches_the_card_once(bench: Bench) -> None:
    """写卡命令至多给卡一次:重发得原答,换名、重启也不再发。"""
    host = Host()
    with bench.page() as page:
        page.hear()
        wish = host.wish(10_000)
        step = next(tap.tap(host.profile, wish))
        told = page.carry(1, *step.commands)
        init = _init(told)
        mac2 = host.keys.authorise_load(
            host.card,
            host.profile,
            init,
            amount_fen=10_000,
            terminal=wish.challenge.terminal,
            at=NOW,
        )
        command = next(transit_purse.credit_load(at=NOW, mac2=mac2)).commands[0]
        first = page.carry(2, command)
        assert first["answers"][0].endswith("9000")
        assert page.carry(2, command) == first
        again = page.carry(1, command, dialogue="tap_other")
        assert (again["answers"], again["lost_after"]) == ([], 0)
        assert again["reader_error"] == GIVEN
    assert bench.card.balance_fen == 15_000
    assert len(bench.card.movements) == 1
    restarted = GivenOnce(bench.given)
    assert len(bench.given.read_text().split()) == 1
    assert not restarted.may_give(bench.given.read_text().strip())


def _init(told: dict[str, Any]) -> Any:
    return LoadInitialized.decode(bytes.fromhex(told["answers"][-1])[:-2])


def test_after_a_loss_nothing_of_the_dialogue_is_sent_any_more(bench: Bench) -> None:
    """失联后同一会话不再发送。"""
    with bench.page() as page:
        page.hear()
        bench.card.tear(NINE_TEAR_POINTS["after_select"])
        told = page.carry(1, select(), purse_commands.get_balance())
        assert (told["answers"], told["lost_after"]) == ([], 0)
        assert page.carry(1, select(), purse_commands.get_balance()) == told
        assert page.carry(2, select())["reader_error"] == GONE
        assert page.carry(1, select(), dialogue="tap_2")["answers"][0].endswith("9000")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seq": -1}, "seq"),
        ({"seq": True}, "seq"),
        ({"dialogue": ""}, "dialogue"),
        ({"apdus": []}, "apdus"),
        ({"apdus": [{"hex": "00A4040", "go_on": []}]}, "apdus"),
        ({"apdus": [{"hex": "00", "go_on": []}]}, "4 to 261 bytes"),
        ({"apdus": [{"hex": "805C000204", "go_on": ["90"]}]}, "status word"),
        ({"apdus": [{"hex": "80520000", "go_on": []}] * 2}, "travel alone"),
        ({"card_timeout_ms": 0}, "card_timeout_ms"),
        ({"type": "shell"}, "type"),
    ],
)
def test_what_is_no_step_is_refused_by_field(
    bench: Bench, changes: dict[str, Any], says: str
) -> None:
    """不成步骤的消息:指出字段和范围。"""
    plain = {"type": "step", "dialogue": "tap_1", "seq": 1}
    apdus = [{"hex": "805C000204", "go_on": ["9000"]}]
    with bench.page() as page:
        page.hear()
        page.wire.send(json.dumps({**plain, "apdus": apdus, **changes}))
        told = page.hear()
    assert told["type"] == "refused"
    assert says in told["says"]


def test_no_pin_and_no_mac_stands_in_any_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """日志里没有密码,没有 MAC2,没有卡片数据。"""
    caplog.set_level(logging.DEBUG)
    host = Host()
    command = credit(host, bench.card)
    with bench.page() as page:
        page.hear()
        page.carry(1, select(), purse_commands.verify(bytes.fromhex(PIN)))
        page.carry(2, command)
    written = " ".join([*bench.said, caplog.text, bench.given.read_text()]).upper()
    secret = command.encode().hex().upper()
    assert "TAP_1 STEP 2" in written
    assert PIN not in written
    assert secret not in written
    assert secret[24:32] not in written
