"""The end of a card, and of nothing else; a relation that moves away leaves its card alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from onecard.actions import application, card, delivery
from onecard.actions._keeping import once
from onecard.actions._message import Message
from onecard.actions.card import CancelCase, CancelReceipt
from onecard.actions.delivery import scans
from onecard.adapters.courier import Scan
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database import BenefitDue
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.benefit import BenefitKind
from onecard.domain.cancellation import CancellationReason, Cancelling
from onecard.domain.collection import Shown
from onecard.domain.delivery import DeliveryEvent, DeliveryState
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound
from onecard.domain.transit_purse import TransitState
from onecard.queries import cancellation as seen
from onecard.records.models import (
    Application,
    AuditRow,
    Cancellation,
    Card,
    LossSide,
    Notification,
    OutboxRow,
    Shipment,
    Staff,
    TransferOut,
    Transition,
)
from onecard.seams import failpoint
from onecard.seams.failpoint import Crash
from tests import applying, cast, made_card, new_cards
from tests.actions.application import people
from tests.actions.application.people import CLERK, MAN, WOMAN, refused
from tests.new_cards import fresh, holder, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
C = CancellationReason
SETTLED = {
    "financial_state": FinancialState.CLOSED,
    "transit_state": TransitState.CLOSED,
}
HR_CLERK = Actor(Role.HR_CLERK, "stf_hr", Channel.HR_COUNTER, outlet="out_zhonglou")
FAMILY = Shown(holder=None, agent=applying.AGENTS, agent_name="李强")


def told(**changes: object) -> Cancelling:
    whole = Cancelling(reason=C.HOLDERS_REQUEST, shown=Shown(applying.OWN), handed_in=True)
    return replace(whole, **changes)  # type: ignore[arg-type]


def cancel(row: Card, actor: Actor = CLERK, **changes: object) -> CancelReceipt:
    return card.cancel(case=CancelCase(row.ref, told(**changes)), actor=actor, at=now())


@pytest.mark.rule("rule book 16")
@pytest.mark.parametrize("actor", [CLERK, HR_CLERK])
def test_a_card_is_cancelled_once_every_owner_has_closed_its_part(actor: Actor) -> None:
    """各方都结清后注销;登记、历史、审计齐全。"""
    row = new_cards.in_use(**SETTLED)
    receipt = cancel(row, actor)
    assert (receipt.hr_state, receipt.notice) == ("cancelled", "")
    kept = Cancellation.objects.get(card=row)
    assert (kept.reason, kept.handed_in, kept.outlet) == (C.HOLDERS_REQUEST, True, actor.outlet)
    line = Transition.objects.filter(card=row, function="hr").latest("sequence")
    assert (line.to_state, line.reason) == ("cancelled", "holders_request")
    told_to = OutboxRow.objects.filter(event="card.cancelled").values_list("party", flat=True)
    assert set(told_to) == {"hr_database", "sms"}
    assert AuditRow.objects.filter(act="card.cancel", result="done").count() == 1
    assert fresh(row).financial_state is FinancialState.CLOSED


@pytest.mark.rule("rule book V7")
def test_cancelled_is_cancelled(province: SimulatedPartners) -> None:
    """注销不可恢复;再次注销只得到告知。"""
    assert province
    row = new_cards.in_use(**SETTLED)
    cancel(row)
    assert cancel(row).notice == "card.already_cancelled"
    assert Cancellation.objects.count() == 1
    with refused("hr_function.cancelled"):
        new_cards.lose(row)
    with refused("hr_function.cancelled"):
        new_cards.enable(row)
    with refused("replacement.no_card"):
        new_cards.replace_online(row)


def test_after_the_end_a_first_application_is_open_again() -> None:
    """注销后可重新首次申请。"""
    row = new_cards.in_use(**SETTLED)
    cancel(row)
    assert people.accepted_at_counter(WOMAN).state == "accepted"


@pytest.mark.parametrize(
    ("columns", "changes", "code"),
    [
        ({"financial_state": FinancialState.ACTIVATED}, {}, "card.account_open"),
        ({"transit_state": TransitState.OPEN}, {}, "card.purse_balance_left"),
        ({}, {"handed_in": False}, "card.not_handed_in"),
        ({}, {"shown": Shown(None)}, "documents.not_original"),
        ({}, {"reason": C.DEATH, "shown": FAMILY}, "card.death_proof_missing"),
        ({}, {"reason": C.LOST_BEFORE_ENABLING}, "card.reason_does_not_fit"),
    ],
)
def test_what_is_open_is_refused_and_nothing_changes(
    columns: dict[str, object], changes: dict[str, object], code: str
) -> None:
    """还有一步没办完的,不注销。"""
    row = new_cards.in_use(**(SETTLED | columns))
    with refused(code):
        cancel(row, **changes)
    assert fresh(row).hr_state is HrState.NORMAL
    assert not Cancellation.objects.exists()
    asked = told(**changes)
    todo = seen.checklist(card=row.ref, told=asked, as_seen_by=CLERK, at=now())
    assert [refusal.code for refusal in todo] == [code]


def test_only_counters_of_the_hr_side_cancel() -> None:
    """注销只在服务网点和人社窗口。"""
    row = new_cards.in_use(**SETTLED)
    with refused("authority.not_yours"):
        cancel(row, new_cards.TELLER)
    with refused("authority.not_yours"):
        cancel(row, holder(row))
    with pytest.raises(NotFound):
        seen.checklist(card=row.ref, told=told(), as_seen_by=new_cards.TELLER, at=now())


@pytest.mark.rule("OTHER-CITY S34")
def test_benefits_are_closed_before_the_card_is(province: SimulatedPartners) -> None:
    """仍在领取待遇的,先办停发或改发。"""
    row = new_cards.in_use(**SETTLED)
    payment = BenefitDue(
        "p1", cast.ADULT, BenefitKind.INJURY, date(2026, 3, 20), "icbc", row.card_number
    )
    province.simulation.hr_database.owe(payment)
    with refused("card.benefits_linked"):
        cancel(row)
    province.simulation.hr_database.close_benefits(cast.ADULT)
    assert cancel(row).hr_state == "cancelled"


def test_without_the_provinces_word_nothing_ends(province: SimulatedPartners) -> None:
    """省库不通时不注销,因为不可恢复。"""
    row = new_cards.in_use(**SETTLED)
    province.simulation.faults.set("hr_database", Fault.DOWN)
    with refused("partner.silent"):
        cancel(row)
    province.simulation.faults.heal("hr_database")
    assert cancel(row).hr_state == "cancelled"


def test_the_purse_may_be_given_up_in_so_many_words() -> None:
    """本人确认放弃交通余额的,可以注销;交通账户不动。"""
    row = new_cards.in_use(**(SETTLED | {"transit_state": TransitState.OPEN}))
    cancel(row, purse_given_up=True)
    assert Cancellation.objects.get().purse_given_up
    assert fresh(row).transit_state is TransitState.OPEN


def test_a_lost_card_ends_with_its_formal_report() -> None:
    """遗失的卡凭正式挂失注销,挂失随之了结。"""
    row = new_cards.lost(**SETTLED)
    cancel(row, handed_in=False)
    assert fresh(row).hr_state is HrState.CANCELLED
    side = LossSide.objects.get(card=row)
    assert (side.ended_at, side.ended_how) == (now(), "holders_request")


@pytest.mark.rule("OTHER-CITY S47")
def test_a_family_member_cancels_after_a_death(province: SimulatedPartners) -> None:
    """家属凭本人证件和死亡证明注销;此人不再办理任何业务,也不发短信。"""
    row = new_cards.in_use(**SETTLED)
    cancel(row, reason=C.DEATH, shown=FAMILY, death_proof=True)
    kept = Cancellation.objects.get()
    assert (kept.agent_name, kept.death_proof) == ("李强", True)
    assert kept.agent_document == f"resident_id {cast.ADULT_MAN}"
    assert not OutboxRow.objects.filter(event="card.cancelled", party="sms").exists()
    with refused("application.person_status"):
        people.accepted_at_counter(WOMAN)
    assert province


def test_no_clerk_cancels_the_own_card() -> None:
    """不能注销自己的卡。"""
    row = new_cards.in_use(**SETTLED)
    Staff.objects.create(
        ref=CLERK.ref,
        username="clerk",
        password="-",
        role=CLERK.role,
        person=row.person,
        outlet_id=CLERK.outlet,
        created_at=now(),
    )
    with refused("authority.own_case"):
        cancel(row)


def test_a_new_card_on_its_way_is_settled_first() -> None:
    """正在补换卡的,先撤回或先注销新卡。"""
    row = new_cards.in_use(**SETTLED)
    receipt = new_cards.exchange_at_counter()
    with refused("card.successor_on_its_way"):
        cancel(row)
    application.retract(
        application=receipt.application, reason="changed_mind", actor=CLERK, at=now()
    )
    assert cancel(row).hr_state == "cancelled"


def posted(state: DeliveryState = DeliveryState.IN_TRANSIT) -> tuple[Card, Shipment]:
    """A first card that is on its way by post."""
    person = people.at_desk(WOMAN)
    row = made_card.an_application(
        made_card.Person.objects.get(ref=person), state=ProductionState.POSTED, bank="icbc"
    )
    sealed = made_card.a_card(row.person, row, bank="icbc", card_number="S00000001")
    parcel = Shipment.objects.create(
        ref="shp_1",
        application=row,
        card=sealed,
        state=state,
        address="常州" if state is not DeliveryState.PACKED else "",
        state_since=now(),
    )
    return sealed, parcel


@pytest.mark.rule("rule book 10, O13")
def test_a_card_lost_in_the_post_is_cancelled_and_applied_for_again() -> None:
    """寄递遗失:注销封存的卡,申请随之结束,可重新首次申请。"""
    sealed, _ = posted()
    with refused("application.already_has_card"):
        people.accepted_at_counter(WOMAN)
    cancel(sealed, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    ended = Application.objects.get(ref=sealed.application_id)
    assert ended.state is ProductionState.RETRACTED
    assert ended.steps.latest("id").event == "cancel_card"
    again = people.accepted_at_counter(WOMAN)
    assert (again.state, again.number == ended.number) == ("accepted", False)


def test_a_card_lost_after_collecting_and_before_enabling_is_cancelled_too() -> None:
    """领到手、未启用就丢了的卡:按启用前遗失注销。"""
    sealed, _ = posted(DeliveryState.DELIVERED)
    Card.objects.filter(ref=sealed.ref).update(collected_at=now())
    with refused("loss.card_not_enabled"):
        new_cards.lose(sealed)
    with refused("card.not_handed_in"):
        cancel(sealed, handed_in=False)
    cancel(sealed, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    assert fresh(sealed).hr_state is HrState.CANCELLED


@pytest.mark.parametrize("state", [DeliveryState.RETURNED, DeliveryState.PACKED])
def test_the_parcel_of_a_cancelled_card_goes_nowhere(state: DeliveryState) -> None:
    """已注销的卡不再寄送,也不通知启用。"""
    sealed, parcel = posted(state)
    cancel(sealed, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    facts = {"shipment": parcel.ref, "actor": holder(sealed), "at": now()}
    with refused("delivery.card_is_cancelled"):
        delivery.send_again(**facts)
    with refused("delivery.card_is_cancelled"):
        delivery.choose_outlet(outlet="out_tianning", **facts)
    with refused("delivery.card_is_cancelled"):
        delivery.give_address(address="常州市", **facts)


def test_late_news_of_its_parcel_tell_nobody_to_enable_it() -> None:
    """卡已注销,迟到的签收扫描只记录,不通知启用。"""
    sealed, parcel = posted()
    Shipment.objects.filter(ref=parcel.ref).update(
        ems_number="1234567890123", ems_index=made_card.index("ems", "1234567890123")
    )
    cancel(sealed, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    scan = Scan("scan-1", "1234567890123", DeliveryEvent.DELIVER, "常州", now())
    assert scans.take_scan(scan=scan, actor=THE_CLOCK, at=now()).verdict == "applied"
    parcel.refresh_from_db()
    assert parcel.state is DeliveryState.DELIVERED
    assert not OutboxRow.objects.filter(event="card.delivered").exists()


def test_a_parcel_that_was_not_handed_over_yet_stays_here() -> None:
    """卡已注销,还没交寄的邮件不再交寄。"""
    sealed, parcel = posted(DeliveryState.PACKED)
    parcel.address = "常州市天宁区"
    parcel.save(update_fields=["address"])
    cancel(sealed, reason=C.LOST_BEFORE_ENABLING, handed_in=False)
    message = Message(
        ref="evt_1",
        event="delivery.parcel_ready",
        party="courier",
        subject=parcel.ref,
        payload={"attempt": parcel.attempt},
        attempts=1,
        at=now(),
    )
    assert delivery.send_parcel(message) is not None
    parcel.refresh_from_db()
    assert parcel.state is DeliveryState.PACKED


@pytest.mark.rule("guarantees I1, R16")
@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_crash_cancels_wholly_or_not_at_all(point: str) -> None:
    """中断:要么注销,要么没发生;重试得到同一回执。"""
    row = new_cards.in_use(**SETTLED)

    def doing() -> CancelReceipt:
        with once("counter", "key", "body"):
            return cancel(row)

    with failpoint.armed(f"card.cancel.{point}"), pytest.raises(Crash):
        doing()
    happened = point == "after_commit"
    assert (fresh(row).hr_state is HrState.CANCELLED) is happened
    assert Cancellation.objects.exists() is happened
    assert doing() == CancelReceipt(row.ref, row.person_id, "cancelled")
    assert Cancellation.objects.count() == 1


@pytest.mark.rule("SEED, FAQ 7; NATIONAL S19; rule book 15")
def test_a_move_within_the_province_needs_nothing() -> None:
    """省内转移不需办理。"""
    row = new_cards.in_use()
    receipt = move(row, "32")
    assert (receipt.transfer, receipt.notice) == ("", "card.transfer_nothing_to_do")
    assert not TransferOut.objects.exists()


def move(row: Card, to: str, actor: Actor | None = None) -> card.TransferReceipt:
    return card.record_transfer_out(
        person=row.person_id,
        to_province=to,
        moved_on=date(2026, 3, 1),
        actor=actor or holder(row),
        at=now(),
    )


@pytest.mark.rule("NATIONAL S19, S46; rule book 15, 27 A16")
def test_a_move_out_of_the_province_is_recorded_and_switches_nothing_off() -> None:
    """省外转移:记录、告知,不自动停用,可以注销。"""
    row = new_cards.in_use()
    before = fresh(row)
    receipt = move(row, "31")
    assert receipt.notice == "card.transfer_recorded"
    assert move(row, "31").transfer == receipt.transfer
    assert TransferOut.objects.count() == 1
    after = fresh(row)
    assert (after.hr_state, after.financial_state, after.transit_state) == (
        before.hr_state,
        before.financial_state,
        before.transit_state,
    )
    assert OutboxRow.objects.filter(event="card.transfer_recorded").count() == 1
    new_cards.let_go_by(hours=2)
    assert Notification.objects.filter(key="notification.card.transfer_recorded").count() == 1


def test_nobody_records_a_move_for_somebody_else() -> None:
    """本人或窗口记录;没有的省份不记。"""
    row = new_cards.in_use()
    with pytest.raises(NotFound):
        move(row, "31", people.signed_in(MAN))
    with refused("card.province_unknown"):
        move(row, "99")
    assert move(row, "33", CLERK).transfer


def test_a_card_that_waits_at_an_outlet_is_not_asked_for() -> None:
    """还在网点没领的卡,不用交回。"""
    person = people.at_desk(WOMAN)
    row = made_card.an_application(
        made_card.Person.objects.get(ref=person),
        state=ProductionState.AT_OUTLET,
        collection=Collection.OUTLET,
        bank="icbc",
    )
    sealed = made_card.a_card(row.person, row, bank="icbc", card_number="S00000001")
    assert cancel(sealed, handed_in=False).hr_state == "cancelled"
