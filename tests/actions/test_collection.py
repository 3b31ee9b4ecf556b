"""Cards come into their holders' hands and start to work, one card for one person at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest

from onecard.actions import collection
from onecard.actions._keeping import once
from onecard.actions.application import AgentShown, EmployerPapers
from onecard.actions.collection import CardInHand, EnableReceipt, Shown
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.delivery import DeliveryState
from onecard.domain.documents import EmployerPaper
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import IN_USE, HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.transit_purse import TransitState
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    OutboxRow,
    Person,
    Shipment,
    Staff,
    Transition,
)
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast, made_card, threads

pytestmark = pytest.mark.django_db

IN_HAND = CardInHand(card_number=made_card.CARD_NUMBER)
OWN = Shown(made_card.own_document())
AGENTS = Shown(
    made_card.own_document(), made_card.own_document(cast.ADULT_MAN, "李强"), agent_name="李强"
)
BANK_CLERK = Actor(Role.BANK_CLERK, "stf_bank", Channel.CARD_FACE_BANK, outlet="out_bank")


def now() -> datetime:
    return world().clock.now()


def enable(
    card: Card,
    *,
    proof: CardInHand = IN_HAND,
    shown: Shown = OWN,
    handed_in: bool = False,
    actor: Actor = cast.CLERK,
) -> EnableReceipt:
    """Enable at the counter."""
    return collection.enable(
        card=card.ref,
        proof=proof,
        shown=shown,
        old_card_handed_in=handed_in,
        actor=actor,
        at=now(),
    )


def hand_over(application: Application, shown: Shown = OWN) -> collection.CollectionReceipt:
    """Hand over at the clerk's outlet."""
    return collection.hand_over(
        application=application.ref, proof=IN_HAND, shown=shown, actor=cast.CLERK, at=now()
    )


def delivered_card(state: DeliveryState = DeliveryState.DELIVERED) -> tuple[Person, Card]:
    """Somebody to whom the postman brought the card."""
    person, application, card = made_card.posted_card(state=ProductionState.POSTED)
    delivered_at = now() if state is DeliveryState.DELIVERED else None
    Shipment.objects.create(
        ref="shp_a",
        application=application,
        card=card,
        state=state,
        delivered_at=delivered_at,
        state_since=now(),
    )
    return person, card


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.rule("SEED, FAQ 3; rule book 11.3")
def test_a_card_handed_over_is_collected_and_stays_sealed() -> None:
    """领卡后卡仍封存,等待启用。"""
    _, application, card = made_card.card_at_outlet()
    assert hand_over(application).state == "collected"
    card.refresh_from_db()
    assert card.hr_state is HrState.SEALED
    assert card.collected_at == now()
    assert card.collected_by_name == ""
    assert hand_over(application).notice == "collection.already_collected"
    assert OutboxRow.objects.filter(event="card.collected").count() == 1


def test_an_agent_collects_with_both_originals_and_is_remembered() -> None:
    """代办领卡须双方证件原件,并记录代办人。"""
    _, application, card = made_card.card_at_outlet()
    with pytest.raises(Refused) as refused:
        hand_over(application, replace(AGENTS, holder=None))
    assert code_of(refused) == "authority.holder_original_missing"
    hand_over(application, AGENTS)
    card.refresh_from_db()
    assert card.collected_by_name == "李强"
    assert card.collected_by_document == f"resident_id {cast.ADULT_MAN}"


def test_a_card_lies_at_one_outlet() -> None:
    """卡在其他网点的,指明网点。"""
    elsewhere = made_card.an_outlet("out_xinbei", name="新北服务网点")
    _, application, _ = made_card.card_at_outlet(collect_at=elsewhere)
    with pytest.raises(Refused) as refused:
        hand_over(application)
    assert code_of(refused) == "collection.at_other_outlet"
    assert AuditRow.objects.get().result == "refused"
    assert Application.objects.get().state is ProductionState.AT_OUTLET


