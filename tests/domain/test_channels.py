"""The matrix of matters and channels, cell by cell (rule book 7)."""

from datetime import timedelta

import pytest

from onecard import policy, words
from onecard.domain.authority import Channel
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.refusal import FixKind
from tests import cast

COUNTERS = {Channel.HR_COUNTER, Channel.SERVICE_OUTLET}
OPEN = {
    Matter.FIRST_APPLICATION: COUNTERS
    | {Channel.PORTAL, Channel.CARD_FACE_BANK, Channel.OTHER_BANK, Channel.EMPLOYER},
    Matter.EXCHANGE: COUNTERS | {Channel.CARD_FACE_BANK, Channel.OTHER_BANK},
    Matter.REPLACEMENT: COUNTERS | {Channel.PORTAL, Channel.CARD_FACE_BANK},
    Matter.TEMPORARY_LOSS_HR: {Channel.PHONE},
    Matter.TEMPORARY_LOSS_FINANCIAL: {Channel.CARD_FACE_BANK},
    Matter.FORMAL_LOSS: COUNTERS | {Channel.PORTAL, Channel.CARD_FACE_BANK},
    Matter.WITHDRAW_TEMPORARY_LOSS: {Channel.CARD_FACE_BANK},
    Matter.WITHDRAW_FORMAL_LOSS: COUNTERS | {Channel.PORTAL, Channel.CARD_FACE_BANK},
    Matter.ENABLING: COUNTERS | {Channel.PORTAL, Channel.CARD_FACE_BANK},
    Matter.FINANCIAL_ACTIVATION: {Channel.CARD_FACE_BANK},
    Matter.HR_PIN_RESET: COUNTERS | {Channel.CARD_FACE_BANK},
    Matter.TOP_UP: {Channel.DIRECT_OUTLET, Channel.AGENCY_OUTLET, Channel.KIOSK, Channel.NFC_APP},
    Matter.PURSE_REFUND: {Channel.DIRECT_OUTLET},
    Matter.CANCELLATION: COUNTERS,
    Matter.STATUS_QUERY: COUNTERS
    | {
        Channel.PORTAL,
        Channel.PHONE,
        Channel.CARD_FACE_BANK,
        Channel.DIRECT_OUTLET,
        Channel.AGENCY_OUTLET,
        Channel.KIOSK,
        Channel.NFC_APP,
        Channel.EMPLOYER,
    },
    Matter.MEDICAL_FILING: {Channel.PORTAL, Channel.HR_COUNTER},
}


@pytest.fixture
def figures() -> ChannelPolicy:
    return policy.in_force("channels", ChannelPolicy, on=cast.MONDAY)


@pytest.mark.rule("rule book 7")
@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("act", list(Matter))
def test_every_cell_of_the_matrix(act: Matter, channel: Channel, figures: ChannelPolicy) -> None:
    """每项业务只在规定的渠道开放。"""
    refusal = may_use_channel(act=act, channel=channel, figures=figures)
    assert (refusal is None) == (channel in OPEN[act])
    if refusal is not None:
        assert refusal.code == "application.channel_not_open"


@pytest.mark.rule("SEED, FAQ 6 and 13")
def test_a_closed_channel_is_answered_with_the_open_ones(figures: ChannelPolicy) -> None:
    online = may_use_channel(act=Matter.EXCHANGE, channel=Channel.PORTAL, figures=figures)
    assert online is not None
    assert online.fix is not None
    assert (online.fix.kind, online.fix.detail) == (
        FixKind.USE_CHANNEL,
        {"channel": "service_outlet"},
    )
    said = words.explain(online)
    assert said.headline == "人社网上办事大厅不能办理换领"
    assert "社会保障卡服务网点" in said.next
    assert words.explain(online, "en").headline


def test_a_switch_in_the_loss_figures_opens_the_channel_of_the_matrix() -> None:
    """临时挂失渠道只有一处数据。"""
    with policy.in_pack("shanghai-sample"):
        theirs = policy.in_force("channels", ChannelPolicy, on=cast.MONDAY)
    refusal = may_use_channel(act=Matter.TEMPORARY_LOSS_HR, channel=Channel.PORTAL, figures=theirs)
    assert refusal is None


def test_before_the_first_day_nothing_is_in_force() -> None:
    pack = policy.find_pack("changzhou")
    issued = pack.figures["application", "issued_from"].values[0].since
    with pytest.raises(policy.NoFigureInForce, match="channels"):
        policy.in_force("channels", ChannelPolicy, on=issued - timedelta(days=1))
