"""The loss board claims no more than was confirmed; operators, banks and holders see their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onecard import words
from onecard.actions import loss as acts
from onecard.actions import outbox
from onecard.adapters.faults import Fault
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.collection import CardInHand
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import NotFound, Refusal
from onecard.domain.transit_purse import TransitState
from onecard.queries import card as cards
from onecard.queries import loss as queries
from onecard.queries.card import BankCard, OtherBanksCard, history
from onecard.queries.loss import BoardLine, LossBoard
from onecard.queries.person import at_counter as seen_at_counter
from onecard.records.models import Card
from onecard.seams.world import world
from tests import cast, made_card
from tests.lost_card import (
    BANK,
    BANK_SYSTEM,
    IN_HAND,
    OPERATOR_12333,
    OTHER_SYSTEM,
    OTHER_TELLER,
    SECOND_TELLER,
    TELLER,
    WEEK,
    a_call,
    a_card,
    at_bank,
    by_phone,
    fresh,
    holder,
    later,
    now,
    online,
    registered,
    replacement_applied,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def board(card: Card, viewer: Actor | None = None) -> LossBoard:
    return queries.board(card=card.ref, as_seen_by=viewer or holder(card), at=now())


def line(card: Card, party: str) -> BoardLine:
    return next(line for line in board(card).lines if line.party == party)


def deliver() -> None:
    outbox.deliver_due(actor=THE_CLOCK, at=now())


@pytest.mark.rule("platform B6, C5.6; MUT-33")
def test_the_board_says_who_confirmed_and_who_has_not(city: SimulatedPartners) -> None:
    """看板:各方何时告知、何时确认;没确认的如实写明并给电话。"""
    _, card = a_card()
    registered(city, card)
    city.simulation.faults.set(f"bank:{BANK}", Fault.DOWN)
    at_bank(card)
    seen = board(card)
    assert [line.party for line in seen.lines] == ["here", "hr_database", f"bank:{BANK}", "leases"]
    assert [line.state for line in seen.lines] == ["effective", "waiting", "waiting", "lease_until"]
    assert not seen.all_confirmed
    assert line(card, f"bank:{BANK}").hotline == "96008"
    deliver()
    assert line(card, "hr_database").state == "confirmed"
    assert line(card, f"bank:{BANK}").confirmed_at is None
    city.simulation.faults.heal(f"bank:{BANK}")
    later(seconds=3)
    deliver()
    bank = line(card, f"bank:{BANK}")
    assert (bank.state, bank.confirmed_at) == ("confirmed", now())
    assert bank.evidence
    assert board(card).all_confirmed


@pytest.mark.rule("guarantees 6.1: leases")
def test_an_answer_given_before_the_report_is_used_for_half_a_minute_at_most() -> None:
    """挂失前的查询结果最多再用30秒。"""
    _, card = a_card()
    by_phone(card)
    ends = line(card, "leases").effective_at
    assert ends == now() + timedelta(seconds=30)
    later(seconds=29.999999)
    assert line(card, "leases").state == "lease_until"
    later(seconds=0.000001)
    assert line(card, "leases").state == "lease_over"


@pytest.mark.rule("acceptance case A5; rule book 20.2")
@pytest.mark.parametrize(
    ("financial", "state"),
    [
        (FinancialState.ACTIVATED, "not_covered"),
        (FinancialState.OPENED, "no_account"),
        (FinancialState.NONE, "no_account"),
        (FinancialState.CLOSED, "no_account"),
    ],
)
def test_a_report_of_the_hr_side_says_that_the_bank_side_is_open(
    financial: FinancialState, state: str
) -> None:
    """只挂失人社侧时,看板写明银行侧不在内或无可挂失。"""
    _, card = a_card(financial_state=financial)
    online(card)
    assert line(card, f"bank:{BANK}").state == state


def test_the_follow_up_shows_that_the_bank_side_happened_after_all() -> None:
    """线上挂失后,银行侧由银行来报:看板随之变化。"""
    _, card = a_card()
    online(card)
    acts.take_formal_report(card=card.ref, serial="JN-9", actor=BANK_SYSTEM, at=now())
    assert line(card, f"bank:{BANK}").state == "confirmed"
    assert board(card).financial_state == "formal_loss"


@pytest.mark.rule("platform B7; guarantees C5")
def test_the_countdown_ends_with_the_report_and_the_card_works_again() -> None:
    """倒计时:到期即恢复,不等定时任务。"""
    _, card = a_card()
    by_phone(card)
    seen = board(card)
    assert (seen.kind, seen.seconds_left) == ("temporary", 7 * 24 * 3600)
    later(days=6, hours=23, minutes=59, seconds=59)
    assert board(card).seconds_left == 1
    later(seconds=1)
    over = board(card)
    assert (over.hr_state, over.report, over.seconds_left) == ("normal", "", None)
    assert [line.party for line in over.lines] == ["hr_database", f"bank:{BANK}"]


@pytest.mark.rule("SEED, FAQ 12; acceptance case A7")
@pytest.mark.parametrize(
    ("state", "exposed", "word"),
    [
        (TransitState.OPEN, True, "exposed"),
        (TransitState.REFUND_PENDING, True, "exposed"),
        (TransitState.NOT_OPENED, False, "not_opened"),
        (TransitState.CLOSED, False, "closed"),
    ],
)
def test_the_purse_stays_exposed_and_asking_for_it_explains_why(
    state: TransitState, word: str, *, exposed: bool
) -> None:
    """交通账户不挂失:看板写明余额仍可被使用,问到时说明原因。"""
    _, card = a_card(transit_state=state)
    by_phone(card)
    seen = board(card)
    assert (seen.purse.exposed, seen.purse.word) == (exposed, f"loss.purse.{word}")
    assert offer(card, holder(card), "loss.report_transit").code == "transit_purse.no_loss_report"  # type: ignore[union-attr]
    assert fresh(card).transit_state is state


def offer(card: Card, viewer: Actor, act: str) -> Refusal | None:
    """The rule's no to one thing, as the button shows it."""
    found = queries.offers(card=card.ref, as_seen_by=viewer, at=now())
    return next(offer.refusal for offer in found if offer.act == act)


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