@pytest.mark.rule("PROVINCIAL S4; rule book 11.1, 11.8")
def test_enabling_changes_the_hr_function_and_no_other() -> None:
    """启用只改人社功能,不激活金融功能,不开通交通功能。"""
    person, application, card = made_card.card_at_outlet()
    receipt = enable(card)
    card.refresh_from_db()
    assert card.hr_state is HrState.NORMAL
    assert card.financial_state is FinancialState.OPENED
    assert card.transit_state is TransitState.NOT_OPENED
    assert card.enabled_at == card.collected_at == now()
    application.refresh_from_db()
    assert application.state is ProductionState.COLLECTED
    assert receipt.register_told is False
    line = Transition.objects.get()
    assert (line.from_state, line.to_state, line.sequence) == ("sealed", "normal", 1)
    told = OutboxRow.objects.get(party="hr_database")
    assert (told.event, told.subject, told.payload) == (
        "card.enabled",
        card.ref,
        {"state": "normal"},
    )
    assert AuditRow.objects.get().concerning == person.ref


def test_enabling_twice_is_a_notice() -> None:
    """已启用的卡再办启用,提示不需再办。"""
    _, _, card = made_card.card_at_outlet()
    enable(card)
    assert enable(card).notice == "hr_function.already_enabled"
    assert Transition.objects.count() == 1
    assert OutboxRow.objects.filter(event="card.enabled", party="sms").count() == 1


@pytest.mark.rule("rule book 11.5")
def test_the_card_is_asked_for_before_the_person() -> None:
    """顺序:先卡在手,再证件,再旧卡。"""
    person, _, card = made_card.card_at_outlet()
    card.predecessor = made_card.a_predecessor(person, HrState.NORMAL)
    card.save(update_fields=["predecessor"])
    codes = []
    for proof, shown, handed_in in (
        (CardInHand(), Shown(None), False),
        (CardInHand(card_number=made_card.OLD_NUMBER), Shown(None), False),
        (IN_HAND, Shown(None), False),
        (IN_HAND, OWN, False),
    ):
        with pytest.raises(Refused) as refused:
            enable(card, proof=proof, shown=shown, handed_in=handed_in)
        codes.append(code_of(refused))
    assert codes == [
        "collection.card_not_in_hand",
        "collection.other_card",
        "documents.not_original",
        "card.not_handed_in",
    ]
    assert enable(card, handed_in=True).predecessor == card.predecessor_id


def test_the_chip_proves_the_card_as_well_as_its_number() -> None:
    """读芯片与输入卡号效力相同,全角字符照认。"""
    _, _, card = made_card.card_at_outlet()
    wide = "B12345678"
    with pytest.raises(Refused):
        enable(card, proof=CardInHand(card_identifier="0" * 32))
    assert enable(card, proof=CardInHand(card_identifier=card.card_identifier)).hr_state == "normal"
    assert enable(card, proof=CardInHand(card_number=f" {wide} ")).notice


@pytest.mark.rule("rule book 7")
def test_a_bank_outlet_enables_the_cards_of_its_bank() -> None:
    """卡面银行网点可启用本行的卡,他行的卡不办。"""
    made_card.an_outlet("out_bank", bank="icbc")
    _, _, card = made_card.posted_card(state=ProductionState.POSTED)
    with pytest.raises(Refused) as refused:
        enable(card, actor=BANK_CLERK)
    assert code_of(refused) == "application.channel_not_open"
    Card.objects.update(bank="icbc")
    assert enable(card, actor=BANK_CLERK).hr_state == "normal"


@pytest.mark.rule("PROVINCIAL S4; acceptance case A2")
def test_online_the_holder_confirms_receipt_and_enables() -> None:
    """网上申请的,收卡后在同一渠道完成个人领卡并启用。"""
    person, card = delivered_card()
    citizen = made_card.as_citizen(person)
    with pytest.raises(Refused) as refused:
        collection.enable_online(card=card.ref, card_number="X", actor=citizen, at=now())
    assert code_of(refused) == "collection.other_card"
    receipt = collection.enable_online(
        card=card.ref, card_number=made_card.CARD_NUMBER.lower(), actor=citizen, at=now()
    )
    assert receipt.hr_state == "normal"
    assert Application.objects.get().state is ProductionState.COLLECTED


