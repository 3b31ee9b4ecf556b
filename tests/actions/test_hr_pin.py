"""The HR PIN is set, tried and reset; too many wrong ones lock it; nobody can read it here."""

from __future__ import annotations

import pytest

from onecard import policy
from onecard.actions import hr_pin
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import Refused
from onecard.records.models import AuditRow, Card, CardPin, OutboxRow, RequestResult
from tests import cast
from tests.lost_card import BY_AGENT, IN_HAND, OWN, TELLER, a_card, by_phone, fresh, now, online

pytestmark = pytest.mark.django_db
PIN, NEW = "738291", "604815"
HOSPITAL = Actor(Role.HOSPITAL_CLERK, "stf_hospital", Channel.OFFICE)


def set_first(card: Card, pin: str = PIN, shown: Shown = OWN) -> hr_pin.PinReceipt:
    return hr_pin.set_first(
        card=card.ref, proof=IN_HAND, shown=shown, pin=pin, actor=cast.CLERK, at=now()
    )


def tried(card: Card, pin: str = PIN) -> hr_pin.PinTried:
    return hr_pin.try_pin(card=card.ref, pin=pin, actor=HOSPITAL, at=now())


def reset(card: Card, pin: str = NEW, actor: Actor = TELLER) -> hr_pin.PinReceipt:
    return hr_pin.reset(card=card.ref, proof=IN_HAND, shown=OWN, pin=pin, actor=actor, at=now())


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.rule("CODE C5: 080; rule book 13")
def test_business_waits_until_a_pin_is_set() -> None:
    """初始密码(未设置)不办业务。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        tried(card)
    assert code_of(refused) == "hr_function.pin_not_set"
    set_first(card)
    assert tried(card).right
    with pytest.raises(Refused) as refused:
        set_first(card)
    assert code_of(refused) == "hr_function.pin_set_already"


@pytest.mark.rule("OTHER-CITY S31")
@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("000000", "hr_function.pin_too_simple"),
        ("123456", "hr_function.pin_too_simple"),
        (cast.ADULT[6:12], "hr_function.pin_too_simple"),
        (cast.ADULT[10:16], "hr_function.pin_too_simple"),
        ("12345", "hr_function.pin_malformed"),
        ("1234567", "hr_function.pin_malformed"),
        ("", "hr_function.pin_malformed"),
        ("７３８２９１", "hr_function.pin_malformed"),
        ("٣٣٣٣٣٣", "hr_function.pin_malformed"),
        ("12a456", "hr_function.pin_malformed"),
    ],
)
def test_simple_and_odd_pins_are_refused(pin: str, code: str) -> None:
    """不得为000000、123456、身份证号中的数字;须为6位数字。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        set_first(card, pin)
    assert code_of(refused) == code
    assert not CardPin.objects.exists()


@pytest.mark.rule("OTHER-CITY S31")
def test_six_wrong_ones_in_a_row_lock_the_function() -> None:
    """连续输错6次锁定;中间输对则重新计数。"""
    _, card = a_card()
    set_first(card)
    assert [tried(card, NEW).left for _ in range(5)] == [5, 4, 3, 2, 1]
    assert tried(card).left == 6
    assert [tried(card, NEW).left for _ in range(5)] == [5, 4, 3, 2, 1]
    last = tried(card, NEW)
    assert (last.right, last.left, last.hr_state) == (False, 0, "locked")
    assert fresh(card).hr_state is HrState.LOCKED
    with pytest.raises(Refused) as refused:
        tried(card)
    assert code_of(refused) == "hr_function.locked"
    told = OutboxRow.objects.filter(event="function.locked").values_list("party", flat=True)
    assert set(told) == {"hr_database", "sms"}


def test_a_city_counts_its_own_tries() -> None:
    """错误次数上限由城市决定。"""
    _, card = a_card()
    set_first(card)
    with policy.in_pack("shanghai-sample"):
        for _ in range(5):
            last = tried(card, NEW)
    assert last.hr_state == "locked"


