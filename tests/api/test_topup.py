"""充值的接力: two posts while the card is held, safe to repeat, and every way of asking badly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from onecard.adapters.purse_keys import in_purse_keys
from onecard.chip.simulated_card import SimulatedCard
from onecard.domain.authority import Role
from onecard.records.models import Discrepancy
from tests import made_card
from tests.api.calling import Program, program
from tests.chip.desk import a_card
from tests.topping_up import Silent, keys, pay, state

pytestmark = pytest.mark.django_db
SCOPES = ("topup.read", "topup.write")


@pytest.fixture(autouse=True)
def custody() -> Iterator[None]:
    """The test keys."""
    with keys():
        yield


@pytest.fixture
def app() -> Program:
    """常州行 of a citizen who has signed in."""
    person = made_card.a_person()
    return program(Role.CITIZEN, *SCOPES, person=person.ref)


@pytest.fixture
def card() -> SimulatedCard:
    """A card on the phone."""
    return a_card()


def held(card: SimulatedCard, step: dict[str, Any]) -> dict[str, Any]:
    """What a carrier posts for one step."""
    answers: list[str] = []
    for apdu in step["apdus"]:
        answers.append(card.transmit(bytes.fromhex(apdu["hex"])).hex().upper())
        if answers[-1][-4:] not in apdu["go_on"]:
            break
    return {"seq": step["seq"], "answers": answers}


def carry(app: Program, card: SimulatedCard, step: dict[str, Any]) -> dict[str, Any]:
    """Carry steps until the tap is over."""
    card.enter_field()
    while not step["over"]:
        answer = app.post(f"/topup/taps/{step['tap']}/answers", held(card, step))
        assert answer.status_code == 200, answer.content
        step = answer.json()
    return step


def ordered(app: Program, card: SimulatedCard) -> str:
    """Look at the card, choose 50 yuan, pay."""
    looked = carry(app, card, app.post("/topup/taps").json())
    body = {
        "purse": looked["facts"]["purse"],
        "amount_fen": 5000,
        "shown_balance_fen": looked["facts"]["balance_fen"],
        "platform": "android",
    }
    answer = app.post("/topup/orders", body)
    assert answer.status_code == 201, answer.content
    order: str = answer.json()["order"]
    pay(order)
    return order


@pytest.mark.rule("SEED, FAQ 14; card reference 12")
def test_an_app_reads_orders_pays_and_loads(app: Program, card: SimulatedCard) -> None:
    """读卡、选金额、付款、贴住卡、写入、成功。"""
    order = ordered(app, card)
    before = app.get(f"/topup/orders/{order}").json()
    assert (before["state"], before["may_tap"], before["evidence_word"]) == ("paid", True, "")
    done = carry(app, card, app.post(f"/topup/orders/{order}/taps").json())
    assert (done["outcome"], done["state"]) == ("topup.tap.loaded", "loaded")
    seen = app.get(f"/topup/orders/{order}").json()
    assert (seen["state"], seen["evidence_word"]) == ("loaded", "topup.evidence.p1")
    assert [row["order"] for row in app.get("/topup/orders").json()] == [order]
    purse = app.get(f"/topup/purses/{seen['purse']}").json()
    assert (purse["balance_fen"], purse["most_fen"], purse["orders"]) == (10_000, 90_000, [])


@pytest.mark.rule("SEED, FAQ 14: Android; refused before payment")
def test_an_iphone_is_refused_before_anything_is_paid(app: Program, card: SimulatedCard) -> None:
    """苹果手机在付款前就说明不支持。"""
    looked = carry(app, card, app.post("/topup/taps").json())
    body = {"purse": looked["facts"]["purse"], "amount_fen": 5000, "platform": "ios"}
    answer = app.post("/topup/orders", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "topup.platform_not_supported")


@pytest.mark.rule("card reference 12: re-posting")
def test_posting_again_is_safe_and_posting_otherwise_is_409(
    app: Program, card: SimulatedCard
) -> None:
    """重发同一应答得同一步骤;不同应答409并记录。"""
    order = ordered(app, card)
    step = app.post(f"/topup/orders/{order}/taps").json()
    card.enter_field()
    path, body = f"/topup/taps/{step['tap']}/answers", held(card, step)
    second = app.post(path, body).json()
    assert app.post(path, body).json() == second
    assert app.get(f"/topup/taps/{step['tap']}").json() == second
    other = app.post(path, body | {"answers": ["9000"]})
    assert (other.status_code, other.json()["code"]) == (409, "topup.other_answers")
    assert Discrepancy.objects.count() == 1
    ahead = app.post(path, {"seq": 9, "answers": []})
    assert (ahead.status_code, ahead.json()["code"]) == (409, "topup.wrong_step")
    assert app.post(path, held(card, second)).json()["outcome"] == "topup.tap.loaded"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"seq": 1, "answers": ["XY"]}, 400, "request.field_value"),
        ({"seq": 1, "answers": ["9"]}, 400, "request.field_value"),
        ({"seq": "1"}, 400, "request.field_type"),
        ({"seq": 1, "answers": ["9000"] * 9}, 422, "topup.too_many_answers"),
        ({"seq": 1, "answers": ["00" * 259]}, 422, "topup.answer_length"),
        ({"seq": 1, "answers": [], "amount_fen": 1}, 400, "request.unknown_field"),
    ],
)
def test_a_bad_post_is_told_its_field(
    app: Program, card: SimulatedCard, body: dict[str, Any], status: int, code: str
) -> None:
    """应答格式不对:指出字段、上限。"""
    order = ordered(app, card)
    step = app.post(f"/topup/orders/{order}/taps").json()
    answer = app.post(f"/topup/taps/{step['tap']}/answers", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert state(order) == "paid"


@pytest.mark.rule("card reference 11, fault 25")
def test_a_silent_custody_is_503_and_the_same_post_succeeds_later(
    app: Program, card: SimulatedCard
) -> None:
    """密钥服务停:503,重发同一请求即可。"""
    order = ordered(app, card)
    step = app.post(f"/topup/orders/{order}/taps").json()
    card.enter_field()
    path, body = f"/topup/taps/{step['tap']}/answers", held(card, step)
    with in_purse_keys(Silent()):  # type: ignore[arg-type]
        silent = app.post(path, body)
    assert (silent.status_code, silent.json()["code"]) == (503, "topup.keys_unavailable")
    assert app.post(path, body).status_code == 200


def test_foreign_orders_and_taps_do_not_exist(app: Program, card: SimulatedCard) -> None:
    """别人的订单和贴卡一律404;没有权限403。"""
    order = ordered(app, card)
    step = app.post(f"/topup/orders/{order}/taps").json()
    other = made_card.a_person(number="320499199001010016")
    stranger = program(Role.CITIZEN, *SCOPES, person=other.ref)
    for answer in (
        stranger.get(f"/topup/orders/{order}"),
        stranger.post(f"/topup/orders/{order}/taps"),
        stranger.post(f"/topup/orders/{order}/refund", {"reason": ""}),
        stranger.get(f"/topup/taps/{step['tap']}"),
        stranger.post(f"/topup/taps/{step['tap']}/answers", {"seq": 1}),
    ):
        assert answer.status_code == 404, answer.content
    reader = program(Role.CITIZEN, "topup.read", person=other.ref)
    assert reader.post("/topup/taps").status_code == 403


@pytest.mark.rule("rule book 22.3: ask payment refund")
def test_money_in_doubt_is_asked_back_and_goes_back_after_a_tap(
    app: Program, card: SimulatedCard
) -> None:
    """写卡未明要退款:422并记下;贴卡证明未写入即退。"""
    order = ordered(app, card)
    step = app.post(f"/topup/orders/{order}/taps").json()
    card.enter_field()
    second = app.post(f"/topup/taps/{step['tap']}/answers", held(card, step)).json()
    lost = {"seq": second["seq"], "answers": [], "lost_after": 0}
    app.post(f"/topup/taps/{step['tap']}/answers", lost)
    asked = app.post(f"/topup/orders/{order}/refund", {"reason": "不要了"})
    assert (asked.status_code, asked.json()["code"]) == (422, "topup.in_doubt_needs_card")
    assert app.get(f"/topup/orders/{order}").json()["refund_wanted"]
    done = carry(app, card, app.post(f"/topup/orders/{order}/taps").json())
    assert (done["outcome"], state(order)) == ("topup.tap.refunding", "refunding")