def test_online_a_card_applied_for_at_a_counter_is_not_enabled() -> None:
    """柜面申请的卡不能在网上启用。"""
    person, application, card = made_card.card_at_outlet()
    hand_over(application)
    with pytest.raises(Refused) as refused:
        collection.enable_online(
            card=card.ref,
            card_number=made_card.CARD_NUMBER,
            actor=made_card.as_citizen(person),
            at=now(),
        )
    assert code_of(refused) == "collection.not_in_this_channel"
    assert refused.value.refusal.fix is not None


def test_online_a_card_that_came_back_is_not_enabled() -> None:
    """退件中的卡不能确认收卡。"""
    person, card = delivered_card(DeliveryState.RETURNED)
    with pytest.raises(Refused) as refused:
        collection.enable_online(
            card=card.ref,
            card_number=made_card.CARD_NUMBER,
            actor=made_card.as_citizen(person),
            at=now(),
        )
    assert code_of(refused) == "collection.not_received"


def test_somebody_elses_card_looks_like_none() -> None:
    """他人的卡与不存在的卡表现一致。"""
    _, card = delivered_card()
    stranger = made_card.as_citizen(made_card.a_person(cast.ADULT_MAN, name="李强"))
    for ref in (card.ref, "crd_nobody"):
        with pytest.raises(NotFound):
            collection.enable_online(
                card=ref, card_number=made_card.CARD_NUMBER, actor=stranger, at=now()
            )


@pytest.mark.rule("rule book 2 V4, 21.4")
@pytest.mark.parametrize(
    ("state", "handed_in"),
    [(HrState.FORMAL_LOSS, False), (HrState.NORMAL, True), (HrState.LOCKED, True)],
)
def test_the_predecessor_is_cancelled_in_the_same_moment(
    state: HrState,
    handed_in: bool,  # noqa: FBT001
) -> None:
    """新卡启用与旧卡注销在同一事务完成。"""
    person, _, card = made_card.card_at_outlet()
    old = made_card.a_predecessor(person, state)
    Card.objects.filter(ref=card.ref).update(predecessor=old)
    receipt = enable(card, handed_in=handed_in)
    assert receipt.predecessor == old.ref
    old.refresh_from_db()
    assert old.hr_state is HrState.CANCELLED
    told = OutboxRow.objects.get(subject=old.ref, party="hr_database")
    assert told.payload == {"state": "cancelled"}


@pytest.mark.parametrize(
    "point", ["replacement.between_old_and_new", "collection.enable.before_commit"]
)
def test_a_crash_while_enabling_leaves_both_cards_as_they_were(point: str) -> None:
    """启用过程中断:新旧两卡都保持原状,重做即完成。"""
    person, _, card = made_card.card_at_outlet()
    old = made_card.a_predecessor(person, HrState.NORMAL)
    Card.objects.filter(ref=card.ref).update(predecessor=old)
    with armed(point), pytest.raises(Crash):
        enable(card, handed_in=True)
    states = set(Card.objects.values_list("hr_state", flat=True))
    assert states == {HrState.SEALED, HrState.NORMAL}
    assert not Transition.objects.exists()
    assert not OutboxRow.objects.exists()
    enable(card, handed_in=True)
    assert set(Card.objects.values_list("hr_state", flat=True)) == {
        HrState.NORMAL,
        HrState.CANCELLED,
    }


@pytest.mark.rule("rule book 17.2 note 4")
def test_a_temporarily_lost_predecessor_waits_until_its_time_is_over() -> None:
    """旧卡临时挂失中:先正式挂失,或等解挂、逾期;到期后交回旧卡即可。"""
    person, _, card = made_card.card_at_outlet()
    ends_at = now() + timedelta(days=1)
    old = made_card.a_predecessor(person, HrState.TEMPORARY_LOSS, ends_at=ends_at)
    Card.objects.filter(ref=card.ref).update(predecessor=old)
    with pytest.raises(Refused) as refused:
        enable(card, handed_in=True)
    assert code_of(refused) == "collection.predecessor_not_settled"
    made_card.clock().set(ends_at)
    enable(card, handed_in=True)
    moves = Transition.objects.filter(card=old).values_list("from_state", "to_state")
    assert list(moves) == [("temporary_loss", "normal"), ("normal", "cancelled")]