def test_a_wrong_one_is_a_refusal_for_whoever_asks_for_business() -> None:
    """办业务时密码错误:告知还可试几次。"""
    _, card = a_card()
    set_first(card)
    with pytest.raises(Refused) as refused:
        hr_pin.verify(card=card.ref, pin=NEW, actor=HOSPITAL, at=now())
    assert (code_of(refused), refused.value.refusal.measured["left"]) == (
        "hr_function.pin_wrong",
        5,
    )
    for _ in range(4):
        tried(card, NEW)
    with pytest.raises(Refused) as refused:
        hr_pin.verify(card=card.ref, pin=NEW, actor=HOSPITAL, at=now())
    assert code_of(refused) == "hr_function.locked"
    assert fresh(card).hr_state is HrState.LOCKED


def test_a_document_at_an_outlet_unlocks_and_resets() -> None:
    """持证件到网点重置:解锁并换新密码。"""
    _, card = a_card()
    set_first(card)
    assert reset(card, PIN).notice == "hr_function.not_locked"
    for _ in range(6):
        tried(card, NEW)
    receipt = reset(card)
    assert (receipt.hr_state, receipt.notice) == ("normal", "")
    assert tried(card, NEW).right
    assert not tried(card, PIN).right


@pytest.mark.parametrize("shown", [BY_AGENT, Shown(None)])
def test_nobody_else_sets_or_resets_a_pin(shown: Shown) -> None:
    """密码须本人办,不代办;须证件原件、持卡。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        set_first(card, shown=shown)
    assert code_of(refused) in {"authority.in_person_only", "documents.not_original"}
    with pytest.raises(Refused) as refused:
        hr_pin.reset(card=card.ref, proof=CardInHand(), shown=OWN, pin=PIN, actor=TELLER, at=now())
    assert code_of(refused) == "collection.card_not_in_hand"


def test_a_pin_is_changed_with_the_old_one_and_a_wrong_old_one_counts() -> None:
    """修改密码须原密码;原密码输错同样计次。"""
    _, card = a_card()
    set_first(card)
    facts = {"card": card.ref, "proof": IN_HAND, "actor": cast.CLERK, "at": now()}
    with pytest.raises(Refused) as refused:
        hr_pin.change(old=NEW, new=NEW, **facts)
    assert code_of(refused) == "hr_function.pin_wrong"
    assert CardPin.objects.get().wrong_tries == 1
    hr_pin.change(old=PIN, new=NEW, **facts)
    assert tried(card, NEW).right
    with pytest.raises(Refused) as refused:
        hr_pin.change(old=NEW, new="000000", **facts)
    assert code_of(refused) == "hr_function.pin_too_simple"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (HrState.SEALED, "hr_function.not_enabled"),
        (HrState.CANCELLED, "hr_function.cancelled"),
        (HrState.FORMAL_LOSS, "hr_function.lost"),
    ],
)
def test_a_card_that_does_not_work_has_no_use_for_a_pin(state: HrState, code: str) -> None:
    """未启用、已挂失、已注销的卡不能设密码。"""
    _, card = a_card(hr_state=state)
    with pytest.raises(Refused) as refused:
        set_first(card)
    assert code_of(refused) == code


def test_while_it_is_lost_the_pin_opens_nothing_and_counts_nothing() -> None:
    """挂失期间密码无效,也不计次、不锁定。"""
    _, card = a_card()
    set_first(card)
    by_phone(card)
    for report in (lambda: None, lambda: online(card)):
        report()
        with pytest.raises(Refused) as refused:
            tried(card, NEW)
        assert code_of(refused) == "hr_function.lost"
    assert CardPin.objects.get().wrong_tries == 0


@pytest.mark.rule("guarantees P2: only a keyed digest bound to the card is kept")
def test_no_pin_can_be_read_out_of_the_archive() -> None:
    """密码不落库:库里只有绑定此卡的带密钥摘要。"""
    _, card = a_card()
    set_first(card)
    tried(card, NEW)
    kept = CardPin.objects.get()
    assert len(kept.verifier) == 64
    for model in (CardPin, AuditRow, OutboxRow, RequestResult):
        dump = str(list(model.objects.values()))
        assert PIN not in dump
        assert NEW not in dump
