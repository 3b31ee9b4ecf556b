"""Replacement: applied for once, after a formal loss; the way back closes with it (21.2, O23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard import policy, words
from onecard.actions import application, loss, replacement
from onecard.actions._keeping import once
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Answers, ApplicationKind, AppliedBy
from onecard.domain.authority import THE_CLOCK
from onecard.domain.documents import DocumentKind
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.domain.replacement import ReplacementPolicy, Replacing
from onecard.domain.step_up import Purpose
from onecard.domain.transit_purse import TransitState
from onecard.queries import replacement as seen
from onecard.queries.card import timeline
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    OutboxRow,
    RequestResult,
    Staff,
    Transition,
)
from onecard.seams import failpoint
from onecard.seams.failpoint import Crash
from tests import applying, cast, made_card, new_cards
from tests.actions.application import people
from tests.actions.application.people import CLERK, refused
from tests.lost_card import proven_code
from tests.new_cards import fresh, holder, now
from tests.production import a_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.mark.rule("PROVINCIAL S4; rule book 21.2")
def test_a_lost_card_is_replaced_online() -> None:
    """线上补领:正式挂失后申请,立即受理。"""
    card = new_cards.lost()
    receipt = new_cards.replace_online(card)
    row = Application.objects.get(ref=receipt.application)
    assert (receipt.kind, receipt.state, receipt.collection) == ("replacement", "accepted", "post")
    assert (row.predecessor_id, row.reason, row.bank) == (card.ref, "lost", "icbc")
    told = OutboxRow.objects.get(event="replacement.created")
    assert (told.subject, told.party) == (card.ref, "sms")
    confirmed = AuditRow.objects.get(about=row.ref, act="replacement.submit_online", ground=GROUND)
    assert set(confirmed.facts["confirmed"]) == {
        "balance_lost",
        "withdrawal_closes",
        "activate_and_relink",
        "benefits_may_bounce",
    }


GROUND = "rule book 21.2, 21.5"


def test_it_is_taken_at_a_counter_too() -> None:
    """窗口补领。"""
    card = new_cards.lost()
    receipt = new_cards.replace_at_counter()
    row = Application.objects.get(ref=receipt.application)
    assert (row.kind, row.predecessor_id) == (ApplicationKind.REPLACEMENT, card.ref)
    assert (row.outlet_id, row.collect_at_id) == (CLERK.outlet, CLERK.outlet)


def test_an_agent_applies_with_both_originals() -> None:
    """代办补领须双方证件原件。"""
    new_cards.lost()
    agent = application.AgentShown("李强", applying.AGENTS)
    taken = new_cards.replace_at_counter(applied_by=AppliedBy.AGENT, agent=agent)
    assert Application.objects.get(ref=taken.application).agent_name == "李强"


@pytest.mark.rule("rule book 17.2")
def test_the_old_card_stays_as_it_is_and_its_purse_untouched() -> None:
    """旧卡仍是正式挂失;交通账户不动;历史里留下申请补领一笔。"""
    card = new_cards.lost()
    before = (card.hr_state, card.financial_state, card.transit_state, card.loss_version)
    new_cards.replace_online(card)
    card = fresh(card)
    assert before == (card.hr_state, card.financial_state, card.transit_state, card.loss_version)
    assert card.transit_state is TransitState.OPEN
    line = Transition.objects.filter(card=card).order_by("sequence").last()
    assert line is not None
    assert (line.reason, line.from_state, line.to_state) == (
        "apply_replacement",
        "formal_loss",
        "formal_loss",
    )
    assert card.state_version == line.sequence


@pytest.mark.rule("rule book 21.2 row 6")
def test_applied_for_already_gives_the_receipt_once_more() -> None:
    """补换卡已受理:再次申请得到原来的受理号。"""
    card = new_cards.lost()
    first = new_cards.replace_online(card)
    again = new_cards.replace_at_counter()
    assert (again.number, again.notice) == (first.number, "replacement.already_applied")
    assert new_cards.replace_online(card).notice == "replacement.already_applied"
    assert Application.objects.filter(kind=ApplicationKind.REPLACEMENT).count() == 1


@pytest.mark.rule("SEED, FAQ 11; rule book 27 A11")
@pytest.mark.parametrize(
    ("state", "code"),
    [
        (HrState.NORMAL, "replacement.formal_loss_first"),
        (HrState.LOCKED, "replacement.locked_unlock_first"),
        (HrState.SEALED, "replacement.collect_first"),
        (HrState.CANCELLED, "replacement.no_card"),
    ],
)
def test_without_a_formal_loss_nothing_is_replaced(state: HrState, code: str) -> None:
    """补卡须先正式挂失。"""
    card = new_cards.in_use(hr_state=state)
    with refused(code):
        new_cards.replace_online(card)
    with refused(code):
        new_cards.replace_at_counter()
    offered = {one.act: one.refusal for one in offers(card)}
    assert offered["replacement"] is not None
    assert offered["replacement"].code == code
    assert not Application.objects.filter(kind=ApplicationKind.REPLACEMENT).exists()


def offers(card: Card) -> tuple[seen.Offer, ...]:
    return seen.offers(person=card.person_id, as_seen_by=holder(card), at=now())


def test_a_temporary_loss_is_not_enough_while_it_stands_or_after_it_lapsed() -> None:
    """临时挂失不能补卡,自动解挂以后也不能。"""
    ends_at = now() + timedelta(days=7)
    card = new_cards.in_use(hr_state=HrState.TEMPORARY_LOSS, loss_ends_at=ends_at)
    with refused("replacement.formal_loss_first"):
        new_cards.replace_online(card)
    made_card.clock().set(ends_at)
    with refused("replacement.formal_loss_first"):
        new_cards.replace_online(card)


def test_every_notice_is_confirmed_and_the_base_data_are_right() -> None:
    """未确认告知事项、基础信息有误的,不受理。"""
    card = new_cards.lost()
    with refused("replacement.data_not_corrected"):
        new_cards.replace_online(card, Replacing())
    with refused("replacement.notices_to_confirm"):
        new_cards.replace_online(card, Replacing(base_data_right=True))
    with refused("application.key_information_missing"):
        new_cards.replace_online(card, occupation="")
    assert not Application.objects.filter(kind=ApplicationKind.REPLACEMENT).exists()


@pytest.mark.rule("rule book 7")
def test_at_a_bank_only_the_cards_own_bank_takes_a_replacement() -> None:
    """银行网点补领,限卡面银行。"""
    new_cards.lost()
    with refused("application.channel_not_open"):
        new_cards.replace_at_counter(actor=new_cards.OTHER_TELLER)
    assert new_cards.replace_at_counter(actor=new_cards.TELLER).state == "accepted"


def test_no_clerk_takes_their_own_case() -> None:
    """不能办理自己的业务。"""
    card = new_cards.lost()
    Staff.objects.create(
        ref=CLERK.ref,
        username="clerk",
        password="-",
        role=CLERK.role,
        person=card.person,
        outlet_id=CLERK.outlet,
        created_at=now(),
    )
    with refused("authority.own_case"):
        new_cards.replace_at_counter()


@pytest.mark.rule("PROVINCIAL S1, S33; rule book 27 A6")
def test_once_applied_for_the_loss_cannot_be_withdrawn(province: SimulatedPartners) -> None:
    """申请补卡后找到旧卡,不能解挂。"""
    card = new_cards.lost()
    new_cards.replace_online(card)
    with refused("loss.replacement_already_applied"):
        withdrawn_online(card, province)
    assert fresh(card).hr_state is HrState.FORMAL_LOSS


@pytest.mark.rule("rule book 31 O23")
def test_a_retracted_replacement_does_not_open_the_way_back(province: SimulatedPartners) -> None:
    """撤回补领申请,也不恢复解挂;可以再申请。"""
    card = new_cards.lost()
    receipt = new_cards.replace_online(card)
    application.retract(
        application=receipt.application, reason="changed_mind", actor=holder(card), at=now()
    )
    with refused("loss.replacement_already_applied"):
        withdrawn_online(card, province)
    again = new_cards.replace_online(card)
    assert (again.notice, again.number == receipt.number) == ("", False)


def withdrawn_online(card: Card, city: SimulatedPartners) -> None:
    """The holder, with a one-time code, takes the loss back at the portal."""
    loss.withdraw_formally_online(
        card=card.ref,
        version=fresh(card).loss_version,
        step_up=proven_code(card, city, Purpose.WITHDRAW_LOSS),
        signed_in_at=now(),
        actor=holder(card),
        at=now(),
    )


@pytest.mark.rule("platform C4.6")
def test_a_silent_province_keeps_the_application_and_accepts_it_later(
    province: SimulatedPartners,
) -> None:
    """省库中断:先收件,恢复后自动受理。"""
    card = new_cards.lost()
    province.simulation.faults.set("hr_database", Fault.DOWN)
    receipt = new_cards.replace_online(card)
    assert receipt.state == "submitted"
    province.simulation.faults.heal("hr_database")
    application.accept_waiting(actor=THE_CLOCK, at=now())
    assert Application.objects.get(ref=receipt.application).state is ProductionState.ACCEPTED


def test_a_card_that_ended_elsewhere_meanwhile_turns_the_application_down(
    province: SimulatedPartners,
) -> None:
    """受理前旧卡已注销的,终止申请并说明。"""
    card = new_cards.lost()
    province.simulation.faults.set("hr_database", Fault.DOWN)
    receipt = new_cards.replace_online(card)
    province.simulation.faults.heal("hr_database")
    Card.objects.filter(ref=card.ref).update(hr_state=HrState.CANCELLED)
    application.accept_waiting(actor=THE_CLOCK, at=now())
    row = Application.objects.get(ref=receipt.application)
    assert row.state is ProductionState.RETRACTED
    assert row.steps.latest("id").reason == "replacement.no_card"


def test_a_card_that_only_the_register_knows_is_replaced(province: SimulatedPartners) -> None:
    """只在省卡库里的挂失卡,也能补领。"""
    found = replace(people.OLDER_CARD, state=HrState.FORMAL_LOSS, card_number="W00000077")
    who = people.resident(a_number(77), "赵一", date(1990, 1, 1), cards=(found,))
    province.simulation.seed([who])
    citizen = people.signed_in(who)
    replacement.begin_online(actor=citizen, at=now())
    receipt = replacement.apply_online(
        answers=applying.BY_POST, replacing=new_cards.CONFIRMED, actor=citizen, at=now()
    )
    old = Card.objects.get(person=citizen.ref)
    assert old.hr_state is HrState.FORMAL_LOSS
    assert Application.objects.get(ref=receipt.application).predecessor_id == old.ref


def test_the_first_page_says_at_once_what_is_missing(province: SimulatedPartners) -> None:
    """第一页就说明能不能办。"""
    card = new_cards.in_use()
    with refused("replacement.formal_loss_first"):
        replacement.begin_online(actor=holder(card), at=now())
    new_cards.lose(card)
    base = replacement.begin_online(actor=holder(card), at=now())
    assert (base.person, bool(base.photo)) == (card.person_id, True)
    province.simulation.faults.set("hr_database", Fault.DOWN)
    with refused("partner.silent"):
        replacement.begin_online(actor=holder(card), at=now())


def test_somebody_elses_card_is_nobodys(province: SimulatedPartners) -> None:
    """别人的卡,等于没有。"""
    assert province
    new_cards.lost()
    other = people.signed_in(people.MAN)
    with refused("replacement.no_card"):
        replacement.apply_online(
            answers=applying.BY_POST, replacing=new_cards.CONFIRMED, actor=other, at=now()
        )


def replaced_before(card: Card, *days_ago: int) -> None:
    """Replacements of this person that were made on earlier days."""
    for ago in days_ago:
        made_card.an_application(
            card.person, kind=ApplicationKind.REPLACEMENT, state=ProductionState.COLLECTED
        )
        newest = Application.objects.filter(kind=ApplicationKind.REPLACEMENT).latest("number")
        newest.submitted_at = now() - timedelta(days=ago)
        newest.save(update_fields=["submitted_at"])


@pytest.mark.rule("OTHER-CITY S5, S16; rule book 21.5")
def test_many_replacements_are_marked_and_nothing_more() -> None:
    """一个月内超过3次:标记,不影响办理;撤回的不算。"""
    card = new_cards.lost()
    replaced_before(card, 20, 10, 40)
    application.retract(
        application=new_cards.replace_online(card).application,
        reason="other",
        actor=holder(card),
        at=now(),
    )
    assert seen.many_replacements(as_seen_by=cast.OPERATOR, at=now()) == ()
    replaced_before(card, 1)
    assert new_cards.replace_online(card).state == "accepted"
    (line,) = marked(card)
    assert (line.facts["count"], line.facts["usual"], line.facts["months"]) == (4, 3, 1)
    (many,) = seen.many_replacements(as_seen_by=cast.OPERATOR, at=now())
    assert (many.person, many.count, many.usual) == (card.person_id, 4, 3)
    assert not OutboxRow.objects.filter(event="replacement.frequent").exists()
    later = now() + timedelta(days=32)
    assert seen.many_replacements(as_seen_by=cast.OPERATOR, at=later) == ()


def marked(card: Card) -> list[AuditRow]:
    return [row for row in AuditRow.objects.filter(about=card.person_id) if "frequent" in row.facts]


def test_another_city_sends_a_message_as_well() -> None:
    """别的城市可以发短信提醒。"""
    with policy.in_pack("shanghai-sample"):
        figures = policy.in_force("replacement", ReplacementPolicy, on=cast.MONDAY)
        assert figures.frequent_effect.value == "message"
        card = new_cards.lost()
        replaced_before(card, 3, 2, 1)
        new_cards.replace_online(card)
    assert OutboxRow.objects.filter(event="replacement.frequent").count() == 1


@pytest.mark.rule("CITY S9; PROVINCIAL S6")
def test_a_new_card_costs_what_the_city_says() -> None:
    """补换卡不收工本费。"""
    for kind in ApplicationKind:
        assert seen.card_fee_fen(kind=kind, at=now()) == 0


def test_a_correction_is_no_way_around_the_old_account() -> None:
    """更正时改换银行,原账户同样先处理。"""
    card = new_cards.lost()
    receipt = new_cards.replace_online(card)

    def correct(**answers: object) -> application.ApplicationReceipt:
        return application.correct(
            application=receipt.application,
            answers=Answers(**answers),  # type: ignore[arg-type]
            actor=holder(card),
            at=now(),
        )

    with refused("replacement.old_account_open"):
        correct(bank="ccb")
    assert correct(phone="13900139000").bank == "icbc"
    Card.objects.filter(ref=card.ref).update(financial_state=FinancialState.CLOSED)
    assert correct(bank="ccb").bank == "ccb"


@pytest.mark.rule("guarantees I1, R16")
@pytest.mark.parametrize("act", ["replacement.submit_online", "replacement.take_at_counter"])
@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_crash_leaves_all_or_nothing_and_a_repeat_completes(act: str, point: str) -> None:
    """中断:要么办成,要么没发生;同一请求重试得到同一回执。"""
    card = new_cards.lost()

    def doing() -> application.ApplicationReceipt:
        with once("portal", "key", "body"):
            if act == "replacement.submit_online":
                return new_cards.replace_online(card)
            return new_cards.replace_at_counter()

    with failpoint.armed(f"{act}.{point}"), pytest.raises(Crash):
        doing()
    rows = Application.objects.filter(kind=ApplicationKind.REPLACEMENT)
    happened = point == "after_commit"
    assert rows.exists() is happened
    assert OutboxRow.objects.filter(event="replacement.created").exists() is happened
    assert RequestResult.objects.filter(act=act).exists() is happened
    receipt = doing()
    assert rows.get().ref == receipt.application
    assert receipt.notice == ""
    assert OutboxRow.objects.filter(event="replacement.created").count() == 1


def test_what_is_to_be_confirmed_names_the_bank_and_what_is_paid() -> None:
    """告知事项写明银行、电话和近期待遇。"""
    card = new_cards.lost()
    told = seen.notices(
        person=card.person_id,
        kind=ApplicationKind.REPLACEMENT,
        as_seen_by=holder(card),
        at=now(),
    )
    texts = [words.text(one.word, "zh", **one.facts) for one in told]
    assert len(texts) == 4
    assert any("中国工商银行" in text and "95588" in text for text in texts)
    assert any("没有查到" in text for text in texts)
    with pytest.raises(LookupError):
        seen.notices(
            person=card.person_id,
            kind=ApplicationKind.REPLACEMENT,
            as_seen_by=people.signed_in(people.MAN),
            at=now(),
        )


def test_the_history_goes_on_across_the_cards() -> None:
    """历史归人,换卡不断。"""
    card = new_cards.lost()
    receipt = new_cards.replace_online(card)
    lines = timeline(person=card.person_id, as_seen_by=holder(card))
    assert {receipt.application, card.ref} <= {line.about for line in lines}


def test_the_documents_room_judges_the_papers() -> None:
    """过期证件不收。"""
    new_cards.lost()
    expired = replace(applying.OWN, valid_to=cast.MONDAY - timedelta(days=1))
    with refused("documents.expired"):
        new_cards.replace_at_counter(document=expired)
    register = replace(applying.OWN, kind=DocumentKind.HOUSEHOLD_REGISTER)
    with pytest.raises(Refused, match=r"documents\.register"):
        new_cards.replace_at_counter(document=register)
    financial = Card.objects.get(person__isnull=False).financial_state
    assert financial is FinancialState.ACTIVATED
