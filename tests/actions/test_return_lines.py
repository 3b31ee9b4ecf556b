"""Lines of return files: recorded when they fit in every point, set aside when they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard.actions import production
from onecard.domain.exchange import (
    AccountReturn,
    FailedLink,
    FileKind,
)
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    Discrepancy,
)
from onecard.seams.world import world
from tests import cast
from tests.production import a_number, a_person, again, an_accepted, now
from tests.return_files import (
    a_bank_card,
    account_of,
    at_the_bank,
    at_the_vendor,
    bring_in,
    card_of,
    misfits,
)

pytestmark = pytest.mark.django_db


def test_a_failure_keeps_its_reason_and_the_others_go_on() -> None:
    """开户失败记原因,不影响其他人。"""
    failed, opened = at_the_bank(2, 4)
    number = failed.person.identity_number
    no = AccountReturn(failed.number, 1, number, opened=False, reason="证件已过期")
    receipt = bring_in(FileKind.ACCOUNT_RETURN, [no, account_of(opened)])
    assert (receipt.recorded, receipt.failed) == (1, 1)
    assert (again(failed).state, again(failed).failure) == (
        ProductionState.BANK_FAILED,
        "证件已过期",
    )
    assert again(opened).state is ProductionState.ACCOUNT_OPENED


@pytest.mark.rule("rule book 9.2")
def test_a_repeated_record_is_already_recorded_and_another_one_never_overwrites() -> None:
    """重复回盘记录不变;内容不同列为不符,不覆盖。"""
    (person,) = at_the_bank(2)
    line = account_of(person)
    bring_in(FileKind.ACCOUNT_RETURN, [line])
    assert bring_in(FileKind.ACCOUNT_RETURN, [line], 2).already == 1
    no = AccountReturn(line.application_number, 1, line.identity_number, False, reason="重复")
    assert bring_in(FileKind.ACCOUNT_RETURN, [no], 3).discrepancies == 1
    assert misfits() == ["contradicts"]
    assert again(person).state is ProductionState.ACCOUNT_OPENED
    assert bring_in(FileKind.ACCOUNT_RETURN, [no], 4).already == 1
    assert Discrepancy.objects.count() == 1


def test_a_line_for_nobody_and_a_line_nobody_asked_for_are_set_aside() -> None:
    """没有的受理号、没有报送的申请,列为不符。"""
    person = an_accepted(a_person(2))
    nobody = replace(account_of(person), application_number="260300000000000")
    receipt = bring_in(FileKind.ACCOUNT_RETURN, [nobody, account_of(person)])
    assert receipt.discrepancies == 2
    assert misfits() == ["unknown_application", "not_asked"]
    assert again(person).state is ProductionState.ACCEPTED


@pytest.mark.rule("rule book 9.3")
@pytest.mark.parametrize(
    ("change", "misfit"),
    [
        ({"identity_number": a_number(8)}, "identity_number"),
        ({"name": "王方"}, "name"),
        ({"bank": "ccb"}, "bank"),
        ({"card_number": "A1234567"}, "card_number"),
        ({"card_identifier": "00"}, "card_identifier"),
        ({"answer_to_reset": "3B6"}, "answer_to_reset"),
        ({"issued_on": date(2026, 3, 3)}, "issued_on"),
        ({"issued_on": None}, "issued_on"),
        ({"valid_to": date(2036, 3, 3)}, "valid_to"),
        ({"bank_card_number": "6222021105020000013"}, "bank_card_number"),
        ({"account_number": "1"}, "account_number"),
        ({"attempt": 2}, "not_asked"),
        ({"failed_link": FailedLink.MAKING, "reason": ""}, "reason_missing"),
    ],
)
def test_a_vendor_line_that_differs_in_one_point_makes_no_card(
    change: dict[str, object], misfit: str
) -> None:
    """回盘核对:任何一项不符即列为不符,不写卡。"""
    (person,) = at_the_vendor(2)
    wrong = replace(card_of(person), **change)  # type: ignore[arg-type]
    receipt = bring_in(FileKind.CARD_RETURN, [wrong])
    assert receipt.discrepancies == 1
    assert misfits() == [misfit]
    assert not Card.objects.exists()
    assert again(person).state is ProductionState.AT_VENDOR
    assert bring_in(FileKind.CARD_RETURN, [card_of(person)], 2).recorded == 1


def test_the_name_may_differ_in_dots_and_width_only() -> None:
    """姓名按间隔号、全半角归一后比较。"""
    (person,) = at_the_vendor(2)
    row = person.person
    row.name = "阿依古丽·买买提"
    row.save(update_fields=["name"])
    line = replace(card_of(again(person)), name="阿依古丽•买买提")
    assert bring_in(FileKind.CARD_RETURN, [line]).recorded == 1


def test_a_number_that_is_in_use_makes_no_second_card() -> None:
    """卡号、识别码、银行卡号不得重复使用。"""
    first, second = at_the_vendor(2, 4)
    taken = card_of(first)
    thief = replace(
        card_of(second), card_number=taken.card_number, card_identifier=taken.card_identifier
    )
    receipt = bring_in(FileKind.CARD_RETURN, [taken, thief])
    assert (receipt.recorded, receipt.discrepancies) == (1, 1)
    assert misfits() == ["card_number_used", "card_identifier_used"]


def test_a_bank_card_number_belongs_to_one_application() -> None:
    """同一银行卡号不得用于两人。"""
    first, second = at_the_bank(2, 4)
    thief = replace(account_of(second), bank_card_number=account_of(first).bank_card_number)
    receipt = bring_in(FileKind.ACCOUNT_RETURN, [account_of(first), thief])
    assert (receipt.recorded, receipt.discrepancies) == (1, 1)
    assert misfits() == ["bank_card_number_used"]


def test_the_vendor_may_name_the_banks_link() -> None:
    """失败环节为银行的,回到银行开户失败。"""
    (person,) = at_the_vendor(2)
    line = replace(card_of(person), failed_link=FailedLink.BANK, reason="账户状态异常")
    assert bring_in(FileKind.CARD_RETURN, [line]).failed == 1
    assert again(person).state is ProductionState.BANK_FAILED


def test_a_second_live_card_of_a_person_is_set_aside() -> None:
    """一人一卡:另有有效卡时不再写卡。"""
    (person,) = at_the_vendor(2)
    Card.objects.create(
        ref="crd_old",
        person_id=person.person_id,
        bank="ccb",
        card_number_index="x",
        issued_on=date(2020, 1, 1),
        valid_to=date(2030, 1, 1),
    )
    assert bring_in(FileKind.CARD_RETURN, [card_of(person)]).discrepancies == 1
    assert misfits() == ["second_live_card"]


def test_no_personal_value_lies_open_in_what_is_set_aside() -> None:
    """不符记录不含个人信息原文。"""
    (person,) = at_the_vendor(2)
    bring_in(FileKind.CARD_RETURN, [replace(card_of(person), identity_number=a_number(8))])
    kept = str(list(Discrepancy.objects.values())) + str(list(AuditRow.objects.values()))
    for secret in (a_number(2), a_number(8), "王芳", person.bank_card_number):
        assert secret not in kept
    for name in world().blobs.names():
        assert a_number(2).encode() not in world().blobs.read(name)


def test_files_that_cross_are_judged_by_their_attempt() -> None:
    """先后交叉的回盘按报送次数判断。"""
    (person,) = at_the_vendor(2)
    failure = replace(card_of(person), failed_link=FailedLink.MAKING, reason="芯片写入失败")
    bring_in(FileKind.CARD_RETURN, [failure])
    production.remake(applications=(person.ref,), actor=cast.OPERATOR, at=now())
    late = card_of(person, attempt=1)
    assert bring_in(FileKind.CARD_RETURN, [late], 2).discrepancies == 1
    assert misfits() == ["contradicts"]
    assert bring_in(FileKind.CARD_RETURN, [card_of(person, attempt=2)], 3).recorded == 1
    assert again(person).state is ProductionState.MADE


def test_a_line_refused_for_its_day_is_recorded_when_the_day_has_come() -> None:
    """发卡日期未到的记录,到日后同一内容可登记。"""
    (person,) = at_the_vendor(2)
    early = replace(card_of(person), issued_on=date(2026, 3, 3), valid_to=date(2036, 3, 3))
    assert bring_in(FileKind.CARD_RETURN, [early]).discrepancies == 1
    world().clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert bring_in(FileKind.CARD_RETURN, [early], 2).recorded == 1


def test_a_discrepancy_is_settled_once_and_with_words() -> None:
    """不符记录处理一次,须写明如何处理。"""
    person = an_accepted(a_person(2))
    bring_in(FileKind.ACCOUNT_RETURN, [account_of(person)])
    ref = Discrepancy.objects.get().ref
    with pytest.raises(Refused, match="settlement_missing"):
        settle(ref, "  ")
    settle(ref, "银行误发,已电话核对")
    with pytest.raises(Refused, match="already_settled"):
        settle(ref, "再来一次")


def settle(ref: str, settlement: str) -> None:
    production.settle_discrepancy(
        discrepancy=ref, settlement=settlement, actor=cast.OPERATOR, at=now()
    )


def test_the_vendor_must_return_the_bank_card_number_the_bank_gave() -> None:
    """银行卡号须是银行开户时给的那个。"""
    (person,) = at_the_vendor(2)
    wrong = replace(card_of(person), bank_card_number=a_bank_card(444))
    assert bring_in(FileKind.CARD_RETURN, [wrong]).discrepancies == 1
    assert misfits() == ["bank_card_number"]


def test_the_new_card_remembers_its_predecessor() -> None:
    """补换的新卡记着旧卡。"""
    (person,) = at_the_vendor(2)
    old = Card.objects.create(
        ref="crd_old",
        person_id=person.person_id,
        bank="icbc",
        card_number_index="x",
        issued_on=date(2020, 1, 1),
        valid_to=date(2030, 1, 1),
    )
    Application.objects.filter(ref=person.ref).update(predecessor=old)
    assert bring_in(FileKind.CARD_RETURN, [card_of(person)]).recorded == 1
    assert Card.objects.get(application=person).predecessor == old
