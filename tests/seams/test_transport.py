"""The wire gives one of three outcomes, whatever the far end does."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from onecard.seams import transport
from onecard.seams.holding import HoldsRows, holding
from onecard.seams.transport import Answered, HttpTransport, NeverLeft, OutcomeUnknown, Request

HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def far_end(play: Callable[[socket.socket], None]) -> Iterator[Request]:
    """Somebody on a loopback port who takes one call and plays `play`."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65536)
                play(line)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield Request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", body=b"{}")
        thread.join(timeout=10)


def sent(request: Request, seconds: float = 1.0) -> transport.Outcome:
    return HttpTransport().send(request, timeout_seconds=seconds)


def test_a_reply_comes_back_as_it_is() -> None:
    with far_end(lambda line: line.sendall(HEAD + b"Content-Length: 2\r\n\r\nok")) as request:
        outcome = sent(request)
    assert isinstance(outcome, Answered)
    assert (outcome.status, outcome.body) == (200, b"ok")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    """不跟随重定向。"""
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with far_end(lambda line: line.sendall(moved)) as request:
        outcome = sent(request)
    assert isinstance(outcome, Answered)
    assert outcome.status == 302


def test_nobody_there_means_that_nothing_left() -> None:
    """连不上:肯定没有发出。"""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        outcome = sent(Request("POST", f"http://127.0.0.1:{port}/"))
    assert isinstance(outcome, NeverLeft)


def _hang_up(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 100\r\n\r\nhalf")


@pytest.mark.parametrize(
    "play",
    [lambda line: None, _hang_up, lambda line: line.sendall(b"no HTTP at all\r\n\r\n")],  # noqa: ARG005
    ids=["hangs up", "half a reply", "no HTTP"],
)
def test_a_call_that_breaks_off_may_have_been_done(play: Callable[[socket.socket], None]) -> None:
    """中途断开:不知道办了没有。"""
    with far_end(play) as request:
        assert isinstance(sent(request), OutcomeUnknown)


def _drip(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(100):
        try:
            line.sendall(b"x")
        except OSError:
            return
        time.sleep(0.05)


def test_an_answer_that_comes_drop_by_drop_is_given_up_in_time() -> None:
    """对方逐字节慢答:到时即放弃。"""
    with far_end(_drip) as request:
        begun = time.monotonic()
        outcome = sent(request, seconds=0.5)
        took = time.monotonic() - begun
    assert isinstance(outcome, OutcomeUnknown)
    assert took < 2


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """答复超过上限:截断,按没有答复处理。"""
    monkeypatch.setattr(transport, "MAX_REPLY", 1000)
    long = HEAD + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001
    with far_end(lambda line: line.sendall(long)) as request:
        assert sent(request) == OutcomeUnknown("reply too large")


@pytest.mark.parametrize("url", ["no address", "http://[broken", "ftp://127.0.0.1/", "http://"])
def test_to_an_address_that_is_none_nothing_leaves(url: str) -> None:
    assert isinstance(sent(Request("POST", url)), NeverLeft)


def test_the_wire_refuses_to_be_used_while_rows_are_held() -> None:
    """持有数据行时不得对外通信。"""
    with holding("some.act"), pytest.raises(HoldsRows):
        sent(Request("POST", "http://127.0.0.1:1/"))
