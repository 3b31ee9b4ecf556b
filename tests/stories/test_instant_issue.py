"""A card made at the counter: each step resumable, two ways to fail, every blank accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from onecard import words
from onecard.actions import production, stock
from onecard.adapters.bank import AccountOpened
from onecard.adapters.card_vendor import PrintedCard
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import MakingMode
from onecard.domain.authority import THE_CLOCK
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.stock import BlankState
from onecard.records.models import (
    Application,
    AuditRow,
    BlankCard,
    Card,
    Discrepancy,
    OutboxRow,
    Outlet,
    StockMovement,
)
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast
from tests.production import OTHER_CLERK, a_person, again, an_accepted, now, partners_of_software
from tests.staff import an_outlet

pytestmark = pytest.mark.django_db

FAILPOINTS = (
    "production.start_instant.before_commit",
    "production.start_instant.after_commit",
    "production.before_account_call",
    "production.after_account_call",
    "production.record_account.before_commit",
    "production.record_account.after_commit",
    "production.before_print_call",
    "production.after_print_call",
    "production.record_print.before_commit",
    "production.record_print.after_commit",
)


@pytest.fixture(autouse=True)
def partners() -> Iterator[SimulatedPartners]:
    with partners_of_software() as ready:
        yield ready


@pytest.fixture(autouse=True)
def drawer() -> Outlet:
    outlet = an_outlet()
    stock.receive(bank="icbc", first="S100", last="S109", actor=cast.SUPERVISOR, at=now())
    return outlet


def waiting(sequence: int = 2, **facts: object) -> Application:
    return an_accepted(a_person(sequence), mode=MakingMode.INSTANT, **facts)  # type: ignore[arg-type]


def issue(application: Application, serial: str = "") -> production.InstantReceipt:
    return production.issue_instantly(
        application=application.ref, serial=serial, actor=cast.CLERK, at=now()
    )


def blanks(state: BlankState) -> list[str]:
    return list(
        BlankCard.objects.filter(state=state).order_by("serial").values_list("serial", flat=True)
    )


@pytest.mark.rule("PROVINCIAL, rule book 9.4")
def test_a_card_is_made_while_its_holder_waits() -> None:
    """立等可取:领用空白卡、银行开户、打印,当场待领取。"""
    application = waiting()
    receipt = issue(application)
    assert receipt.state == "instant_made"
    card = Card.objects.get(application=application)
    assert card.hr_state is HrState.SEALED
    assert (card.blank.serial, receipt.blank) == ("S100", "S100")
    assert blanks(BlankState.ISSUED) == ["S100"]
    places = StockMovement.objects.filter(blank__serial="S100").values_list("to_place", flat=True)
    assert set(places) == {"drawer:out_tianning", "printer:out_tianning", f"card:{application.ref}"}
    assert OutboxRow.objects.filter(event="card.produced").count() == 2


def test_the_blank_card_that_was_scanned_is_the_one_that_is_printed() -> None:
    """扫描哪张空白卡,就用哪张。"""
    assert issue(waiting(), serial="S105").blank == "S105"


def test_a_card_of_another_bank_is_not_taken() -> None:
    """空白卡须是所选银行的。"""
    with pytest.raises(Refused, match="no_blank") as no:
        issue(waiting(bank="ccb"))
    assert "中国建设银行" in words.explain(no.value.refusal, "zh").headline
    with pytest.raises(Refused, match="no_blank"):
        issue(waiting(4), serial="S999")
    assert blanks(BlankState.TAKEN) == []


def test_a_factory_application_an_outlet_without_printer_and_a_foreign_one_are_turned_away() -> (
    None
):
    """批量制卡的、没有设备的、别的网点的,都不能当场打印。"""
    with pytest.raises(Refused, match="made_in_factory"):
        issue(an_accepted(a_person(2)))
    without = an_outlet("out_plain", instant_issue=False)
    with pytest.raises(NotFound):
        issue(waiting(4, outlet=without))
    foreign = waiting(6)
    with pytest.raises(NotFound):
        production.issue_instantly(application=foreign.ref, actor=OTHER_CLERK, at=now())


def test_when_the_bank_says_no_the_blank_goes_back_into_the_drawer() -> None:
    """开户失败:空白卡退回卡库,更正后再办。"""
    application = waiting(911)
    receipt = issue(application)
    assert (receipt.state, receipt.failure) == ("bank_failed", "联网核查身份信息未通过")
    assert blanks(BlankState.TAKEN) == []
    assert len(blanks(BlankState.IN_STOCK)) == 10
    assert OutboxRow.objects.filter(event="production.bank_failed").exists()


def test_when_printing_fails_the_blank_is_spoiled_and_the_account_stays() -> None:
    """打印失败:空白卡报废待复核,账户不变,换一张重打。"""
    stock.receive(bank="abc", first="S1999", last="S2000", actor=cast.SUPERVISOR, at=now())
    application = waiting(bank="abc")
    receipt = issue(application)
    assert (receipt.state, receipt.failure) == ("making_failed", "芯片无应答")
    assert blanks(BlankState.SPOIL_REPORTED) == ["S1999"]
    account = again(application).account_number
    production.remake_instant(application=application.ref, actor=cast.CLERK, at=now())
    made = issue(application)
    assert (made.state, made.blank) == ("instant_made", "S2000")
    assert again(application).account_number == account
    with pytest.raises(Refused, match="spoil_waits"):
        stock.close_day(counted={"icbc": 10}, actor=cast.CLERK, at=now())


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_crash_anywhere_is_resumed_with_one_account_one_blank_and_one_card(
    failpoint: str,
) -> None:
    """任何一步崩溃,接着办:只开一户、只用一张空白卡、只有一张卡。"""
    application = waiting()
    with armed(failpoint), pytest.raises(Crash):
        issue(application)
    assert issue(application).state == "instant_made"
    assert Card.objects.count() == 1
    assert (blanks(BlankState.ISSUED), blanks(BlankState.TAKEN)) == (["S100"], [])
    assert not Discrepancy.objects.exists()


@pytest.mark.rule("platform C4.6")
@pytest.mark.parametrize("partner", ["bank:icbc", "card_vendor"])
@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.BREAKS_AFTER])
def test_a_silent_partner_is_waited_for_and_the_worker_goes_on(
    partners: SimulatedPartners, partner: str, fault: Fault
) -> None:
    """银行或打印机中断十分钟,恢复后接着办,不重复制卡。"""
    application = waiting()
    partners.simulation.faults.set(partner, fault)
    assert issue(application).waiting_for == partner
    world().clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    (still,) = production.resume_instant(actor=THE_CLOCK, at=now())
    assert still.waiting_for == partner
    partners.simulation.faults.heal(partner)
    (done,) = production.resume_instant(actor=THE_CLOCK, at=now())
    assert done.state == "instant_made"
    assert Card.objects.count() == 1
    assert production.resume_instant(actor=THE_CLOCK, at=now()) == ()


def test_asking_again_for_a_finished_card_changes_nothing() -> None:
    """已办完的再点一次,没有变化。"""
    application = waiting()
    first, audited = issue(application), AuditRow.objects.count()
    assert issue(application) == first
    assert AuditRow.objects.count() == audited
    assert again(application).state is ProductionState.INSTANT_MADE


def test_a_card_in_the_printer_keeps_the_day_open(partners: SimulatedPartners) -> None:
    """打印机里还有卡,不能日终。"""
    partners.simulation.faults.set("bank:icbc", Fault.DOWN)
    issue(waiting())
    with pytest.raises(Refused, match="card_in_printer"):
        stock.close_day(counted={"icbc": 9}, actor=cast.CLERK, at=now())


def test_an_account_with_a_wrong_card_number_fails_at_the_bank_and_is_set_aside(
    partners: SimulatedPartners,
) -> None:
    """银行返回的卡号不对:按开户失败处理,另列不符。"""
    application = started(partners)
    said = AccountOpened("1105000001", "6222021105020000013")
    receipt = production.record_account(
        application=application.ref, said=said, actor=cast.CLERK, at=now()
    )
    assert receipt.state == "bank_failed"
    assert Discrepancy.objects.get().detail["misfits"] == ["bank_card_number"]
    assert blanks(BlankState.TAKEN) == []


def test_a_printed_card_with_a_wrong_day_is_never_handed_out(partners: SimulatedPartners) -> None:
    """打印结果与申请不符:不发卡,空白卡报废,另列不符。"""
    application = started(partners, "card_vendor")
    said = PrintedCard("A00000001", "0" * 32, "3B00", date(2026, 3, 2), date(2027, 3, 2))
    receipt = production.record_print(
        application=application.ref, said=said, actor=cast.CLERK, at=now()
    )
    assert receipt.state == "making_failed"
    assert Discrepancy.objects.get().detail["misfits"] == ["valid_to"]
    assert not Card.objects.exists()
    assert BlankCard.objects.get(state=BlankState.SPOIL_REPORTED).spoil_reason == "misprinted"
    assert words.text(receipt.failure.removeprefix("@")) == "返回的资料与申请不符"


def test_an_answer_that_comes_twice_is_recorded_once(partners: SimulatedPartners) -> None:
    """同一结果登记两次,只算一次。"""
    application = started(partners, "card_vendor")
    said = PrintedCard("A00000001", "0" * 32, "3B00", date(2026, 3, 2), date(2036, 3, 2))
    first, second = (
        production.record_print(application=application.ref, said=said, actor=cast.CLERK, at=now())
        for _ in range(2)
    )
    assert first == second
    assert Card.objects.count() == 1
    no = AccountOpened("1", "2")
    third = production.record_account(
        application=application.ref, said=no, actor=cast.CLERK, at=now()
    )
    assert third == first


def test_an_instant_application_waits_for_the_counter_and_never_for_a_batch() -> None:
    """立等可取的不进批次。"""
    waiting()
    assert production.make_batches(actor=cast.OPERATOR, at=now()) == ()


def started(partners: SimulatedPartners, waits_for: str = "bank:icbc") -> Application:
    """An instant card that waits for a partner that does not answer."""
    application = waiting()
    partners.simulation.faults.set(waits_for, Fault.DOWN)
    assert issue(application).waiting_for == waits_for
    return application