@pytest.mark.rule("SEED, FAQ 11; platform C6.3")
def test_an_operator_sees_what_the_telephone_is_for() -> None:
    """话务员只能办临时挂失;正式挂失、银行侧挂失指明去处。"""
    _, card = a_card()
    assert offer(card, OPERATOR_12333, "loss.report_temporary") is None
    for act in ("loss.report_formally_at_bank", "loss.report_temporary_financial"):
        refusal = offer(card, OPERATOR_12333, act)
        assert code(refusal) == "loss.phone_is_temporary_only"
        assert refusal is not None
        assert refusal.facts["hotline"] == "96008"


def test_a_grey_button_says_what_the_act_would_say() -> None:
    """按钮灰显的原因与办理时的答复一致。"""
    _, card = a_card()
    me = holder(card)
    assert code(offer(card, me, "loss.report_temporary_online")) == "application.channel_not_open"
    assert offer(card, me, "loss.report_formally_online") is None
    at_bank(card)
    assert offer(card, me, "loss.withdraw_formally_online") is None
    assert offer(card, TELLER, "loss.withdraw_formally") is None
    assert code(offer(card, SECOND_TELLER, "loss.withdraw_formally")) == "loss.wrong_outlet"
    assert code(offer(card, TELLER, "loss.withdraw_temporary")) == "loss.is_formal"
    replacement_applied(card)
    for viewer, act in ((me, "loss.withdraw_formally_online"), (TELLER, "loss.withdraw_formally")):
        assert code(offer(card, viewer, act)) == "loss.replacement_already_applied"


def test_what_is_so_already_is_a_notice() -> None:
    """已挂失再挂失:提示,不是拒绝。"""
    _, card = a_card()
    online(card)
    found = queries.offers(card=card.ref, as_seen_by=holder(card), at=now())
    again = next(one for one in found if one.act == "loss.report_formally_online")
    assert again.notice is not None
    assert (again.refusal, again.notice.code) == (None, "loss.already_formal")


