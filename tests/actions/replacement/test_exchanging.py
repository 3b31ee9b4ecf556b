"""Exchange and upgrade at a counter: refund first, old card shown, one application (21.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from onecard.actions import application, exchange
from onecard.actions._keeping import once
from onecard.domain.application import ApplicationKind
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.replacement import ExchangeReason, Replacing
from onecard.domain.transit_purse import TransitState
from onecard.queries import replacement as seen
from onecard.records.models import Application, AuditRow, Card, OutboxRow
from onecard.seams import failpoint
from onecard.seams.failpoint import Crash
from tests import applying, new_cards
from tests.actions.application import people
from tests.actions.application.people import CLERK, HOLDER, refused
from tests.new_cards import fresh, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
R = ExchangeReason
EMPTIED = {"transit_state": TransitState.CLOSED}


@pytest.mark.rule("SEED, FAQ 13; rule book 27 A8")
def test_refund_first_then_the_same_exchange_is_accepted() -> None:
    """先退值再换卡:退值后同一件换卡即受理。"""
    card = new_cards.in_use()
    with refused("replacement.refund_first"):
        new_cards.exchange_at_counter()
    Card.objects.filter(ref=card.ref).update(transit_state=TransitState.CLOSED)
    receipt = new_cards.exchange_at_counter()
    row = Application.objects.get(ref=receipt.application)
    assert (receipt.kind, receipt.state) == ("exchange", "accepted")
    assert (row.reason, row.predecessor_id) == ("damaged", card.ref)
    assert fresh(card).hr_state is HrState.NORMAL
    assert OutboxRow.objects.get(event="exchange.created").subject == card.ref


@pytest.mark.parametrize("state", [TransitState.NOT_OPENED, TransitState.REFUND_PENDING])
def test_a_purse_that_was_never_opened_or_is_being_refunded_holds_nothing_up(
    state: TransitState,
) -> None:
    """未开通、或不可读卡已登记退值的,可以换卡。"""
    new_cards.in_use(transit_state=state)
    assert new_cards.exchange_at_counter().state == "accepted"


def test_the_purse_of_a_card_that_is_past_has_no_say() -> None:
    """以前丢失的卡里的交通余额,不妨碍换现在的卡。"""
    card = new_cards.in_use(**EMPTIED)
    Card.objects.create(
        ref="crd_past",
        person=card.person,
        bank="icbc",
        card_number="P00000001",
        card_number_index="past",
        hr_state=HrState.CANCELLED,
        transit_state=TransitState.OPEN,
        issued_on=date(2021, 7, 1),
        valid_to=date(2031, 7, 1),
    )
    assert new_cards.exchange_at_counter().state == "accepted"


def test_an_older_card_is_upgraded_although_a_purse_was_lost_long_ago() -> None:
    """二代卡换发同样不看已注销的卡。"""
    ref = people.at_desk(HOLDER)
    Card.objects.create(
        ref="crd_past",
        person_id=ref,
        bank="icbc",
        card_number="P00000001",
        card_number_index="past",
        hr_state=HrState.CANCELLED,
        transit_state=TransitState.OPEN,
        issued_on=date(2015, 7, 1),
        valid_to=date(2025, 7, 1),
    )
    case = people.case_of(HOLDER, old_card_shown=True)
    case = replace(case, replacing=Replacing(reason=R.UPGRADE))
    receipt = exchange.apply_at_counter(case=case, actor=CLERK, at=now())
    assert (receipt.kind, receipt.state) == ("upgrade", "accepted")
    row = Application.objects.get(ref=receipt.application)
    assert (row.reason, row.predecessor_id is not None) == ("upgrade", True)


def test_the_reason_and_the_card_on_the_desk_are_asked_for() -> None:
    """须选原因、带旧卡。"""
    new_cards.in_use(**EMPTIED)
    with refused("replacement.old_card_must_be_shown"):
        new_cards.exchange_at_counter(old_card_shown=False)
    with refused("replacement.reason_required"):
        new_cards.exchange_at_counter(told=Replacing())
    with refused("replacement.data_not_corrected"):
        new_cards.exchange_at_counter(R.DATA_CHANGED)
    with refused("replacement.too_early"):
        new_cards.exchange_at_counter(R.EXPIRING)
    with refused("replacement.reason_required"):
        new_cards.exchange_at_counter(R.BANK_CHANGE)
    told = Replacing(reason=R.DATA_CHANGED, base_data_right=True)
    assert new_cards.exchange_at_counter(told=told).state == "accepted"


def test_a_card_that_expires_soon_is_exchanged() -> None:
    """到期前60天内可换。"""
    new_cards.in_use(valid_to=date(2026, 5, 1), **EMPTIED)
    assert new_cards.exchange_at_counter(R.EXPIRING).state == "accepted"


@pytest.mark.rule("rule book 12, 21.3")
def test_another_bank_makes_the_card_once_the_old_account_is_settled() -> None:
    """更换银行:原账户先销户或经银行确认。"""
    card = new_cards.in_use(**EMPTIED)
    other = replace(applying.ANSWERS, bank="ccb")
    told = Replacing(reason=R.BANK_CHANGE)
    with refused("replacement.old_account_open"):
        new_cards.exchange_at_counter(told=told, answers=other)
    Card.objects.filter(ref=card.ref).update(financial_state=FinancialState.CLOSED)
    receipt = new_cards.exchange_at_counter(told=told, answers=other)
    assert (receipt.bank, receipt.state) == ("ccb", "accepted")


@pytest.mark.parametrize("actor", [new_cards.TELLER, new_cards.OTHER_TELLER])
def test_every_co_operating_bank_takes_an_exchange(actor: people.Actor) -> None:
    """换领:各合作银行网点都受理。"""
    new_cards.in_use(**EMPTIED)
    receipt = new_cards.exchange_at_counter(actor=actor)
    row = Application.objects.get(ref=receipt.application)
    own = actor is new_cards.TELLER
    assert row.channel.value == ("card_face_bank" if own else "other_bank")


def test_a_lost_card_is_not_exchanged_and_a_locked_one_is() -> None:
    """挂失的不能换;锁定的可以换。"""
    card = new_cards.in_use(hr_state=HrState.LOCKED, **EMPTIED)
    assert new_cards.exchange_at_counter().state == "accepted"
    Application.objects.filter(kind=ApplicationKind.EXCHANGE).update(
        state=ProductionState.RETRACTED
    )
    new_cards.lose(card)
    with refused("replacement.card_is_lost"):
        new_cards.exchange_at_counter()


@pytest.mark.rule("rule book 21.3 row 9")
def test_one_application_at_a_time_whatever_its_kind() -> None:
    """补换卡已受理:不论原因,得到原来的受理号。"""
    card = new_cards.in_use(**EMPTIED)
    first = new_cards.exchange_at_counter()
    again = new_cards.exchange_at_counter(R.QUALITY)
    assert (again.number, again.notice) == (first.number, "replacement.already_applied")
    new_cards.lose(card)
    lost = new_cards.replace_online(card)
    assert (lost.number, lost.kind, lost.notice) == (
        first.number,
        "exchange",
        "replacement.already_applied",
    )


@pytest.mark.rule("rule book 21.1; SEED, FAQ 2")
def test_an_upgrade_goes_one_way_through_either_door() -> None:
    """二代卡换发只有一条路。"""
    case = replace(
        people.case_of(HOLDER, old_card_shown=True), replacing=Replacing(reason=R.UPGRADE)
    )
    by_exchange = exchange.apply_at_counter(case=case, actor=CLERK, at=now())
    by_kind = application.accept_at_counter(
        case=replace(case, kind=ApplicationKind.UPGRADE), actor=CLERK, at=now()
    )
    assert by_exchange.kind == "upgrade"
    assert (by_kind.number, by_kind.notice) == (by_exchange.number, "replacement.already_applied")


@pytest.mark.rule("guarantees I1, R16")
@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_crash_leaves_all_or_nothing_and_a_repeat_completes(point: str) -> None:
    """中断:要么办成,要么没发生;重试得到同一回执。"""
    new_cards.in_use(**EMPTIED)

    def doing() -> application.ApplicationReceipt:
        with once("counter", "key", "body"):
            return new_cards.exchange_at_counter()

    with failpoint.armed(f"exchange.take_at_counter.{point}"), pytest.raises(Crash):
        doing()
    rows = Application.objects.filter(kind=ApplicationKind.EXCHANGE)
    assert rows.exists() is (point == "after_commit")
    receipt = doing()
    assert (rows.get().ref, receipt.notice) == (receipt.application, "")
    done = AuditRow.objects.filter(act="exchange.take_at_counter", result="done")
    assert done.count() == 1


def test_what_is_offered_says_why_not() -> None:
    """按钮灰的,说明原因。"""
    card = new_cards.in_use()
    offered = {
        one.act: one.refusal.code if one.refusal else ""
        for one in seen.offers(person=card.person_id, as_seen_by=CLERK, at=now())
    }
    assert offered == {
        "replacement": "replacement.formal_loss_first",
        "exchange": "replacement.refund_first",
        "cancellation": "card.account_open",
        "transfer": "",
    }
