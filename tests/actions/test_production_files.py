"""Return files: whole or not at all, never twice, and what does not fit is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from onecard import words
from onecard.actions import production
from onecard.actions.production import importing
from onecard.adapters import exchange_files
from onecard.domain.authority import THE_CLOCK
from onecard.domain.exchange import (
    CARD_VENDOR,
    AccountReturn,
    CardReturn,
    FailedLink,
    FileKind,
    Header,
    Row,
)
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    Discrepancy,
    ExchangeFile,
    ReturnLine,
    Step,
)
from onecard.seams.clock import LOCAL
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast
from tests.production import a_number, a_person, again, an_accepted, now

pytestmark = pytest.mark.django_db

CREATED = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)


def a_bank_card(sequence: int) -> str:
    from stdnum import luhn

    stem = f"622202110502{sequence:06d}"
    return stem + luhn.calc_check_digit(stem)


def a_file(kind: FileKind, rows: Sequence[Row], number: int = 1) -> tuple[str, bytes]:
    partner = CARD_VENDOR if kind is FileKind.CARD_RETURN else "icbc"
    header = Header(kind, partner, cast.MONDAY, number, CREATED)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    return header.name, content


def imported(name: str, content: bytes) -> production.ImportReceipt:
    return production.import_file(name=name, content=content, actor=cast.OPERATOR, at=now())


def bring_in(kind: FileKind, rows: Sequence[Row], number: int = 1) -> production.ImportReceipt:
    return imported(*a_file(kind, rows, number))


def at_the_bank(*sequences: int) -> list[Application]:
    people = [an_accepted(a_person(sequence)) for sequence in sequences]
    batch = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now()).batch
    production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now())
    return [again(person) for person in people]


def at_the_vendor(*sequences: int) -> list[Application]:
    people = at_the_bank(*sequences)
    bring_in(FileKind.ACCOUNT_RETURN, [account_of(person) for person in people], 99)
    batch = again(people[0]).batch_id
    assert batch
    production.write_vendor_file(batch=batch, actor=cast.OPERATOR, at=now())
    return [again(person) for person in people]


def account_of(application: Application, attempt: int = 1) -> AccountReturn:
    sequence = int(application.number[4:7])
    return AccountReturn(
        application.number,
        attempt,
        application.person.identity_number,
        True,
        f"1105{sequence:06d}",
        a_bank_card(sequence),
    )


def card_of(application: Application, attempt: int = 1) -> CardReturn:
    sequence = int(application.number[4:7])
    return CardReturn(
        application_number=application.number,
        attempt=attempt,
        identity_number=application.person.identity_number,
        name=application.person.name,
        bank=application.bank,
        card_number=f"A{sequence:08d}",
        issued_on=date(2026, 3, 2),
        valid_to=date(2036, 3, 2),
        card_identifier=f"{sequence:032X}",
        answer_to_reset="3B6D00000031C071D66438D00300849000",
        bank_card_number=application.bank_card_number,
        account_number=application.account_number,
        box_position=f"001-{sequence:03d}",
    )


def misfits() -> list[str]:
    rows = sorted(
        Discrepancy.objects.all(), key=lambda row: (row.detail["file"], row.detail["row"])
    )
    return [name for row in rows for name in row.detail["misfits"]]


@pytest.mark.rule("guarantees F4")
def test_the_same_file_twice_changes_nothing() -> None:
    """同一文件导入两次,没有变化。"""
    (person,) = at_the_bank(2)
    file = a_file(FileKind.ACCOUNT_RETURN, [account_of(person)])
    first = imported(*file)
    steps, audited = Step.objects.count(), AuditRow.objects.count()
    second = imported(*file)
    assert (first.recorded, first.notice) == (1, "")
    assert second == replace(first, notice="exchange.already_imported")
    assert (Step.objects.count(), AuditRow.objects.count()) == (steps, audited)
    assert words.text(
        second.notice.replace(".", ".notice."), "zh", name=second.name
    ).endswith("没有变化")  # fmt: skip


def test_other_content_under_the_same_name_is_refused_and_changes_nothing() -> None:
    """同名不同内容,拒绝导入。"""
    (person,) = at_the_bank(2)
    bring_in(FileKind.ACCOUNT_RETURN, [account_of(person)])
    other = replace(account_of(person), account_number="999")
    with pytest.raises(Refused) as refused:
        bring_in(FileKind.ACCOUNT_RETURN, [other])
    assert refused.value.refusal.code == "exchange.other_content"
    assert again(person).account_number == account_of(person).account_number


def test_a_damaged_file_is_refused_whole_and_its_line_is_named() -> None:
    """损坏的文件整份不导入,指出哪一行。"""
    people = at_the_bank(2, 4)
    name, content = a_file(FileKind.ACCOUNT_RETURN, [account_of(one) for one in people])
    damaged = content.replace(b"1105000004", b"1105000005")
    with pytest.raises(Refused) as refused:
        imported(name, damaged)
    assert refused.value.refusal.facts["line"] == 4
    assert {again(one).state for one in people} == {ProductionState.AT_BANK}
    assert ExchangeFile.objects.filter(direction="in").count() == 0
    line = AuditRow.objects.get(result="refused")
    assert (line.code, line.facts["line"]) == ("exchange.damaged", 4)
    assert imported(name, content).recorded == 2


def test_a_file_of_tomorrow_of_a_stranger_or_of_ours_is_refused() -> None:
    """业务日期未到、机构不明、不是回盘文件,都不导入。"""
    at_the_bank(2)
    ours = ExchangeFile.objects.get()
    sent = production.export_file(file=ours.ref, actor=cast.OPERATOR, at=now())
    header = Header(FileKind.ACCOUNT_RETURN, "icbc", cast.MONDAY, 1, CREATED)
    cases = {
        "exchange.from_the_future": replace(header, business_on=date(2026, 3, 3)),
        "exchange.unknown_partner": replace(header, partner="stranger"),
    }
    for code, wrong in cases.items():
        content = exchange_files.write(wrong, ())
        assert isinstance(content, bytes)
        with pytest.raises(Refused, match=code):
            imported(wrong.name, content)
    with pytest.raises(Refused, match="not_a_return_file"):
        imported(sent.name, sent.content)
    name, content = a_file(FileKind.ACCOUNT_RETURN, ())
    with pytest.raises(Refused, match="wrong_partner"):
        production.import_file(
            name=name, content=content, sender="ccb", actor=cast.OPERATOR, at=now()
        )


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


@pytest.mark.rule("guarantees F4")
@pytest.mark.parametrize("crashes", [1, 3])
def test_an_import_that_dies_in_the_middle_goes_on_where_it_was(
    crashes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """导入中途断电,接着导入,每条只登记一次。"""
    monkeypatch.setattr(importing, "LINES_AT_ONCE", 2)
    people = at_the_bank(*range(2, 16, 2))
    name, content = a_file(FileKind.ACCOUNT_RETURN, [account_of(one) for one in people])
    for count in range(crashes):
        where = "between_lines" if count % 2 else "record_lines.after_commit"
        with armed(f"production.{where}"), pytest.raises(Crash):
            imported(name, content)
    done = ReturnLine.objects.count()
    assert 0 < done < len(people)
    (receipt,) = production.resume_imports(actor=THE_CLOCK, at=now())
    assert receipt.finished
    assert (receipt.recorded, receipt.already) == (len(people), 0)
    assert ReturnLine.objects.count() == len(people)
    assert Step.objects.filter(event="bank_ok").count() == len(people)


def test_two_importers_of_one_file_record_each_line_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """两人同时导入同一文件,每条只登记一次。"""
    monkeypatch.setattr(importing, "LINES_AT_ONCE", 2)
    people = at_the_bank(2, 4, 6)
    rows = tuple(account_of(one) for one in people)
    name, content = a_file(FileKind.ACCOUNT_RETURN, rows)
    received = production.receive_file(
        name=name, content=content, sender="", actor=cast.OPERATOR, at=now()
    )
    for first, some in ((0, rows[:2]), (0, rows[:2]), (0, rows), (2, rows[2:])):
        receipt = production.record_lines(
            file=received.file, first=first, rows=some, actor=cast.OPERATOR, at=now()
        )
    assert (receipt.done, receipt.recorded, receipt.already) == (3, 3, 0)


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


@pytest.mark.rule("platform D7")
def test_a_name_no_file_can_carry_is_held_back_before_the_batch_with_the_partner_named() -> None:
    """姓名放不下的,成批之前挡下并注明哪一方;其余照常成批。"""
    too_long, good = an_accepted(a_person(2, "阿" * 26)), an_accepted(a_person(4))
    receipt = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now())
    assert receipt.size == 1
    (held_back,) = receipt.held_back
    assert (held_back.application, held_back.partner) == (too_long.ref, CARD_VENDOR)
    assert again(too_long).state is ProductionState.ACCEPTED
    assert words.text(again(too_long).failure.removeprefix("@")).startswith("姓名太长")
    assert again(too_long).holder_of_the_moment == "reviewer"
    assert again(good).state is ProductionState.BATCHED
    assert production.make_batches(actor=cast.OPERATOR, at=now()) == ()


def test_a_full_disk_refuses_the_file_and_leaves_no_half_state() -> None:
    """磁盘写满:干净地不办,不留一半。"""
    person = an_accepted(a_person(2))
    batch = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now()).batch
    world().blobs.full = True  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="No space"):
        production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now())
    assert again(person).state is ProductionState.BATCHED
    assert not ExchangeFile.objects.exists()
    world().blobs.full = False  # type: ignore[attr-defined]
    assert production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now()).lines == 1


def test_writing_the_file_of_a_batch_again_writes_nothing() -> None:
    """同一批次不重复报送。"""
    (person,) = at_the_bank(2)
    batch = person.batch_id
    assert batch
    assert production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now()).lines == 0
    assert ExchangeFile.objects.count() == 1
