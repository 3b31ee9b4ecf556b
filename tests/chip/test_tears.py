"""Every tear point at every command: money is never made and never lost inside the card."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onecard.chip import purse_commands, purse_reading, transit_purse
from onecard.chip.dialogue import Dialogue, ask
from onecard.chip.fault import CardLost, ChipError
from onecard.chip.purse_facts import OnlineAttempt
from onecard.chip.purse_files import JOURNEY_LOG, JourneyRecord, TransactionType
from onecard.chip.purse_profile import PinRule
from onecard.chip.purse_vectors import SM4, TRIPLE_DES, VectorSet
from onecard.chip.simulated_card import (
    NINE_TEAR_POINTS,
    Manners,
    Moment,
    Pin,
    SimulatedCard,
    Tear,
)
from onecard.chip.status import CommandKind, Status
from onecard.chip.wire import hold
from tests.chip.desk import ISSUERS_PIN, NOW, Gate, Host, a_card, money_fits

K, M = CommandKind, Moment
LOAD, UNLOAD = TransactionType.LOAD, TransactionType.UNLOAD
START_FEN = 5000
JOURNEY = JourneyRecord.vectors[0][1].encode()
WRITES = range(6)

MOMENTS = [
    Tear(M.BEFORE),
    *[Tear(M.DURING, write=nth) for nth in WRITES],
    *[Tear(M.FAILS, write=nth) for nth in WRITES],
    Tear(M.UNLOGGED),
    Tear(M.AFTER),
]


def _name(tear: Tear) -> str:
    return f"{tear.moment.value}-{tear.write}"


def _card(vectors: VectorSet = TRIPLE_DES) -> SimulatedCard:
    return a_card(vectors, pin=Pin(ISSUERS_PIN), manners=Manners(unload_p2=frozenset({1})))


def _host(vectors: VectorSet = TRIPLE_DES) -> Host:
    rule = {"pin": PinRule.BEFORE_INITIALIZE}
    return Host(vectors, pin=ISSUERS_PIN, profile_changes=rule)  # type: ignore[arg-type]


def _story(card: SimulatedCard, host: Host) -> list[Callable[[], object]]:
    """A day of a card, using every command of the purse; each part goes on after a loss."""
    gate = Gate(host)
    update = transit_purse.CappUpdate(JOURNEY_LOG, 0, JOURNEY)
    return [
        lambda: hold(_look_around(host), card.transmit),
        lambda: host.load(card, 10000),
        lambda: gate.take(card, 300),
        lambda: gate.take_with_journey(card, 200, update),
        lambda: host.unload(card, 1000),
        lambda: hold(transit_purse.prove(LOAD, 0x2B), card.transmit),
        lambda: hold(purse_reading.read_transactions(), card.transmit),
    ]


def _look_around(host: Host) -> Dialogue[None]:
    """Select and read what can be read."""
    yield from purse_reading.select_purse(host.profile)
    yield from purse_reading.read_balance()
    yield from purse_reading.read_management()
    yield from ask(purse_commands.get_challenge(4))


def _live_through(card: SimulatedCard, host: Host, tear: Tear) -> int:
    """Tell the story with one tear in it; how often the card was lost or refused."""
    trouble = 0
    card.tear(tear)
    for part in _story(card, host):
        try:
            part()
        except ChipError:
            trouble += 1
            card.enter_field()
    return trouble


@pytest.mark.rule("card reference 6: balance, counter and MAC/TAC are all or nothing")
@pytest.mark.parametrize("kind", CommandKind, ids=lambda kind: str(kind.value))
@pytest.mark.parametrize("tear", MOMENTS, ids=_name)
def test_no_tear_at_any_command_makes_or_loses_money(tear: Tear, kind: CommandKind) -> None:
    """任何指令、任何时刻断开,卡内资金不增不减。"""
    card, host = _card(), _host()
    _live_through(card, host, Tear(tear.moment, kind, tear.write))
    card.enter_field()
    online = [moved for moved in card.movements if moved.type in {LOAD, UNLOAD}]
    assert money_fits(card, START_FEN)
    assert card.load_counter == 0x2A + len(online)
    assert card.purchase_counter == 0x0107 + len(card.movements) - len(online)
    assert host.look(card).balance_fen == card.balance_fen
    host.load(card, 100)
    assert money_fits(card, START_FEN)


def test_the_story_uses_every_command_and_a_quiet_day_has_no_trouble() -> None:
    card, host = _card(), _host()
    used: set[int] = set()
    transmit = card.transmit

    def listening(raw: bytes) -> bytes:
        used.add(raw[1])
        return transmit(raw)

    card.transmit = listening  # type: ignore[method-assign]
    assert _live_through(card, host, Tear(M.FAILS, K.SELECT)) == 0
    assert used >= {0xA4, 0xB0, 0xB2, 0x20, 0x84, 0x5C, 0x50, 0x52, 0x54, 0x5A, 0xDC}
    assert len(card.movements) == 4


def _torn_load(card: SimulatedCard, host: Host, tear: Tear) -> OnlineAttempt:
    """Sign a load, arm the tear, send the credit; the attempt the server has saved."""
    attempt, mac2 = host.begin(card, 10000)
    card.tear(tear)
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
    assert lost.value.outcome_unknown
    card.enter_field()
    return attempt


NOT_WRITTEN = [Tear(M.BEFORE), *[Tear(M.DURING, write=n) for n in range(4)]]
WRITTEN = [Tear(M.DURING, write=4), Tear(M.UNLOGGED), Tear(M.AFTER)]


@pytest.mark.rule("card reference 11, faults 11, 12")
@pytest.mark.parametrize("vectors", [TRIPLE_DES, SM4], ids=["3des", "sm4"])
@pytest.mark.parametrize("tear", NOT_WRITTEN, ids=_name)
def test_a_load_torn_before_its_commit_left_nothing_and_is_proven_so(
    tear: Tear, vectors: VectorSet
) -> None:
    """提交前断开:余额、序号不变,80 5A 答 9406,新的初始化证明未写入,再写一次只入账一次。"""
    card, host = _card(vectors), _host(vectors)
    attempt = _torn_load(card, host, tear)
    assert not host.ask_for_proof(card, attempt)
    proven = host.look(card)
    assert (proven.balance_fen, proven.counter) == (START_FEN, attempt.counter)
    host.load(card, 10000)
    assert [moved.amount_fen for moved in card.movements] == [10000]


@pytest.mark.rule("card reference 11, fault 13")
@pytest.mark.parametrize("vectors", [TRIPLE_DES, SM4], ids=["3des", "sm4"])
@pytest.mark.parametrize("tear", WRITTEN, ids=_name)
def test_a_load_torn_after_its_commit_is_proven_and_credited_once(
    tear: Tear, vectors: VectorSet
) -> None:
    """提交后断开:80 5A 给出服务器算得的 TAC,只入账一次。"""
    card, host = _card(vectors), _host(vectors)
    attempt = _torn_load(card, host, tear)
    assert host.ask_for_proof(card, attempt)
    proven = host.look(card)
    assert (proven.balance_fen, proven.counter) == (START_FEN + 10000, attempt.proof_counter)
    assert [moved.amount_fen for moved in card.movements] == [10000]


@pytest.mark.rule("card reference 6: the log record may be missing although the money moved")
def test_a_log_record_may_be_missing_for_ever_although_the_money_moved() -> None:
    """只有余额和序号更新成功后才写明细;明细缺失不代表未入账。"""
    card, host = _card(), _host()
    attempt = _torn_load(card, host, Tear(M.UNLOGGED))
    assert host.ask_for_proof(card, attempt)
    assert hold(purse_reading.read_transactions(), card.transmit) == ()
    host.load(card, 100)
    counters = [r.counter for r in hold(purse_reading.read_transactions(), card.transmit)]
    assert counters == [0x2C]


def test_a_log_record_never_stands_for_money_that_did_not_move() -> None:
    """未入账绝无明细。"""
    for tear in NOT_WRITTEN:
        card, host = _card(), _host()
        _torn_load(card, host, tear)
        hold(purse_reading.select_purse(host.profile), card.transmit)
        assert hold(purse_reading.read_transactions(), card.transmit) == ()


@pytest.mark.rule("card reference 11, fault 23")
@pytest.mark.parametrize("write", range(4))
def test_a_memory_that_fails_undoes_everything_and_says_6581(write: int) -> None:
    """6581:卡内全部撤销,服务端仍视为结果未知。"""
    card, host = _card(), _host()
    attempt, mac2 = host.begin(card, 10000)
    card.tear(Tear(M.FAILS, K.CREDIT_FOR_LOAD, write))
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
    assert (lost.value.status, lost.value.outcome_unknown) == (Status(0x6581), True)
    assert host.look(card).counter == attempt.counter
    assert card.balance_fen == START_FEN


@pytest.mark.rule("card reference 11, fault 21")
@pytest.mark.parametrize("tear", [Tear(M.BEFORE), Tear(M.AFTER)], ids=_name)
def test_a_fare_between_tear_and_tap_changes_no_conclusion(tear: Tear) -> None:
    """断开后先坐了一趟车,不影响判定。"""
    card, host = _card(), _host()
    attempt = _torn_load(card, host, tear)
    Gate(host).take(card, 300)
    written = tear.moment is M.AFTER
    assert host.ask_for_proof(card, attempt) is written
    assert (host.look(card).counter == attempt.counter) is not written


@pytest.mark.rule("card reference 11, fault 20")
def test_a_load_by_another_channel_hides_our_proof_and_moves_the_counter() -> None:
    """中间另有渠道充值:80 5A 不是我们的 TAC,序号已动,不能下结论。"""
    card, host = _card(), _host()
    attempt = _torn_load(card, host, Tear(M.AFTER))
    host.load(card, 2000)
    assert not host.ask_for_proof(card, attempt)
    assert host.look(card).counter != attempt.counter


@pytest.mark.parametrize("point", NINE_TEAR_POINTS)
def test_the_nine_points_of_the_acceptance_list_heal_at_the_next_tap(point: str) -> None:
    """九个断点在下次贴卡时都能了结,且只入账一次。"""
    card, host = _card(), _host()
    card.tear(NINE_TEAR_POINTS[point])
    try:
        attempt = host.load(card, 10000)
    except CardLost:
        card.enter_field()
    else:
        pytest.fail(f"{point} did not tear")
    if not card.movements:
        attempt = host.load(card, 10000)
        assert host.ask_for_proof(card, attempt)
    assert [moved.amount_fen for moved in card.movements] == [10000]
    assert point == "after_credit" or card.load_counter == 0x2B


def test_a_torn_composite_fare_leaves_neither_journey_nor_debit() -> None:
    """复合消费断开:行程与扣款要么都有要么都没有。"""
    for write in range(6):
        card, host = _card(), _host()
        gate = Gate(host)
        update = transit_purse.CappUpdate(JOURNEY_LOG, 0, JOURNEY)
        card.tear(Tear(M.DURING, K.DEBIT_FOR_PURCHASE, write))
        with pytest.raises(CardLost):
            gate.take_with_journey(card, 300, update)
        card.enter_field()
        hold(purse_reading.select_purse(host.profile), card.transmit)
        journeys = hold(purse_reading.read_journeys(), card.transmit)
        assert len(journeys) == len(card.movements)
        assert money_fits(card, START_FEN)


def test_a_tear_that_never_fired_is_forgotten_when_the_card_leaves() -> None:
    """未触发的断点离场即清除。"""
    card, host = _card(), _host()
    card.tear(Tear(M.BEFORE, K.DEBIT_FOR_UNLOAD))
    host.load(card, 100)
    card.leave_field()
    card.enter_field()
    host.unload(card, 100)
    assert money_fits(card, START_FEN)


def test_an_unload_torn_after_its_commit_is_proven_too() -> None:
    """圈提提交后断开,80 5A 可证。"""
    card, host = _card(), _host()
    attempt, mac2 = host.begin(card, 1000, UNLOAD)
    card.tear(Tear(M.AFTER, K.DEBIT_FOR_UNLOAD))
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.debit_unload(at=NOW, mac2=mac2), card.transmit)
    assert lost.value.outcome_unknown
    card.enter_field()
    assert host.ask_for_proof(card, attempt)


def test_a_card_torn_while_it_writes_keeps_its_backup_over_the_image() -> None:
    """断在写入中间时取走的存储,恢复后仍能回滚。"""
    card, host = _card(), _host()
    _, mac2 = host.begin(card, 10000)
    card.tear(Tear(M.DURING, K.CREDIT_FOR_LOAD, 2))
    with pytest.raises(CardLost):
        hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
    assert card.balance_fen == START_FEN + 10000
    again = a_card(image=card.image())
    assert again.balance_fen == START_FEN
