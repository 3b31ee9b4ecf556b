"""The banks, in process and over a wire: accounts at the counter and by file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard.adapters import exchange_files
from onecard.adapters.bank import AccountOpened, AccountRefused, OpenAccount
from onecard.adapters.exchange_files import Contents
from onecard.adapters.hr_database import magic
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.pace import OF_A_CITY
from onecard.adapters.simulation import simulated_partners
from onecard.domain.exchange import AccountOrder, AccountReturn, FileKind, Header
from onecard.domain.identity import NumberKind, check_number
from tests import cast
from tests.adapters.stage import Stage

BANKS = ("icbc", "abc", "ccb", "bocom", "boc", "jnrcb", "jsb", "psbc")
ORDER = OpenAccount(
    message_id="evt_1",
    application_number="260302483920117",
    name="王芳",
    identity_number=cast.ADULT,
    document_kind="resident_id",
    document_valid_to="2035-01-01",
    phone="13900000001",
    address="江苏省常州市天宁区和平北路1号",
    occupation="23",
    nationality="CHN",
)
ROW = AccountOrder(
    application_number=ORDER.application_number,
    attempt=1,
    name=ORDER.name,
    identity_number=ORDER.identity_number,
    document_kind=ORDER.document_kind,
    document_valid_to=date(2035, 1, 1),
    phone=ORDER.phone,
    address=ORDER.address,
    occupation=ORDER.occupation,
    nationality=ORDER.nationality,
)


@pytest.mark.rule("rule book 5.1")
@pytest.mark.parametrize("key", BANKS)
def test_each_bank_opens_an_account_with_a_right_card_number(stage: Stage, key: str) -> None:
    """银行卡号:62开头,19位,Luhn校验。"""
    opened = stage.partners.banks[key].open_account(ORDER)
    assert isinstance(opened, AccountOpened)
    assert len(opened.bank_card_number) == 19
    number = opened.bank_card_number
    assert check_number(NumberKind.BANK_CARD, number, on=cast.MONDAY) is None


def test_no_two_banks_and_no_two_applications_share_a_number(stage: Stage) -> None:
    orders = [replace(ORDER, message_id=f"evt_{n}", application_number=f"{n}") for n in range(5)]
    answers = [
        bank.open_account(order) for bank in stage.partners.banks.values() for order in orders
    ]
    assert len({answer.bank_card_number for answer in answers}) == 40  # type: ignore[union-attr]
    assert len({answer.account_number for answer in answers}) == 40  # type: ignore[union-attr]


def test_the_same_message_id_gets_the_same_answer(stage: Stage) -> None:
    """同一消息编号,同一答复;即使内容变了。"""
    bank = stage.partners.banks["icbc"]
    opened = bank.open_account(ORDER)
    assert bank.open_account(replace(ORDER, phone="13800000004")) == opened
    refused = bank.open_account(_bad_phone("evt_2"))
    assert bank.open_account(replace(ORDER, message_id="evt_2", application_number="2")) == refused


def test_a_card_made_again_keeps_its_account(stage: Stage) -> None:
    """制卡失败重做,不再开第二个账户。"""
    bank = stage.partners.banks["icbc"]
    assert bank.open_account(replace(ORDER, message_id="evt_2")) == bank.open_account(ORDER)


def test_an_account_once_opened_stays_open_whatever_is_sent_later(stage: Stage) -> None:
    """已开的账户不因后来的信息而变成未开。"""
    bank = stage.partners.banks["icbc"]
    opened = bank.open_account(ORDER)
    later = replace(ORDER, message_id="evt_2", document_valid_to="2026-03-01")
    assert bank.open_account(later) == opened


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"phone": "13800000004"}, "手机号核验未通过"),
        ({"document_valid_to": "2026-03-01"}, "证件已过有效期"),
        ({"identity_number": "320499199001019118"}, "联网核查身份信息未通过"),
    ],
    ids=["phone", "expired", "identity"],
)
def test_a_bank_refuses_with_its_reason_and_opens_once_mended(
    stage: Stage, changed: dict[str, str], reason: str
) -> None:
    """开户失败有原因;信息改正后可再报。"""
    bank = stage.partners.banks["icbc"]
    assert bank.open_account(replace(ORDER, **changed)) == AccountRefused(reason)
    mended = replace(ORDER, message_id="evt_2")
    assert isinstance(bank.open_account(mended), AccountOpened)


@pytest.mark.parametrize("until", ["2026-03-02", "", "长期"])
def test_a_document_is_good_on_its_last_day_and_without_end(stage: Stage, until: str) -> None:
    order = replace(ORDER, document_valid_to=until)
    assert isinstance(stage.partners.banks["icbc"].open_account(order), AccountOpened)


@pytest.mark.rule("platform D8")
def test_one_bank_cannot_write_a_rare_character_the_others_can(stage: Stage) -> None:
    """有一家银行不支持第二平面汉字。"""
    order = replace(ORDER, name=magic.RARE_NAME.person.name)
    answers = {key: bank.open_account(order) for key, bank in stage.partners.banks.items()}
    assert [key for key, answer in answers.items() if isinstance(answer, AccountRefused)] == [
        "jnrcb"
    ]


def test_a_batch_file_comes_back_with_one_line_for_each_order(stage: Stage) -> None:
    """报银行文件逐条回盘。"""
    bank = stage.partners.banks["icbc"]
    good, bad = ROW, replace(ROW, application_number="2", phone="13800000004")
    name, content = _file([good, bad])
    bank.send_file(name, content)
    (answer,) = bank.fetch_files()
    contents = exchange_files.read(answer.name, answer.content)
    assert isinstance(contents, Contents)
    opened, refused = contents.rows
    assert isinstance(opened, AccountReturn)
    assert isinstance(refused, AccountReturn)
    assert (opened.application_number, opened.opened) == (ROW.application_number, True)
    assert (refused.opened, refused.reason) == (False, "手机号核验未通过")
    assert contents.header.kind is FileKind.ACCOUNT_RETURN


def test_file_and_counter_give_one_application_one_account(stage: Stage) -> None:
    bank = stage.partners.banks["icbc"]
    at_counter = bank.open_account(ORDER)
    bank.send_file(*_file([ROW]))
    (answer,) = bank.fetch_files()
    contents = exchange_files.read(answer.name, answer.content)
    assert isinstance(contents, Contents)
    assert isinstance(at_counter, AccountOpened)
    assert contents.rows[0].bank_card_number == at_counter.bank_card_number  # type: ignore[union-attr]


def test_the_same_file_twice_is_answered_once(stage: Stage) -> None:
    """同一文件重复报送,只回一次盘。"""
    bank = stage.partners.banks["icbc"]
    bank.send_file(*_file([ROW]))
    bank.send_file(*_file([ROW]))
    assert len(bank.fetch_files()) == 1


def test_another_content_under_a_known_name_is_not_taken(stage: Stage) -> None:
    """同名不同内容,拒收。"""
    bank = stage.partners.banks["icbc"]
    name, content = _file([ROW])
    bank.send_file(name, content)
    with pytest.raises(PartnerDown):
        bank.send_file(name, content + b"x")


def test_a_return_file_is_offered_until_it_is_acknowledged(stage: Stage) -> None:
    bank = stage.partners.banks["icbc"]
    bank.send_file(*_file([ROW]))
    (answer,) = bank.fetch_files()
    assert bank.fetch_files() == (answer,)
    bank.acknowledge_file(answer.name)
    bank.acknowledge_file(answer.name)
    assert bank.fetch_files() == ()


def test_a_damaged_order_file_gets_no_return_and_breaks_nothing(stage: Stage) -> None:
    bank = stage.partners.banks["icbc"]
    name, content = _file([ROW])
    bank.send_file(name, content.replace("王".encode(), "汪".encode()))
    assert bank.fetch_files() == ()
    bank.send_file(*_file([ROW], number=2))
    assert len(bank.fetch_files()) == 1


def test_two_returns_of_one_day_are_numbered(stage: Stage) -> None:
    bank = stage.partners.banks["icbc"]
    for number in (1, 2):
        bank.send_file(*_file([replace(ROW, application_number=f"{number}")], number=number))
    assert [file.name for file in bank.fetch_files()] == [
        "icbc-account_return-20260302-000001.csv",
        "icbc-account_return-20260302-000002.csv",
    ]


def test_a_bank_of_a_city_answers_the_next_day() -> None:
    """真实节奏:银行次日回盘。"""
    clock = cast.a_world().clock
    partners = simulated_partners(state_folder=None, now=clock.now, seed=7, pace=OF_A_CITY)
    bank = partners.banks["icbc"]
    bank.send_file(*_file([ROW]))
    assert bank.fetch_files() == ()
    clock.advance(timedelta(hours=20))  # type: ignore[attr-defined]
    assert len(bank.fetch_files()) == 1


def _bad_phone(message_id: str) -> OpenAccount:
    return replace(ORDER, message_id=message_id, application_number="2", phone="13800000004")


def _file(rows: list[AccountOrder], number: int = 1) -> tuple[str, bytes]:
    header = Header(FileKind.ACCOUNT_ORDER, "icbc", cast.MONDAY, number, cast.MONDAY_9AM)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    return header.name, content