@pytest.mark.rule("rule book 2 V2")
def test_nobody_gets_a_second_card_beside_one_that_is_no_predecessor() -> None:
    """一人一卡:名下另有未注销的卡,不能启用。"""
    person, _, card = made_card.card_at_outlet()
    made_card.a_predecessor(person, HrState.FORMAL_LOSS)
    with pytest.raises(Refused) as refused:
        enable(card)
    assert code_of(refused) == "collection.another_live_card"
    assert refused.value.refusal.all_facts()["cards"] == ("A*******2",)


@pytest.mark.rule("guarantees 12")
def test_a_clerk_never_serves_their_own_case() -> None:
    """经办人不能办理自己的领卡启用。"""
    person, application, card = made_card.card_at_outlet()
    Staff.objects.create(
        ref=cast.CLERK.ref,
        username="clerk",
        display_name="王芳",
        role=Role.OUTLET_CLERK,
        person=person,
        created_by="stf_x",
        created_at=now(),
    )
    for serve in (lambda: enable(card), lambda: hand_over(application)):
        with pytest.raises(Refused) as refused:
            serve()
        assert code_of(refused) == "authority.own_case"


@pytest.mark.rule("guarantees I1")
def test_the_same_request_again_gives_the_same_receipt() -> None:
    """同一请求重复提交,只启用一次,回执相同。"""
    _, _, card = made_card.card_at_outlet()
    receipts = []
    for _ in range(2):
        with once("counter", "key-1", "enable") as request:
            receipts.append(enable(card))
    assert request.replayed
    assert receipts[0] == receipts[1]
    assert receipts[0].notice == ""
    assert Transition.objects.count() == 1


def _papers(employer: str, **more: object) -> EmployerPapers:
    agent = AgentShown("赵六", made_card.own_document(cast.ADULT_MAN, "赵六"))
    columns = {"paper": EmployerPaper.AUTHORISATION_LETTER, "paper_original": True} | more
    return EmployerPapers(employer=employer, agent=agent, **columns)  # type: ignore[arg-type]


@pytest.mark.rule("rule book 11.7; SEED, FAQ 3")
def test_an_employers_agent_collects_for_its_people_and_the_cards_stay_sealed() -> None:
    """单位代领:卡仍封存,一行有误不影响其他行。"""
    employer = made_card.an_employer()
    _, mine, card = made_card.card_at_outlet(employer=employer, collection=Collection.EMPLOYER)
    other = made_card.an_application(
        made_card.a_person(cast.ADULT_MAN, name="李强"), state=ProductionState.AT_OUTLET
    )
    taken = collection.collect_for_employer(
        applications=(other.ref, mine.ref, "app_nobody"),
        papers=_papers(employer.ref),
        actor=cast.CLERK,
        at=now(),
    )
    assert taken.collected == (mine.ref,)
    assert {row.code for row in taken.refused} == {"collection.not_for_this_employer"}
    assert len(taken.refused) == 2
    card.refresh_from_db()
    assert card.hr_state is HrState.SEALED
    assert card.collected_by_name == "赵六"
    mine.refresh_from_db()
    assert mine.state is ProductionState.COLLECTED_BY_EMPLOYER
    assert enable(card).hr_state == "normal"


def test_an_employers_cards_leave_only_the_outlet_where_they_lie() -> None:
    """单位代领也在卡所在的网点；别的网点交不出，并说明卡在哪里。"""
    employer = made_card.an_employer()
    _, mine, card = made_card.card_at_outlet(employer=employer, collection=Collection.EMPLOYER)
    elsewhere = replace(cast.CLERK, outlet=made_card.an_outlet("out_elsewhere").ref)
    taken = collection.collect_for_employer(
        applications=(mine.ref,), papers=_papers(employer.ref), actor=elsewhere, at=now()
    )
    assert taken.collected == ()
    assert [row.code for row in taken.refused] == ["collection.at_other_outlet"]
    assert taken.refused[0].facts["outlet"] == mine.collect_at.name
    card.refresh_from_db()
    assert card.collected_at is None


