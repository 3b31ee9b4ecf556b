"""The card vendor, in process and over a wire: the factory and the printer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from onecard.adapters import exchange_files
from onecard.adapters.card_vendor import PrintedCard, PrintFailed, PrintOrder
from onecard.adapters.card_vendor.simulated import REJECTED
from onecard.adapters.exchange_files import Contents
from onecard.domain.exchange import CardOrder, CardReturn, FailedLink, FileKind, Header
from onecard.domain.identity import NumberKind, check_number
from onecard.seams.clock import LOCAL
from tests import cast
from tests.adapters.stage import Stage

FAILS_ONCE, FAILS_ALWAYS = "320499199001019205", "320499199001019213"
ORDER = PrintOrder(
    message_id="evt_1",
    application_number="260302483920117",
    blank_serial="B000001",
    name="王芳",
    identity_number=cast.ADULT,
    bank="icbc",
    bank_card_number="6214990000000000003",
    photo=b"\xff\xd8 a portrait",
)
ROW = CardOrder(
    application_number=ORDER.application_number,
    attempt=1,
    name="王\U00020bb7",
    identity_number=cast.ADULT,
    sex="female",
    born_on=date(1990, 1, 1),
    nationality="CHN",
    bank="icbc",
    account_number="110000000000000001",
    bank_card_number=ORDER.bank_card_number,
    collection="outlet",
    outlet="天宁网点",
    photo_sha256="0" * 64,
)


def test_a_printed_card_has_right_numbers_and_ten_years(stage: Stage) -> None:
    """卡号9位,卡识别码32位十六进制,有效期十年。"""
    card = stage.partners.card_vendor.print_card(ORDER)
    assert isinstance(card, PrintedCard)
    for kind, number in (
        (NumberKind.CARD_NUMBER, card.card_number),
        (NumberKind.CARD_IDENTIFIER, card.card_identifier),
    ):
        assert check_number(kind, number, on=cast.MONDAY) is None
    assert card.answer_to_reset.startswith("3B6D")
    assert len(bytes.fromhex(card.answer_to_reset)) == 4 + 13
    assert (card.issued_on, card.valid_to) == (cast.MONDAY, date(2036, 3, 2))


def test_a_card_issued_on_a_leap_day_ends_on_the_first_of_march(stage: Stage) -> None:
    """2月29日发的卡,到期日为3月1日。"""
    stage.clock.set(cast.MONDAY_9AM.replace(year=2028, month=2, day=29, tzinfo=LOCAL))
    card = stage.partners.card_vendor.print_card(ORDER)
    assert isinstance(card, PrintedCard)
    assert card.valid_to == date(2038, 3, 1)


def test_the_same_message_id_prints_one_card(stage: Stage) -> None:
    """同一消息编号只打一张卡。"""
    vendor = stage.partners.card_vendor
    assert vendor.print_card(ORDER) == vendor.print_card(ORDER)


def test_a_spoiled_blank_stays_spoiled_and_a_used_one_is_not_printed_again(stage: Stage) -> None:
    """坏卡换一张空白卡重做,号码是新的。"""
    vendor = stage.partners.card_vendor
    spoilt = replace(ORDER, blank_serial="B000999")
    assert vendor.print_card(spoilt) == PrintFailed("芯片无应答")
    assert vendor.print_card(spoilt) == PrintFailed("芯片无应答")
    first = vendor.print_card(replace(ORDER, message_id="evt_2"))
    assert isinstance(first, PrintedCard)
    again = vendor.print_card(replace(ORDER, message_id="evt_3"))
    assert again == PrintFailed("此空白卡已写过")
    other = vendor.print_card(replace(ORDER, message_id="evt_3b", blank_serial="B000002"))
    assert isinstance(other, PrintedCard)
    assert other.card_number != first.card_number


def test_a_child_without_a_photo_gets_a_card(stage: Stage) -> None:
    """未满7周岁无照片,也能制卡。"""
    order = replace(ORDER, photo=None)
    assert isinstance(stage.partners.card_vendor.print_card(order), PrintedCard)


def test_an_order_file_comes_back_with_cards(stage: Stage) -> None:
    """报卡商文件逐条回盘,信息照原样带回。"""
    card = _one_return(stage, [ROW])
    assert (card.application_number, card.attempt) == (ROW.application_number, 1)
    assert (card.name, card.bank, card.identity_number) == (ROW.name, "icbc", cast.ADULT)
    assert card.bank_card_number == ROW.bank_card_number
    assert (card.failed_link, card.reason, card.box_position) == (None, "", "001-001")
    assert len(card.card_number) == 9


def test_the_factory_fails_with_a_reason_and_a_remake_may_succeed(stage: Stage) -> None:
    """制卡失败写明环节和原因;重做成功。"""
    row = replace(ROW, identity_number=FAILS_ONCE)
    failed = _one_return(stage, [row])
    assert (failed.failed_link, failed.reason) == (FailedLink.MAKING, "芯片写入失败")
    assert failed.card_number == ""
    remade = _one_return(stage, [replace(row, attempt=2)], number=2)
    assert (remade.failed_link, remade.attempt) == (None, 2)
    assert len(remade.card_number) == 9


def test_a_factory_told_to_reject_rejects_so_many_and_no_more(stage: Stage) -> None:
    """沙箱:让卡厂退回接下来的几张卡。"""
    stage.inside.card_vendor.reject_next(1)
    rejected = _one_return(stage, [ROW])
    assert (rejected.failed_link, rejected.reason) == (FailedLink.MAKING, REJECTED)
    assert _one_return(stage, [replace(ROW, attempt=2)], number=2).failed_link is None


def test_some_cards_can_never_be_made(stage: Stage) -> None:
    for attempt in (1, 2, 3):
        row = replace(ROW, identity_number=FAILS_ALWAYS, attempt=attempt)
        failed = _one_return(stage, [row], number=attempt)
        assert failed.failed_link is FailedLink.MAKING


def test_one_order_in_two_files_makes_one_card(stage: Stage) -> None:
    """同一申领同一次报送,两份文件也只有一张卡。"""
    first = _one_return(stage, [ROW])
    assert _one_return(stage, [ROW], number=2).card_number == first.card_number


def test_the_portraits_file_is_kept_and_not_answered(stage: Stage) -> None:
    """照片包只收存,不回盘。"""
    name = "card_vendor-portraits-20260302-000001.zip"
    content = exchange_files.write_portraits({ROW.application_number: b"jpeg"})
    stage.partners.card_vendor.send_file(name, content)
    assert stage.partners.card_vendor.fetch_files() == ()


def _one_return(stage: Stage, rows: list[CardOrder], number: int = 1) -> CardReturn:
    vendor = stage.partners.card_vendor
    header = Header(FileKind.CARD_ORDER, "card_vendor", cast.MONDAY, number, cast.MONDAY_9AM)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    vendor.send_file(header.name, content)
    (answer,) = vendor.fetch_files()
    vendor.acknowledge_file(answer.name)
    contents = exchange_files.read(answer.name, answer.content)
    assert isinstance(contents, Contents)
    (row,) = contents.rows
    assert isinstance(row, CardReturn)
    return row
