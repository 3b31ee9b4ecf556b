"""Text messages, in process and over a wire."""

from __future__ import annotations

import pytest

from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.sms import SmsRejected
from onecard.adapters.sms.simulated import SentText
from tests import cast
from tests.adapters.stage import Stage

TEXT = "【一卡通】您的卡已寄出,邮资到付。Ünïcödé \U00020bb7"


def test_a_text_leaves_in_the_words_it_was_given(stage: Stage) -> None:
    answer = stage.partners.sms.send(message_id="evt_1", phone="13900000001", text=TEXT)
    assert answer is None
    assert stage.inside.sms.sent() == (SentText("evt_1", "13900000001", TEXT, cast.MONDAY_9AM),)


def test_the_same_message_id_sends_one_text(stage: Stage) -> None:
    """同一消息编号只发一条。"""
    for _ in range(3):
        stage.partners.sms.send(message_id="evt_1", phone="13900000001", text=TEXT)
    assert len(stage.inside.sms.sent()) == 1


@pytest.mark.rule("platform D8")
def test_the_magic_phones_fail_for_now_and_for_good(stage: Stage) -> None:
    """13800000003 暂时失败;13800000002 永久失败。"""
    sms = stage.partners.sms
    with pytest.raises(PartnerDown):
        sms.send(message_id="evt_1", phone="13800000003", text=TEXT)
    rejected = sms.send(message_id="evt_2", phone="13800000002", text=TEXT)
    assert rejected == SmsRejected("空号")
    assert stage.inside.sms.sent() == ()
