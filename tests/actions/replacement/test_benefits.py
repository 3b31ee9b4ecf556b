"""The payday radar: whose money would come back is known and told before the run (B21)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from onecard import words
from onecard.actions import benefit, financial, replacement, retention
from onecard.actions.financial import News
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database import BenefitDue
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.benefit import BenefitKind
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import NotFound
from onecard.queries import benefit as seen
from onecard.queries import replacement as offers
from onecard.records.models import ApiClient, BenefitPayment, Card, Notification
from onecard.seams import failpoint
from onecard.seams.clock import LOCAL
from onecard.seams.failpoint import Crash
from tests import applying, cast, made_card, new_cards
from tests.actions.application import people
from tests.actions.application.people import refused
from tests.new_cards import fresh, holder, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
PAYS_ON = date(2026, 3, 8)
BANK_SYSTEM = Actor(Role.PARTNER, "cli_icbc", Channel.PARTNER_API)


def owed(city: SimulatedPartners, card: Card, name: str = "p1", **more: Any) -> None:
    """The province will pay to the account on this card."""
    facts = {"kind": BenefitKind.PENSION, "pays_on": PAYS_ON} | more
    city.simulation.hr_database.owe(
        BenefitDue(name, cast.ADULT, bank=card.bank, card_number=card.card_number, **facts)
    )
    benefit.refresh_due(actor=THE_CLOCK, at=now())


def on_radar(actor: Actor = cast.OPERATOR) -> list[tuple[str, str]]:
    return [(line.person, line.why.code) for line in seen.radar(as_seen_by=actor, at=now())]


def replaced(old: Card) -> Card:
    """The old card is cancelled, a new one of the same bank is in use, not activated yet."""
    Card.objects.filter(ref=old.ref).update(hr_state=HrState.CANCELLED)
    row = made_card.an_application(old.person, bank=old.bank, kind=ApplicationKind.REPLACEMENT)
    return made_card.a_card(
        old.person,
        row,
        card_number="N00000001",
        card_identifier="1" * 32,
        bank=old.bank,
        hr_state=HrState.NORMAL,
        predecessor=old,
        enabled_at=now(),
    )


def at_the_bank(card: Card, act: Any) -> Any:
    return act(
        card=card.ref,
        proof=CardInHand(card_number=card.card_number),
        shown=Shown(applying.OWN),
        actor=new_cards.TELLER,
        at=now(),
    )


@pytest.mark.rule("NATIONAL S38; SEED, FAQ 9; rule book 27 A3")
def test_from_the_replacement_to_the_bank_and_off_the_radar(province: SimulatedPartners) -> None:
    """换卡后未转接→上雷达;激活、转接后→待遇能到账,离开雷达。"""
    old = new_cards.in_use()
    owed(province, old)
    assert on_radar() == []
    new = replaced(old)
    assert on_radar() == [(old.person_id, "benefit.not_relinked")]
    at_the_bank(new, replacement.relink)
    assert fresh(old).financial_state is FinancialState.CLOSED
    assert on_radar() == [(old.person_id, "benefit.not_activated")]
    at_the_bank(new, financial.activate)
    assert on_radar() == []
    mine = seen.mine(as_seen_by=holder(new), at=now())
    assert [(one.kind, one.pays_on, one.why) for one in mine] == [
        ("benefit.kind.pension", PAYS_ON, None)
    ]


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        (FinancialState.NONE, ["benefit.no_account"]),
        (FinancialState.OPENED, ["benefit.not_activated"]),
        (FinancialState.ACTIVATED, []),
        (FinancialState.FORMAL_LOSS, ["benefit.account_lost"]),
        (FinancialState.CLOSED, ["benefit.account_closed"]),
    ],
)
def test_every_account_that_cannot_take_the_money_is_seen(
    province: SimulatedPartners, state: FinancialState, codes: list[str]
) -> None:
    """未激活、已挂失、已关闭的账户都在雷达上。"""
    owed(province, new_cards.in_use(financial_state=state))
    assert [code for _, code in on_radar()] == codes


def test_the_banks_own_news_of_a_moved_account_count_as_well(province: SimulatedPartners) -> None:
    """银行系统来报的账户转接同样算数。"""
    old = new_cards.in_use()
    owed(province, old)
    new = replaced(old)
    Card.objects.filter(ref=new.ref).update(financial_state=FinancialState.ACTIVATED)
    ApiClient.objects.create(
        ref=BANK_SYSTEM.ref,
        name="icbc",
        role=Role.PARTNER,
        bank="icbc",
        token_index="t",
        created_at=now(),
    )
    news = News(old.ref, FinancialEvent.RELINK_AWAY, "s-1", 1, now())
    assert financial.take_news(news=news, actor=BANK_SYSTEM, at=now()).result == "applied"
    assert on_radar() == []


def test_a_closed_account_is_not_a_moved_one(province: SimulatedPartners) -> None:
    """关闭不是转接:名单没改,待遇仍会退回。"""
    old = new_cards.in_use()
    owed(province, old)
    new = replaced(old)
    Card.objects.filter(ref=new.ref).update(financial_state=FinancialState.ACTIVATED)
    Card.objects.filter(ref=old.ref).update(financial_state=FinancialState.CLOSED)
    assert [code for _, code in on_radar()] == ["benefit.account_closed"]


@pytest.mark.rule("rule book 18, 21.5")
def test_relinking_is_done_in_person_with_the_new_card_at_its_own_bank() -> None:
    """账户转接:本人、带新卡和证件、到卡面银行。"""
    old = new_cards.in_use()
    new = replaced(old)
    facts = {
        "card": new.ref,
        "proof": CardInHand(card_number=new.card_number),
        "shown": Shown(applying.OWN),
        "actor": new_cards.TELLER,
        "at": now(),
    }
    both = Shown(applying.OWN, applying.AGENTS, "李强")
    with refused("financial_function.wrong_bank"):
        replacement.relink(**(facts | {"actor": new_cards.OTHER_TELLER}))
    with refused("authority.in_person_only"):
        replacement.relink(**(facts | {"shown": both}))
    with refused("financial_function.card_must_be_present"):
        replacement.relink(**(facts | {"proof": CardInHand(card_number=old.card_number)}))
    with refused("documents.not_original"):
        replacement.relink(**(facts | {"shown": Shown(None)}))
    receipt = replacement.relink(**facts)
    assert (receipt.predecessor, receipt.notice) == (old.ref, "")
    again = replacement.relink(**facts)
    assert again.notice == "financial_function.already_relinked"
    with refused("financial_function.nothing_to_relink"):
        at_the_bank(
            new_cards.in_use(people.MAN, card_number="M00000001", card_identifier="2" * 32),
            relink_of_man,
        )


def relink_of_man(**facts: Any) -> Any:
    shown = Shown(made_card.own_document(cast.ADULT_MAN, "李强"))
    return replacement.relink(**(facts | {"shown": shown}))


@pytest.mark.rule("platform B21")
def test_a_holder_is_told_once_in_time_and_in_words(province: SimulatedPartners) -> None:
    """发放前7天内提醒一次,写明哪项待遇、哪天。"""
    card = new_cards.in_use(financial_state=FinancialState.OPENED)
    owed(province, card, pays_on=date(2026, 3, 12))
    assert benefit.warn_holders(actor=THE_CLOCK, at=now()) == 0
    made_card.clock().advance(timedelta(days=3))
    assert benefit.warn_holders(actor=THE_CLOCK, at=now()) == 1
    assert benefit.warn_holders(actor=THE_CLOCK, at=now()) == 0
    new_cards.let_go_by(hours=2)
    kept = Notification.objects.get(key="notification.benefit.may_bounce")
    text = words.messages.message(kept.key, "zh", kept.facts)  # type: ignore[attr-defined]
    assert "养老金" in text
    assert "2026年3月12日" in text
    (line,) = seen.radar(as_seen_by=cast.OPERATOR, at=now())
    assert line.warned_at is not None


def test_whoever_has_been_to_the_bank_is_not_told(province: SimulatedPartners) -> None:
    """已去银行办好的,不再提醒。"""
    card = new_cards.in_use(financial_state=FinancialState.OPENED)
    owed(province, card)
    at_the_bank(card, financial.activate)
    assert benefit.warn_holders(actor=THE_CLOCK, at=now()) == 0


def test_the_list_is_kept_once_and_strangers_are_counted(province: SimulatedPartners) -> None:
    """名单重复读取不重复;不认识的人只计数。"""
    card = new_cards.in_use()
    owed(province, card)
    stranger = BenefitDue("p2", "320499199001019002", BenefitKind.SUBSIDY, PAYS_ON, "icbc", "X1")
    province.simulation.hr_database.owe(stranger)
    first = benefit.refresh_due(actor=THE_CLOCK, at=now())
    assert (first.kept, first.known, first.unknown) == (0, 1, 1)
    assert BenefitPayment.objects.count() == 1
    province.simulation.faults.set("hr_database", Fault.DOWN)
    with pytest.raises(PartnerSilent):
        benefit.refresh_due(actor=THE_CLOCK, at=now())


def test_who_sees_the_radar(province: SimulatedPartners) -> None:
    """平台和人社看全部,银行看本行,别人看不到。"""
    card = new_cards.in_use(financial_state=FinancialState.OPENED)
    owed(province, card)
    (line,) = seen.radar(as_seen_by=new_cards.TELLER, at=now())
    assert (line.name, line.bank, line.days_left) == ("王*", "icbc", 6)
    assert card.card_number not in str(line)
    assert seen.radar(as_seen_by=new_cards.OTHER_TELLER, at=now()) == ()
    for nobody in (holder(card), people.CLERK, people.EMPLOYER_AGENT):
        with pytest.raises(NotFound):
            seen.radar(as_seen_by=nobody, at=now())
    (load,) = seen.load_ahead(as_seen_by=cast.OPERATOR, at=now())
    assert (load.bank, load.people, load.outlets) == ("icbc", 1, 1)


def test_whoever_replaces_a_card_is_told_what_is_paid_soon(province: SimulatedPartners) -> None:
    """补领前告知近期待发放的待遇。"""
    card = new_cards.lost()
    owed(province, card)
    told = offers.notices(
        person=card.person_id,
        kind=ApplicationKind.REPLACEMENT,
        as_seen_by=holder(card),
        at=now(),
    )
    texts = [words.text(one.word, "zh", **one.facts) for one in told]
    assert any("近期待发放：养老金" in text for text in texts)
    (ahead,) = offers.payments_ahead(person=card.person_id, at=now())
    assert (ahead.kind, ahead.pays_on) == ("benefit.kind.pension", PAYS_ON)


@pytest.mark.rule("guarantees 11.4")
def test_what_was_paid_is_forgotten_after_its_days(province: SimulatedPartners) -> None:
    """发放30天后删除名单记录。"""
    owed(province, new_cards.in_use())
    last = PAYS_ON + timedelta(days=29)
    made_card.clock().set(datetime.combine(last, time(12), LOCAL))
    assert retention.forget_payments(actor=THE_CLOCK, at=now()).rows == 0
    made_card.clock().advance(timedelta(days=1))
    assert retention.forget_payments(actor=THE_CLOCK, at=now()).rows == 1
    assert not BenefitPayment.objects.exists()


@pytest.mark.rule("guarantees R16")
@pytest.mark.parametrize("act", ["benefit.keep_due", "benefit.warn"])
@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_crash_repeats_nothing_and_forgets_nobody(
    province: SimulatedPartners, act: str, point: str
) -> None:
    """中断后重来:不重复提醒,也不漏人。"""
    card = new_cards.in_use(financial_state=FinancialState.OPENED)
    province.simulation.hr_database.owe(
        BenefitDue("p1", cast.ADULT, BenefitKind.PENSION, PAYS_ON, "icbc", card.card_number)
    )
    for _ in range(2):
        with failpoint.armed(f"{act}.{point}"):
            try:
                benefit.refresh_due(actor=THE_CLOCK, at=now())
                benefit.warn_holders(actor=THE_CLOCK, at=now())
            except Crash:
                continue
    benefit.refresh_due(actor=THE_CLOCK, at=now())
    benefit.warn_holders(actor=THE_CLOCK, at=now())
    assert BenefitPayment.objects.get().warned_at is not None
    new_cards.let_go_by(hours=2)
    assert Notification.objects.filter(key="notification.benefit.may_bounce").count() == 1