@pytest.mark.rule("platform C6.2")
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_operator_reads_out_the_end_and_what_is_not_covered(language: str) -> None:
    """话术读出到期日期时间、自动解挂、银行侧电话、交通不能停、补卡要正式挂失。"""
    _, card = a_card()
    call = a_call().call
    before = queries.script(call=call, as_seen_by=OPERATOR_12333, at=now())
    assert [line.word.rpartition(".")[2] for line in before.lines] == [
        "identified",
        "cards",
        "only_temporary",
    ]
    acts.report_temporary(call=call, card=card.ref, actor=OPERATOR_12333, at=now())
    after = queries.script(call=call, card=card.ref, as_seen_by=OPERATOR_12333, at=now())
    said = [words.text(line.word, language, **line.facts) for line in after.lines]
    text = " ".join(said)
    assert ("2026年3月9日 09:00" if language == "zh" else "9 March 2026 09:00") in text
    assert "96008" in text
    assert len(said) == 7
    assert cast.ADULT not in text
    assert made_card.CARD_NUMBER not in text


def test_a_call_is_its_operators_own() -> None:
    """别的话务员打不开这通电话;别人的卡也打不开。"""
    _, card = a_card()
    call = a_call().call
    other = Actor(Role.PHONE_OPERATOR, "stf_other_12333", Channel.PHONE)
    for viewer, ref in ((other, ""), (OPERATOR_12333, "crd_nobody")):
        with pytest.raises(NotFound):
            queries.script(call=call, card=ref, as_seen_by=viewer, at=now())
    assert card


def test_losses_are_seen_by_those_they_concern() -> None:
    """挂失看板:本人、柜台、本行可看;他行、他人看不到。"""
    _, card = a_card()
    by_phone(card)
    for viewer in (holder(card), cast.CLERK, OPERATOR_12333, TELLER, BANK_SYSTEM, cast.OPERATOR):
        assert board(card, viewer).report
    strangers = (
        cast.CITIZEN,
        OTHER_TELLER,
        OTHER_SYSTEM,
        Actor(Role.EMPLOYER_AGENT, "stf_e", Channel.EMPLOYER, employer="emp_a"),
        Actor(Role.HOSPITAL_CLERK, "stf_h", Channel.OFFICE),
    )
    for viewer in strangers:
        with pytest.raises(NotFound):
            board(card, viewer)
        with pytest.raises(NotFound):
            queries.reports(card=card.ref, as_seen_by=viewer)


def test_every_report_is_kept_with_how_it_ended() -> None:
    """每次挂失都留存:覆盖什么、怎样结束。"""
    _, card = a_card()
    by_phone(card)
    later(days=8)
    acts.lapse_due(actor=THE_CLOCK, at=now())
    at_bank(card)
    withdraw(card)
    second, first = queries.reports(card=card.ref, as_seen_by=holder(card))
    assert [side.ended for side in first.sides] == ["loss.ended.lapsed"]
    assert first.sides[0].ended_at == first.accepted_at + WEEK
    assert [(side.side, side.ended) for side in second.sides] == [
        ("hr", "loss.ended.withdrawn"),
        ("financial", "loss.ended.withdrawn"),
    ]
    for report in (first, second):
        for side in report.sides:
            assert words.has(side.ended)
        assert words.has(report.by_role)
        assert words.has(report.channel)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_line_of_the_board_has_words(language: str) -> None:
    """看板每种状态都有说法。"""
    _, card = a_card()
    by_phone(card)
    facts = board(card).lines[0].facts
    for state in (
        "effective",
        "confirmed",
        "waiting",
        "refused",
        "not_covered",
        "no_account",
        "lease_until",
        "lease_over",
    ):
        assert words.text(f"loss.confirmation.{state}", language, **facts)
    for party in ("here", "hr_database", "leases", "bank"):
        assert words.text(f"loss.party.{party}", language, **facts)


