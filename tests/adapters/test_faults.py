"""What may go wrong with any partner, in process and over a wire: three outcomes, no fourth."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from onecard.adapters.caller import Patience
from onecard.adapters.faults import Fault
from onecard.adapters.http_partners import http_partners
from onecard.adapters.outcomes import PartnerDown, PartnerUnsure
from onecard.adapters.partners import Partners
from onecard.domain.hr_function import HrState
from onecard.seams.holding import HoldsRows, holding
from onecard.seams.transport import HttpTransport
from onecard.seams.world import World, in_world
from tests.adapters import test_bank, test_card_vendor, test_courier
from tests.adapters.stage import IMPATIENT, Stage, in_process, over_http

PORTRAIT = "320499199001019002"
AFTER_THE_WORK = (Fault.SLOW, Fault.BREAKS_AFTER, Fault.GARBAGE, Fault.OVERSIZED)


@dataclass(frozen=True)
class Call:
    """One call that has an effect, and how to count the effect from the inside."""

    partner: str
    do: Callable[[Partners], object]
    effects: Callable[[Stage], int]


def _register(partners: Partners) -> None:
    partners.hr_database.register_card(
        message_id="evt_1",
        identity_number=PORTRAIT,
        card_number="A12345678",
        bank="icbc",
        state=HrState.SEALED,
    )


def _scans(stage: Stage) -> int:
    stage.inside.courier.advance(stage.clock.now().replace(year=2030))
    scans = stage.inside.courier.scans_after("").scans
    return len({scan.ems_number for scan in scans})


CALLS = (
    Call("hr_database", _register, lambda s: len(s.inside.hr_database.cards_of(PORTRAIT))),
    Call(
        "bank:icbc",
        lambda p: p.banks["icbc"].open_account(test_bank.ORDER),
        lambda s: _entries(s, "bank:icbc", "account"),
    ),
    Call(
        "card_vendor",
        lambda p: p.card_vendor.print_card(test_card_vendor.ORDER),
        lambda s: _entries(s, "card_vendor", "printed"),
    ),
    Call("courier", lambda p: p.courier.hand_over(test_courier._parcel()), _scans),
    Call(
        "sms",
        lambda p: p.sms.send(message_id="evt_1", phone="13900000001", text="你好"),
        lambda s: len(s.inside.sms.sent()),
    ),
)


def _entries(stage: Stage, partner: str, kind: str) -> int:
    inside = stage.inside
    keeper = inside.banks["icbc"] if partner.startswith("bank") else inside.card_vendor
    with keeper._store.turn() as shelf:
        return len(shelf.every(kind))


each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.partner)


@each_call
def test_a_partner_that_cannot_be_reached_has_done_nothing(stage: Stage, call: Call) -> None:
    """对方不可达:肯定没有办。"""
    stage.inside.faults.set(call.partner, Fault.DOWN, times=1)
    with pytest.raises(PartnerDown) as down:
        call.do(stage.partners)
    assert down.value.partner == call.partner
    assert call.effects(stage) == 0
    call.do(stage.partners)
    assert call.effects(stage) == 1


@each_call
@pytest.mark.parametrize("fault", [Fault.BREAKS_AFTER, Fault.GARBAGE])
def test_work_done_without_an_answer_is_done_once_however_often_it_is_asked(
    stage: Stage, call: Call, fault: Fault
) -> None:
    """办了却没答复:用同一消息编号再问,只办一次。"""
    stage.inside.faults.set(call.partner, fault, times=2)
    for _ in range(2):
        with pytest.raises(PartnerUnsure):
            call.do(stage.partners)
    call.do(stage.partners)
    assert call.effects(stage) == 1


@each_call
def test_a_late_answer_leaves_it_open_whether_it_was_done(a_world: World, call: Call) -> None:
    """超时:不知道办了没有。"""
    with over_http(a_world, IMPATIENT) as stage:
        stage.inside.faults.set(call.partner, Fault.SLOW, times=1)
        with pytest.raises(PartnerUnsure):
            call.do(stage.partners)
        assert call.effects(stage) == 1


@pytest.mark.parametrize("way", [in_process, over_http])
def test_an_answer_without_end_is_cut_off(a_world: World, way: Callable[..., Stage]) -> None:
    """答复过大:截断,按没有答复处理。"""
    with way(a_world) as stage:  # type: ignore[attr-defined]
        stage.inside.faults.set("sms", Fault.OVERSIZED, times=1)
        with pytest.raises(PartnerUnsure, match="too large"):
            CALLS[-1].do(stage.partners)


@each_call
def test_a_call_that_arrives_twice_has_one_effect(stage: Stage, call: Call) -> None:
    """同一请求到达两次,只办一次。"""
    stage.inside.faults.set(call.partner, Fault.DUPLICATE)
    call.do(stage.partners)
    assert call.effects(stage) == 1


@each_call
def test_a_dead_port_is_a_partner_that_is_down(a_world: World, call: Call) -> None:
    """端口无人应答:对方不可达。"""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with in_world(replace(a_world, transport=HttpTransport())):
            partners = http_partners(address, now=a_world.clock.now, pause=lambda _: None)
            with pytest.raises(PartnerDown):
                call.do(partners)


@each_call
def test_no_partner_is_spoken_to_while_rows_are_held(stage: Stage, call: Call) -> None:
    """持有数据行时不得对外通信(进程内的模拟也一样)。"""
    with holding("some.act"), pytest.raises(HoldsRows, match=r"some\.act"):
        call.do(stage.partners)
    assert call.effects(stage) == 0


def test_the_real_name_service_fails_like_the_others(stage: Stage) -> None:
    stage.inside.faults.set("real_name", Fault.DOWN, times=1)
    asked = {"code": "c", "code_verifier": "v", "redirect_uri": "r", "nonce": "n"}
    with pytest.raises(PartnerDown):
        stage.partners.real_name.exchange(**asked)
    stage.inside.faults.set("real_name", Fault.GARBAGE, times=1)
    with pytest.raises(PartnerUnsure):
        stage.partners.real_name.exchange(**asked)


def test_a_sign_in_address_may_be_computed_while_rows_are_held(stage: Stage) -> None:
    with holding("some.act"):
        assert stage.partners.real_name.authorize_url(
            state="s", nonce="n", code_challenge="c", redirect_uri="http://localhost/"
        )


def test_one_dead_bank_leaves_the_other_banks_alone(stage: Stage) -> None:
    """一家银行不通,不影响其他银行。"""
    stage.inside.faults.set("bank:icbc", Fault.DOWN)
    stage.partners.banks["abc"].open_account(test_bank.ORDER)
    with pytest.raises(PartnerDown):
        stage.partners.banks["icbc"].open_account(test_bank.ORDER)
    stage.inside.faults.heal("bank:icbc")
    stage.partners.banks["icbc"].open_account(test_bank.ORDER)


def test_real_clients_try_again_by_themselves_where_that_is_safe(a_world: World) -> None:
    """可安全重试的请求,客户端自行重试。"""
    patient = Patience(timeout_seconds=3, tries=3)
    for fault in (Fault.DOWN, Fault.BREAKS_AFTER):
        with over_http(a_world, patient) as stage:
            stage.inside.faults.set("sms", fault, times=2)
            CALLS[-1].do(stage.partners)
            assert CALLS[-1].effects(stage) == 1


def test_a_code_is_never_redeemed_a_second_time_by_itself(a_world: World) -> None:
    """授权码不自动重试。"""
    with over_http(a_world, Patience(timeout_seconds=3, tries=3)) as stage:
        stage.inside.faults.set("real_name", Fault.BREAKS_AFTER, times=1)
        with pytest.raises(PartnerUnsure):
            stage.partners.real_name.exchange(
                code="c", code_verifier="v", redirect_uri="r", nonce="n"
            )


def test_whoever_lacks_the_token_is_not_served(a_world: World) -> None:
    """没有凭证,不予办理。"""
    with over_http(a_world, token="right") as stage:
        CALLS[-1].do(stage.partners)
        address = stage.partners.real_name.authorize_url(
            state="s", nonce="n", code_challenge="c", redirect_uri="http://localhost/"
        ).partition("/real-name")[0]
        stranger = http_partners(address, now=a_world.clock.now, token="wrong")
        with pytest.raises(PartnerDown, match="401"):
            CALLS[-1].do(stranger)