def test_one_employer_paper_is_needed_and_enough() -> None:
    """信用代码证或授权委托书,有一项即可,但须有一项。"""
    employer = made_card.an_employer()
    with pytest.raises(Refused) as refused:
        collection.collect_for_employer(
            applications=(), papers=_papers(employer.ref, paper=None), actor=cast.CLERK, at=now()
        )
    assert code_of(refused) == "authority.employer_paper_missing"


def test_another_employers_agent_finds_nobody() -> None:
    """单位经办人只看得到本单位。"""
    employer = made_card.an_employer()
    agent = Actor(Role.EMPLOYER_AGENT, "stf_agent", Channel.EMPLOYER, employer="emp_other")
    with pytest.raises(NotFound):
        collection.collect_for_employer(
            applications=(), papers=_papers(employer.ref), actor=agent, at=now()
        )


@pytest.mark.rule("rule book 11; 12")
def test_a_holder_is_reminded_to_enable_and_then_to_activate() -> None:
    """收卡未启用、启用未激活,按天数提醒,不重复。"""
    _, card = delivered_card()

    def remind_after(days: int) -> list[str]:
        made_card.clock().set(cast.MONDAY_9AM + timedelta(days=days))
        collection.remind_due(actor=THE_CLOCK, at=now())
        return list(
            OutboxRow.objects.filter(event__endswith="reminder")
            .order_by("sequence")
            .values_list("event", flat=True)
        )

    assert remind_after(6) == []
    assert remind_after(7) == ["card.enable_reminder"]
    assert remind_after(8) == ["card.enable_reminder"]
    assert len(remind_after(14)) == 2
    enable(card)
    assert len(remind_after(43)) == 2
    assert remind_after(44)[2:] == ["card.activate_reminder"]
    Card.objects.update(financial_state=FinancialState.ACTIVATED)
    assert len(remind_after(80)) == 3


def test_a_card_at_the_outlet_and_a_returned_parcel_are_remembered_too() -> None:
    """到网点未领、退件未处理,也按天数提醒;到期不再提醒。"""
    _, application, card = made_card.card_at_outlet()
    made_card.clock().advance(timedelta(days=30))
    assert collection.remind_due(actor=THE_CLOCK, at=now()) == 1
    assert collection.remind_due(actor=THE_CLOCK, at=now()) == 0
    Application.objects.update(state=ProductionState.POSTED)
    Shipment.objects.create(
        ref="shp_a",
        application=application,
        card=card,
        state=DeliveryState.RETURNED,
        state_since=now(),
    )
    made_card.clock().advance(timedelta(days=7))
    assert collection.remind_due(actor=THE_CLOCK, at=now()) == 1
    made_card.clock().advance(timedelta(days=180))
    assert collection.remind_due(actor=THE_CLOCK, at=now()) == 0
    events = OutboxRow.objects.order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["card.collect_reminder", "card.return_reminder"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("rule book 2 V3, V4")
def test_however_many_enable_at_once_one_card_is_in_use() -> None:
    """并发启用:任何时刻一人最多一张可用卡,结果只有一次。"""
    person, _, card = made_card.card_at_outlet()
    old = made_card.a_predecessor(person, HrState.NORMAL)
    Card.objects.filter(ref=card.ref).update(predecessor=old)
    receipts: list[EnableReceipt] = []
    seen: set[int] = set()
    done = Event()

    def clerk() -> None:
        receipts.append(enable(card, handed_in=True))

    def watch() -> None:
        while not done.is_set():
            seen.add(Card.objects.filter(person=person, hr_state__in=IN_USE).count())

    watcher = threads.start(watch)
    threads.join(threads.start(*[clerk] * 8))
    done.set()
    threads.join(watcher)
    assert len(receipts) == 8
    assert sum(not receipt.notice for receipt in receipts) == 1
    assert seen == {1}
    assert Transition.objects.count() == 2
