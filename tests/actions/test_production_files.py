"""Return files: whole or not at all, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from onecard import words
from onecard.actions import production
from onecard.actions._keeping import once
from onecard.actions.production import importing
from onecard.adapters import exchange_files
from onecard.domain.authority import THE_CLOCK
from onecard.domain.exchange import (
    CARD_VENDOR,
    FileKind,
    Header,
)
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.records.models import (
    AuditRow,
    Batch,
    ExchangeFile,
    ReturnLine,
    Step,
)
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast
from tests.production import a_person, again, an_accepted, now
from tests.return_files import (
    CREATED,
    a_file,
    account_of,
    at_the_bank,
    bring_in,
    imported,
)

pytestmark = pytest.mark.django_db


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


def test_an_operators_double_click_makes_the_batches_and_imports_the_lines_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """重复点击:批次不多建,文件不重复登记。"""
    monkeypatch.setattr(importing, "LINES_AT_ONCE", 2)
    people = [an_accepted(a_person(sequence)) for sequence in (2, 4, 6)]
    for _ in range(2):
        with once("operator", "make"):
            (made,) = production.make_batches(actor=cast.OPERATOR, at=now())
    assert (made.size, Batch.objects.count()) == (3, 1)
    production.write_bank_file(batch=made.batch, actor=cast.OPERATOR, at=now())
    file = a_file(FileKind.ACCOUNT_RETURN, [account_of(again(one)) for one in people])
    for _ in range(2):
        with once("operator", "import"):
            assert imported(*file).recorded == 3
    assert ReturnLine.objects.count() == 3
