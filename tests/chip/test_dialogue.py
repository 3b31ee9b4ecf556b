"""The grammar: steps, follow-ups, losses; what may be sent twice and what never."""

from __future__ import annotations

import pytest

from onecard.chip import purse_commands, purse_reading, transit_purse
from onecard.chip.dialogue import MAX_FOLLOW_UPS, Carried, Conversation, Step, ask
from onecard.chip.fault import CardLost, CardRefused, Fault, Loss, WrongCard
from onecard.chip.purse_answers import Balance
from onecard.chip.purse_files import TransactionType
from onecard.chip.purse_profile import T_UNION_3DES
from onecard.chip.status import CommandKind, Why
from onecard.chip.wire import carry, for_phone, hold
from tests.chip.desk import NOW, PUBLIC
from tests.chip.scripted import Script

OK = "9000"
MAC2 = bytes.fromhex("B10DE33B")
FCI = (
    "6F318408A000000632010105A5259F0801029F0C1E"
    "01011000FFFFFFFF020103104870000000012345201908062040123100009000"
)
CREDIT = "805200000B20260302090000B10DE33B04"


def _balance(script: Script) -> int:
    return hold(purse_reading.read_balance(), script.transmit)


def test_a_dialogue_gives_out_a_step_and_takes_the_answer() -> None:
    talk = Conversation(purse_reading.read_balance())
    assert talk.step == Step((purse_commands.get_balance(),))
    talk.take(Carried.from_hex(["00000AC39000"]))
    assert talk.step is None
    assert talk.result == 2755
    assert [line.shown for line in talk.trail] == ["805C000204 -> 00000AC3 9000"]


def test_a_conversation_that_is_over_takes_nothing_more() -> None:
    talk = Conversation(purse_reading.read_balance())
    talk.take(Carried.from_hex(["00000AC39000"]))
    with pytest.raises(ValueError, match="over"):
        talk.take(Carried.from_hex([OK]))


def test_a_conversation_under_way_has_no_result() -> None:
    with pytest.raises(ValueError, match="unpack"):
        _ = Conversation(purse_reading.read_balance()).result


@pytest.mark.rule("card reference 12: resumable")
def test_a_server_that_forgot_everything_begins_again_and_replays() -> None:
    """服务器重启后按已收到的应答重放即可续上。"""
    heard = [Carried.from_hex(["6104"])]
    talk = Conversation.resume(purse_reading.read_balance(), heard)
    assert talk.step is not None
    assert for_phone(talk.step) == ({"hex": "00C0000004", "go_on": ["9000"]},)
    talk.take(Carried.from_hex(["00000AC39000"]))
    assert talk.result == 2755


@pytest.mark.rule("card reference 12: go_on is per APDU")
def test_a_phone_goes_on_after_9406_of_a_proof_and_after_nothing_else() -> None:
    """取交易认证答 9406 也继续,其余只在 9000 后继续。"""
    step = Step(
        (
            purse_commands.get_transaction_prove(TransactionType.LOAD, 0x2B),
            purse_commands.get_balance(),
        )
    )
    assert [command["go_on"] for command in for_phone(step)] == [["9000", "9406"], ["9000"]]


@pytest.mark.parametrize("answers", [["6104", "00000AC39000"], ["6C04", "00000AC39000"]])
def test_data_that_wait_are_fetched_and_a_wrong_length_is_repeated(answers: list[str]) -> None:
    """61xx 取数据,6Cxx 按正确长度重发。"""
    script = Script(answers)
    assert _balance(script) == 2755
    repeat = {"6104": "00C0000004", "6C04": "805C000204"}
    assert script.sent == ["805C000204", repeat[answers[0]]]


def test_data_in_several_pieces_are_put_together() -> None:
    script = Script(["00006102", "0AC39000"])
    assert _balance(script) == 2755


@pytest.mark.rule("card reference 3: never repeat 80 52 / 80 54")
def test_a_command_that_moves_money_is_never_repeated() -> None:
    """80 52 绝不重发,数据只用 GET RESPONSE 取。"""
    for first in ("6104", "6C04"):
        script = Script([first, "F7D5F0A79000"])
        loaded = hold(transit_purse.credit_load(at=NOW, mac2=MAC2), script.transmit)
        assert loaded.tac.hex().upper() == "F7D5F0A7"
        assert script.sent == [CREDIT, "00C0000004"]


@pytest.mark.rule("guarantees 10.7, case 111")
@pytest.mark.parametrize("word", ["6104", "6C04"])
def test_a_card_that_never_comes_to_an_end_is_lost(word: str) -> None:
    """没完没了的 61xx/6Cxx 最多跟八次。"""
    script = Script([word] * 100)
    with pytest.raises(CardLost) as lost:
        _balance(script)
    assert lost.value.fault is Fault.PROTOCOL
    assert len(script.sent) == 1 + MAX_FOLLOW_UPS


def test_eight_follow_ups_are_still_taken() -> None:
    script = Script(["6104"] * MAX_FOLLOW_UPS + ["00000AC39000"])
    assert _balance(script) == 2755


@pytest.mark.rule("card reference 0, rule 7")
def test_a_command_that_moves_money_travels_alone() -> None:
    """80 52 / 80 54 单独成步。"""
    credit = purse_commands.credit_for_load(bytes(7), MAC2)
    with pytest.raises(ValueError, match="alone"):
        Step((purse_commands.get_balance(), credit))
    assert Step((credit,)).moves_money
    with pytest.raises(ValueError, match="without"):
        Step(())


def test_a_step_stops_at_the_first_answer_that_is_no_success() -> None:
    script = Script([FCI, "6A83"])
    step = Step(tuple(purse_commands.read_journey(record) for record in (1, 2, 3)))
    carried = carry(step, script.transmit)
    assert len(carried.answers) == 2