@pytest.mark.rule("platform C5.1, X27")
def test_another_banks_clerk_with_the_card_in_hand_learns_bank_and_number_only() -> None:
    """别行柜员持卡查询:只见正确的银行和电话。"""
    person, card = a_card()
    own = cards.at_bank(proof=IN_HAND, as_seen_by=TELLER, at=now())
    assert isinstance(own, BankCard)
    assert (own.person, own.name, own.may_activate) == (person.ref, "王*", None)
    foreign = cards.at_bank(proof=IN_HAND, as_seen_by=OTHER_TELLER, at=now())
    assert foreign == OtherBanksCard(foreign.bank, "96008")  # type: ignore[union-attr]
    for proof, viewer in ((CardInHand(card_number="X9"), TELLER), (IN_HAND, cast.CLERK)):
        with pytest.raises(NotFound):
            cards.at_bank(proof=proof, as_seen_by=viewer, at=now())
    assert cards.of_person_at_bank(person=person.ref, as_seen_by=OTHER_TELLER, at=now()) == ()
    assert len(cards.of_person_at_bank(person=person.ref, as_seen_by=TELLER, at=now())) == 1
    assert cards.cards_of(person=person.ref, as_seen_by=OTHER_TELLER, at=now()).cards == ()
    assert len(cards.cards_of(person=person.ref, as_seen_by=TELLER, at=now()).cards) == 1
    (held,) = seen_at_counter(person=person.ref, as_seen_by=OTHER_TELLER, at=now()).cards
    assert held.financial_state == "financial_function.another_banks"
    assert card


def test_a_bank_clerk_reads_what_will_suffer_while_the_function_is_not_activated() -> None:
    """未激活:先说明后果(挂失、缴费、待遇)。"""
    a_card(financial_state=FinancialState.OPENED)
    seen = cards.at_bank(proof=IN_HAND, as_seen_by=TELLER, at=now())
    assert isinstance(seen, BankCard)
    assert len(seen.consequences) == 3
    for key in seen.consequences:
        assert words.text(key)


def test_an_account_that_is_reported_lost_was_activated() -> None:
    """金融侧已挂失的,不说没有激活。"""
    a_card(financial_state=FinancialState.FORMAL_LOSS)
    seen = cards.at_bank(proof=IN_HAND, as_seen_by=TELLER, at=now())
    assert isinstance(seen, BankCard)
    assert seen.consequences == ()


@pytest.mark.rule("guarantees R12")
def test_what_the_counter_shows_is_computed_from_time() -> None:
    """柜台、我的卡、可办事项都按时间计算,不等定时任务。"""
    person, card = a_card()
    by_phone(card)
    later(days=7)
    assert fresh(card).hr_state is HrState.TEMPORARY_LOSS
    seen = seen_at_counter(person=person.ref, as_seen_by=cast.CLERK, at=now())
    assert seen.cards[0].hr_state == "hr_function.state.normal"
    assert not [alert for alert in seen.alerts if alert.tone == "stop"]
    mine = cards.my_cards(as_seen_by=holder(card), at=now())
    assert mine.cards[0].standing == "usable"


@pytest.mark.rule("platform B10")
def test_one_life_is_one_line_over_all_cards_and_any_number_of_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """补换五次:一条时间线连续不断,旧卡号脱敏,逐页翻完不缺不重。"""
    person, card = a_card()
    for change in range(5):
        online(card)
        at_bank(card)
        Card.objects.filter(ref=card.ref).update(hr_state=HrState.CANCELLED)
        later(days=1)
        card = made_card.a_card(
            person,
            None,
            card_number=f"N{change}2345678",
            card_identifier=str(change) * 32,
            hr_state=HrState.NORMAL,
            financial_state=FinancialState.ACTIVATED,
            bank=BANK,
        )
    me = made_card.as_citizen(person)
    whole = cards.timeline(person=person.ref, as_seen_by=me)
    assert len(whole) == 10
    assert {line.facts["card"] for line in whole} == {"B*******8", "N*******8"}
    assert [line.at for line in whole] == sorted((line.at for line in whole), reverse=True)
    monkeypatch.setattr(history, "MOST_LINES", 3)
    pages, before = [], None
    while page := cards.timeline(person=person.ref, as_seen_by=me, before=before):
        pages.extend(page)
        before = page[-1].at
    assert sorted(map(repr, pages)) == sorted(map(repr, whole))