def test_a_log_ends_where_the_card_says_so() -> None:
    """6A83 是日志末尾。"""
    record = "042D000000000001F40930008900034020241229141740" + OK
    unused = "00" * 23 + OK
    script = Script([record, record, unused, "6A83"])
    assert len(hold(purse_reading.read_transactions(), script.transmit)) == 2
    assert len(script.sent) == 4


@pytest.mark.parametrize("how", [Loss.CARD_GONE, Loss.READER_GONE])
def test_a_card_lost_before_money_moves_is_simply_lost(how: Loss) -> None:
    with pytest.raises(CardLost) as lost:
        _balance(Script([None], how))
    assert lost.value.how is how
    assert not lost.value.outcome_unknown


@pytest.mark.rule("card reference 0, rule 8")
@pytest.mark.parametrize("how", [Loss.CARD_GONE, Loss.READER_GONE])
def test_any_transport_failure_on_a_credit_leaves_the_outcome_unknown(how: Loss) -> None:
    """写卡时任何传输故障都是结果未知,不论错误码。"""
    with pytest.raises(CardLost) as lost:
        hold(transit_purse.credit_load(at=NOW, mac2=MAC2), Script([None], how).transmit)
    assert lost.value.outcome_unknown


@pytest.mark.rule("guarantees 10.7, case 116")
@pytest.mark.parametrize("answers", [[], ["00000AC39000"]])
def test_another_card_in_the_field_ends_the_dialogue(answers: list[str]) -> None:
    """第二张卡进场立即中止,预留不动。"""
    talk = Conversation(purse_reading.read_balance())
    with pytest.raises(CardLost) as lost:
        talk.take(Carried.from_hex(answers, lost=Loss.CARD_CHANGED))
    assert lost.value.fault is Fault.CHANGED


def test_what_was_answered_before_a_loss_stands_in_the_error() -> None:
    """断开前的应答随错误带出。"""
    select, balance = purse_commands.select(T_UNION_3DES.aids[0]), purse_commands.get_balance()
    talk = Conversation(ask(select, balance))
    with pytest.raises(CardLost) as lost:
        talk.take(Carried.from_hex([FCI], lost=Loss.CARD_GONE))
    (selected,) = lost.value.answers_to(CommandKind.SELECT)
    assert selected.data.hex().upper() + OK == FCI
    assert lost.value.answers_to(CommandKind.GET_BALANCE) == ()
    assert lost.value.trail[-1].shown == "805C000204 -> nothing"


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["00000AC39000", "00000AC39000"],
        ["6104", "00000AC39000"],
        ["6A86", "00000AC39000"],
    ],
    ids=["none", "too many", "after a stop", "after a refusal"],
)
def test_answers_nobody_asked_for_are_nonsense(answers: list[str]) -> None:
    """应答数不得多于指令数,停下后不得再有应答。"""
    talk = Conversation(purse_reading.read_balance())
    with pytest.raises((CardLost, CardRefused)) as error:
        talk.take(Carried.from_hex(answers))
    if isinstance(error.value, CardLost):
        assert error.value.fault is Fault.PROTOCOL


def test_a_carrier_that_stops_without_a_reason_is_not_believed() -> None:
    talk = Conversation(ask(purse_commands.get_balance(), purse_commands.get_balance()))
    with pytest.raises(CardLost) as lost:
        talk.take(Carried.from_hex(["00000AC39000"]))
    assert lost.value.fault is Fault.PROTOCOL


def test_a_refusal_says_what_the_caller_can_do() -> None:
    script = Script(["63C2"])
    with pytest.raises(CardRefused) as refused:
        hold(transit_purse.verify(b"\x12\x34"), script.transmit)
    assert refused.value.tries_left == 2
    assert len(script.sent) == 1


def test_the_purse_is_sought_under_its_second_name_once() -> None:
    script = Script(["6A82", FCI])
    assert hold(purse_reading.select_purse(T_UNION_3DES), script.transmit) == PUBLIC
    assert script.sent[1][10:26] == "A000000632010106"
    with pytest.raises(WrongCard) as wrong:
        hold(purse_reading.select_purse(T_UNION_3DES), Script(["6A82", "6A82"]).transmit)
    assert wrong.value.why is Why.OTHER_APPLICATION


def test_a_blocked_purse_is_not_sought_under_another_name() -> None:
    script = Script(["6A81"])
    with pytest.raises(WrongCard) as wrong:
        hold(purse_reading.select_purse(T_UNION_3DES), script.transmit)
    assert wrong.value.why is Why.BLOCKED


def test_an_answer_of_another_length_is_nonsense() -> None:
    with pytest.raises(CardLost) as lost:
        hold(purse_reading.read_management(), Script(["0000" + OK]).transmit)
    assert lost.value.fault is Fault.PROTOCOL


def test_a_file_that_is_not_there_is_another_card_family() -> None:
    with pytest.raises(WrongCard) as wrong:
        hold(purse_reading.read_management(), Script(["6A82"]).transmit)
    assert wrong.value.why is Why.OTHER_PROFILE


def test_a_negative_balance_is_asked_for_only_when_the_purse_is_empty() -> None:
    """余额为零时再读透支部分。"""
    overdrawn = Script(["00000000" + OK, "80000064" + OK])
    assert _balance(overdrawn) == -100
    assert _balance(Script(["80000000" + OK, "6A86"])) == 0
    one_question = Script(["00000AC3" + OK])
    _balance(one_question)
    assert len(one_question.sent) == 1


def test_the_layout_of_a_result_is_what_the_card_said() -> None:
    assert Balance.decode(bytes.fromhex("80000AC3")).as_written == 0x80000AC3
