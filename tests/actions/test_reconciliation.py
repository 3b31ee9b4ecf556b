"""Twelve ways in which two books differ: all found, told apart, none invented, healed by two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from onecard.actions import outbox, reconciliation
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain import partner
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.financial_function import FinancialEvent
from onecard.domain.financial_function import FinancialState as Money
from onecard.domain.hr_function import HrState
from onecard.domain.loss import LossKind, Side
from onecard.domain.reconciliation import BreakKind, BreakState, FixKind
from onecard.domain.refusal import Refused
from onecard.records.models import (
    BankNews,
    Card,
    LossConfirmation,
    LossReport,
    LossSide,
    OutboxRow,
    Reconciliation,
    StateBreak,
)
from onecard.seams.world import world
from tests import many_cards
from tests.made_card import clock

pytestmark = pytest.mark.django_db(transaction=True)

ONE = Actor(Role.PLATFORM_OPERATOR, "stf_one", Channel.OFFICE)
OTHER = Actor(Role.PLATFORM_OPERATOR, "stf_other", Channel.OFFICE)
EACH = 25
BANK, PARTY = "icbc", "bank:icbc"


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Partners in memory."""
    with many_cards.with_partners() as made:
        yield made


@dataclass(frozen=True)
class Defect:
    """One way of differing: how it comes about, on which cards, and what it is called."""

    kind: BreakKind
    make: Callable[[SimulatedPartners, Card], None]
    money: Money = Money.ACTIVATED


def _message(card: Card, party: str, *, given_up: bool = False) -> None:
    now = world().clock.now()
    OutboxRow.objects.create(
        ref=world().ids.new("evt"),
        event="card.state_told",
        party=party,
        subject=card.ref,
        sequence=1,
        created_at=now,
        due_at=now,
        gave_up_at=now if given_up else None,
    )


def _report(card: Card, *, version: int, ended: bool = False, confirmed: bool = True) -> LossReport:
    """A loss of the account that was told to the bank, and perhaps is over."""
    now = world().clock.now()
    report = LossReport.objects.create(
        ref=world().ids.new("loss"),
        card=card,
        kind=LossKind.FORMAL,
        channel=Channel.CARD_FACE_BANK,
        accepted_at=now,
        actor_role=Role.BANK_CLERK,
        actor_ref="stf_bank",
        policy_version="test",
    )
    LossSide.objects.create(
        ref=world().ids.new("lsd"),
        report=report,
        card=card,
        function=Side.FINANCIAL,
        version=version,
        since=now,
        ended_at=now if ended else None,
    )
    _confirmation(card, report, version, confirmed=confirmed)
    card.loss_version = version
    card.save(update_fields=["loss_version"])
    return report


def _confirmation(card: Card, report: LossReport, version: int, *, confirmed: bool) -> None:
    now = world().clock.now()
    LossConfirmation.objects.create(
        ref=world().ids.new("lcf"),
        card=card,
        report=report,
        party=partner.bank(card.bank),
        event="loss.formal.created",
        version=version,
        message=world().ids.new("evt"),
        queued_at=now,
        confirmed_at=now if confirmed else None,
        signature="signed" if confirmed else "",
    )


def _lost_here(card: Card) -> None:
    card.financial_state = Money.FORMAL_LOSS
    card.save(update_fields=["financial_state"])


def _late(partners: SimulatedPartners, card: Card) -> None:
    del partners
    _lost_here(card)
    _message(card, PARTY)


def _missed_here(partners: SimulatedPartners, card: Card) -> None:
    long_ago = (world().clock.now() - timedelta(hours=5)).isoformat()
    change = {"state": Money.FORMAL_LOSS, "sequence": 1, "loss": "ICBC1", "changed_at": long_ago}
    many_cards.change_account(partners, card, **change)


def _missed_there(partners: SimulatedPartners, card: Card) -> None:
    del partners
    _lost_here(card)
    _report(card, version=1, confirmed=False)
    _message(card, PARTY, given_up=True)


def _repeated(partners: SimulatedPartners, card: Card) -> None:
    report = _report(card, version=1, ended=True)
    _confirmation(card, report, 2, confirmed=True)
    change = {"state": Money.FORMAL_LOSS, "version": 1, "loss": report.ref}
    many_cards.change_account(partners, card, **change)


def _absent_here(partners: SimulatedPartners, card: Card) -> None:
    number = f"B{card.card_number[1:]}"
    partners.simulation.banks[BANK].desk.open(number, f"68{card.bank_card_number[2:]}")


def _weaker(partners: SimulatedPartners, card: Card) -> None:
    del partners
    _lost_here(card)
    _report(card, version=1)


def _stronger(partners: SimulatedPartners, card: Card) -> None:
    many_cards.change_account(partners, card, state=Money.FORMAL_LOSS, loss="unheard of")


DEFECTS = (
    Defect(BreakKind.MESSAGE_LATE, _late),
    Defect(BreakKind.MESSAGE_MISSED_HERE, _missed_here),
    Defect(BreakKind.MESSAGE_MISSED_THERE, _missed_there),
    Defect(BreakKind.MESSAGE_REPEATED, _repeated),
    Defect(BreakKind.ABSENT_HERE, _absent_here),
    Defect(BreakKind.ABSENT_THERE, many_cards.forget_account),
    Defect(BreakKind.LISTED_TWICE, many_cards.list_twice),
    Defect(
        BreakKind.NUMBER_DIFFERS,
        lambda partners, card: many_cards.change_account(
            partners, card, bank_card_number=f"67{card.bank_card_number[2:]}"
        ),
    ),
    Defect(
        BreakKind.ACTIVATION_DIFFERS,
        lambda partners, card: many_cards.change_account(partners, card, state=Money.ACTIVATED),
        money=Money.OPENED,
    ),
    Defect(
        BreakKind.CLOSED_DIFFERS,
        lambda partners, card: many_cards.change_account(partners, card, state=Money.CLOSED),
    ),
    Defect(BreakKind.STRONGER_THERE, _stronger),
    Defect(BreakKind.WEAKER_THERE, _weaker),
)


def _run(party: str = PARTY) -> reconciliation.RunReceipt:
    return reconciliation.run(party=party, actor=THE_CLOCK, at=world().clock.now())


@pytest.mark.rule("platform B14")
def test_twelve_kinds_of_difference_are_all_found_and_told_apart(
    partners: SimulatedPartners,
) -> None:
    """十二类差异,每类若干:全部发现,归类正确率不低于95%,干净数据零误报。"""
    clean = many_cards.cards(200, bank=BANK, first=5000)
    many_cards.known_to(partners, clean)
    made: dict[str, BreakKind] = {}
    for place, defect in enumerate(DEFECTS):
        cards = many_cards.cards(EACH, bank=BANK, money=defect.money, first=place * EACH)
        many_cards.known_to(partners, cards)
        for card in cards:
            defect.make(partners, card)
            made[card.ref] = defect.kind
    found = _run()
    breaks = list(StateBreak.objects.filter(closed_at=None))
    assert sum(found.found.values()) == len(breaks) == len(DEFECTS) * EACH
    assert Counter(row.kind for row in breaks) == Counter(made.values())
    known = {row.card_id: row.kind for row in breaks if row.card_id}
    right = sum(known.get(ref) is kind for ref, kind in made.items())
    assert right / (len(made) - EACH) >= 0.95
    assert not {card.ref for card in clean} & set(known)
    assert not found.equal


@pytest.mark.rule("platform B14; guarantees C7")
def test_clean_books_are_equal_at_all_nine(partners: SimulatedPartners) -> None:
    """数据一致时,九方摘要全部相等,没有一条误报。"""
    many_cards.known_to(partners, many_cards.cards(160))
    done = reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now())
    assert len(done) == 9
    assert all(run.equal and not run.found for run in done)
    assert sum(run.our_count for run in done) == 320
    assert not StateBreak.objects.exists()


def test_an_account_for_a_card_in_the_making_is_no_difference(partners: SimulatedPartners) -> None:
    """已开户、卡还在制作中,不算差异。"""
    (card,) = many_cards.cards(1, bank=BANK, money=Money.OPENED)
    many_cards.known_to(partners, [card])
    paper = card.application
    assert paper is not None
    paper.bank, paper.bank_card_number = BANK, card.bank_card_number
    paper.save()
    Card.objects.all().delete()
    done = _run()
    assert done.equal
    assert done.found == {}


def _two(break_: StateBreak, fix: FixKind | None = None) -> reconciliation.BreakReceipt:
    at = world().clock.now()
    fix = fix or break_.suggested
    reconciliation.propose_fix(
        break_ref=break_.ref, fix=fix, reason="核对过原始凭证", actor=ONE, at=at
    )
    return reconciliation.approve_fix(break_ref=break_.ref, actor=OTHER, at=at)


@pytest.mark.rule("platform B14")
@pytest.mark.parametrize(
    "defect",
    [d for d in DEFECTS if d.kind not in {BreakKind.ABSENT_HERE, BreakKind.LISTED_TWICE}],
    ids=lambda defect: defect.kind.value,
)
def test_after_two_persons_have_dealt_with_it_both_digests_are_equal(
    partners: SimulatedPartners, defect: Defect
) -> None:
    """按建议处理、两人复核之后,再对账,两边摘要相等,差异自行关闭。"""
    cards = many_cards.cards(3, bank=BANK, money=defect.money)
    many_cards.known_to(partners, cards)
    for card in cards:
        defect.make(partners, card)
    assert not _run().equal
    for found in StateBreak.objects.filter(closed_at=None):
        _two(found)
    clock().advance(timedelta(seconds=5))
    outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())
    assert _run().equal
    assert not StateBreak.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("make", [_absent_here, many_cards.list_twice], ids=["absent", "twice"])
def test_what_only_the_partner_can_correct_is_asked_for_and_closed_once_it_is(
    partners: SimulatedPartners, make: Callable[[SimulatedPartners, Card], None]
) -> None:
    """只能由对方更正的差异:两人同意后请其更正,更正后再对账即关闭。"""
    found = _one_break(partners, make)
    assert found.suggested is FixKind.ASK
    assert _two(found).state == "approved"
    assert Card.objects.get().financial_state is Money.ACTIVATED
    _run()
    found.refresh_from_db()
    assert found.state is BreakState.OPEN
    bank = partners.simulation.banks[BANK]
    for line in bank.accounts_after("", 9).lines:
        if line.bank_card_number.startswith(("68", "69")):
            with bank._store.turn() as shelf:
                shelf.remove("book", line.bank_card_number)
    assert _run().equal
    found.refresh_from_db()
    assert found.state is BreakState.CLOSED


@pytest.mark.rule("guarantees 12, MUT 50")
def test_nobody_approves_what_they_proposed(partners: SimulatedPartners) -> None:
    """提出人不能自己复核。"""
    found = _one_break(partners)
    at = world().clock.now()
    reconciliation.propose_fix(
        break_ref=found.ref, fix=FixKind.FOLLOW, reason="已电话核实", actor=ONE, at=at
    )
    with pytest.raises(Refused, match=r"reconciliation\.second_person"):
        reconciliation.approve_fix(break_ref=found.ref, actor=ONE, at=at)
    assert reconciliation.approve_fix(break_ref=found.ref, actor=OTHER, at=at).state == "approved"


@pytest.mark.rule("guarantees 12, MUT 50")
def test_a_second_sign_in_of_the_same_person_is_not_a_second_person(
    partners: SimulatedPartners,
) -> None:
    """同一个人的另一个账号也不能复核。"""
    from onecard.records.models import Person
    from tests.staff import a_member

    found = _one_break(partners)
    someone = Person.objects.get()
    at = world().clock.now()
    names = ("a1", "a2")
    role = Role.PLATFORM_OPERATOR
    accounts = [a_member(role, username=name, person=someone) for name in names]
    one, two = (Actor(role, row.ref, Channel.OFFICE) for row in accounts)
    reconciliation.propose_fix(
        break_ref=found.ref, fix=FixKind.FOLLOW, reason="已核实", actor=one, at=at
    )
    with pytest.raises(Refused, match=r"reconciliation\.second_person"):
        reconciliation.approve_fix(break_ref=found.ref, actor=two, at=at)


def _one_break(partners: SimulatedPartners, make: object = _stronger) -> StateBreak:
    (card,) = many_cards.cards(1, bank=BANK)
    many_cards.known_to(partners, [card])
    make(partners, card)  # type: ignore[operator]
    _run()
    return StateBreak.objects.get()


def test_a_difference_is_never_put_right_silently(partners: SimulatedPartners) -> None:
    """对账本身不改动任何状态;没有提出就不能复核。"""
    found = _one_break(partners)
    card = Card.objects.get()
    assert card.financial_state is Money.ACTIVATED
    with pytest.raises(Refused, match=r"reconciliation\.not_in_this_state"):
        reconciliation.approve_fix(break_ref=found.ref, actor=OTHER, at=world().clock.now())
    with pytest.raises(Refused, match=r"reconciliation\.reason_missing"):
        reconciliation.propose_fix(
            break_ref=found.ref,
            fix=FixKind.FOLLOW,
            reason="  ",
            actor=ONE,
            at=world().clock.now(),
        )


@pytest.mark.rule("rule book V6")
def test_a_comparison_never_takes_a_loss_away(partners: SimulatedPartners) -> None:
    """我方已挂失、银行未挂失:不能以银行为准。"""
    found = _one_break(partners, _weaker)
    assert (found.kind, found.suggested) == (BreakKind.WEAKER_THERE, FixKind.TELL)
    with pytest.raises(Refused, match=r"reconciliation\.would_weaken_loss"):
        reconciliation.propose_fix(
            break_ref=found.ref,
            fix=FixKind.FOLLOW,
            reason="以银行为准",
            actor=ONE,
            at=world().clock.now(),
        )


def test_following_a_loss_of_the_bank_opens_a_loss_here(partners: SimulatedPartners) -> None:
    """以银行的挂失为准,我方随之有一份挂失,可查、可解。"""
    found = _one_break(partners)
    _two(found)
    card = Card.objects.get()
    side = LossSide.objects.get(card=card, function=Side.FINANCIAL, ended_at=None)
    assert card.financial_state is Money.FORMAL_LOSS
    assert side.report.kind is LossKind.FORMAL


def test_what_moved_on_since_it_was_found_is_looked_at_anew(partners: SimulatedPartners) -> None:
    """发现之后情况又变了:不按旧情况处理。"""
    found = _one_break(partners)
    at = world().clock.now()
    reconciliation.propose_fix(
        break_ref=found.ref, fix=FixKind.FOLLOW, reason="已核实", actor=ONE, at=at
    )
    many_cards.change_account(partners, Card.objects.get(), state=Money.CLOSED)
    with pytest.raises(Refused, match=r"reconciliation\.moved_on"):
        reconciliation.approve_fix(break_ref=found.ref, actor=OTHER, at=at)
    assert Card.objects.get().financial_state is Money.ACTIVATED


def test_a_silent_partner_is_waited_for_before_a_change(partners: SimulatedPartners) -> None:
    """对方不应答,不改动。"""
    found = _one_break(partners)
    at = world().clock.now()
    reconciliation.propose_fix(
        break_ref=found.ref, fix=FixKind.FOLLOW, reason="已核实", actor=ONE, at=at
    )
    partners.simulation.faults.set(PARTY, Fault.DOWN)
    with pytest.raises(Refused, match=r"reconciliation\.partner_silent"):
        reconciliation.approve_fix(break_ref=found.ref, actor=OTHER, at=at)


def test_a_declined_proposal_is_open_again_and_may_be_made_anew(
    partners: SimulatedPartners,
) -> None:
    """退回之后可以重新提出。"""
    found = _one_break(partners)
    at = world().clock.now()
    told = {"break_ref": found.ref, "fix": FixKind.FOLLOW, "reason": "已核实", "at": at}
    reconciliation.propose_fix(**told, actor=ONE)  # type: ignore[arg-type]
    declined = reconciliation.decline_fix(break_ref=found.ref, actor=OTHER, at=at)
    assert declined.state == "open"
    assert reconciliation.propose_fix(**told, actor=OTHER).state == "proposed"  # type: ignore[arg-type]


def test_a_partner_that_is_away_ends_the_comparison_and_nothing_is_closed(
    partners: SimulatedPartners,
) -> None:
    """对方中途不应答:此次对账未完成,已发现的差异不关闭,下一轮再来。"""
    _one_break(partners)
    clock().advance(timedelta(days=1))
    partners.simulation.faults.set(PARTY, Fault.DOWN)
    assert "PartnerDown" in _run().silent
    assert StateBreak.objects.filter(closed_at=None).count() == 1
    done = reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now())
    assert [run.party for run in done if run.silent] == [PARTY]
    partners.simulation.faults.heal(PARTY)
    again = reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now())
    assert [run.party for run in again] == [PARTY]
    assert reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now()) == ()


@pytest.mark.rule("platform B14; guarantees C7")
@pytest.mark.parametrize(
    "fault",
    [Fault.SLOW, Fault.BREAKS_AFTER, Fault.GARBAGE, Fault.OVERSIZED],
    ids=lambda one: one.value,
)
def test_an_answer_that_is_no_use_invents_no_difference(
    partners: SimulatedPartners, fault: Fault
) -> None:
    """对方超时、办完又答500、答非所问:此次未完成,不编造差异,恢复后再对一次即一致。"""
    many_cards.known_to(partners, many_cards.cards(5, bank=BANK))
    partners.simulation.faults.set(PARTY, fault)
    done = _run()
    assert done.silent.startswith("PartnerUnsure")
    assert not done.equal
    assert not StateBreak.objects.exists()
    partners.simulation.faults.heal(PARTY)
    assert _run().equal


def test_a_question_that_arrives_twice_counts_once(partners: SimulatedPartners) -> None:
    many_cards.known_to(partners, many_cards.cards(5, bank=BANK))
    partners.simulation.faults.set(PARTY, Fault.DUPLICATE)
    done = _run()
    assert (done.equal, done.our_count, done.their_count) == (True, 5, 5)


@pytest.mark.parametrize(
    "fault",
    [Fault.DOWN, Fault.SLOW, Fault.BREAKS_AFTER, Fault.DUPLICATE],
    ids=lambda one: one.value,
)
def test_a_correction_gets_through_whatever_happens_on_the_way(
    partners: SimulatedPartners, fault: Fault
) -> None:
    """更正途中对方失联、超时、办完又答500、重复到达:最终生效一次,两边一致。"""
    (card,) = many_cards.cards(1, bank=BANK)
    many_cards.known_to(partners, [card])
    _weaker(partners, card)
    assert not _run().equal
    _two(StateBreak.objects.get())
    partners.simulation.faults.set(PARTY, fault, times=1)
    for _ in range(2):
        clock().advance(timedelta(seconds=5))
        outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())
    assert _run().equal
    assert StateBreak.objects.get().state is BreakState.CLOSED
    lines = partners.simulation.banks[BANK].accounts_after("", 9).lines
    assert [line.state for line in lines] == [Money.FORMAL_LOSS]


def test_the_daily_comparison_waits_for_its_hour(partners: SimulatedPartners) -> None:
    """每日对账到点才开始,一天一次。"""
    del partners
    clock().advance(timedelta(hours=15))
    assert reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now()) == ()
    clock().advance(timedelta(hours=3))
    assert len(reconciliation.run_due(actor=THE_CLOCK, at=world().clock.now())) == 9
    assert Reconciliation.objects.count() == 9


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "suggested"),
    [
        (BreakKind.STRONGER_THERE, HrState.NORMAL, HrState.FORMAL_LOSS, FixKind.FOLLOW),
        (BreakKind.WEAKER_THERE, HrState.FORMAL_LOSS, HrState.NORMAL, FixKind.TELL),
        (BreakKind.CLOSED_DIFFERS, HrState.NORMAL, HrState.CANCELLED, FixKind.FOLLOW),
        (BreakKind.ACTIVATION_DIFFERS, HrState.NORMAL, HrState.SEALED, FixKind.TELL),
    ],
)
def test_the_register_differs_and_is_healed_too(
    partners: SimulatedPartners,
    kind: BreakKind,
    ours: HrState,
    theirs: HrState,
    suggested: FixKind,
) -> None:
    """省卡库的差异同样发现、归类、两人处理、再对账一致。"""
    (card,) = many_cards.cards(1, hr=ours)
    many_cards.known_to(partners, [card])
    many_cards.change_register(partners, card, theirs)
    assert not _run(partner.HR_DATABASE).equal
    found = StateBreak.objects.get()
    assert (found.kind, found.suggested) == (kind, suggested)
    _two(found)
    clock().advance(timedelta(seconds=5))
    outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())
    assert _run(partner.HR_DATABASE).equal


def test_news_that_came_in_out_of_order_leave_a_gap_that_is_seen(
    partners: SimulatedPartners,
) -> None:
    """第二条来报到了、第一条没到:看得出缺了一条。"""
    (card,) = many_cards.cards(1, bank=BANK)
    many_cards.known_to(partners, [card])
    _missed_here(partners, card)
    many_cards.change_account(partners, card, sequence=2)
    now = world().clock.now()
    BankNews.objects.create(
        ref=world().ids.new("bnk"),
        card=card,
        bank=BANK,
        event=FinancialEvent.WITHDRAW_FORMAL,
        serial="ICBC2",
        sequence=2,
        happened_at=now,
        received_at=now,
        result=_stale(),
        state="activated",
    )
    _run()
    assert StateBreak.objects.get().kind is BreakKind.MESSAGE_MISSED_HERE


def _stale() -> object:
    from onecard.domain.bank_news import NewsResult

    return NewsResult.STALE


@pytest.mark.rule("guarantees I6")
def test_a_partner_ten_minutes_ahead_is_late_not_wrong(partners: SimulatedPartners) -> None:
    """对方时钟快十分钟:刚发生的变动算在途,不算漏报。"""
    (card,) = many_cards.cards(1, bank=BANK)
    many_cards.known_to(partners, [card])
    ahead = (world().clock.now() + timedelta(minutes=10)).isoformat()
    many_cards.change_account(partners, card, state=Money.FORMAL_LOSS, sequence=1, changed_at=ahead)
    _run()
    assert StateBreak.objects.get().kind is BreakKind.MESSAGE_LATE
    clock().advance(timedelta(minutes=45))
    _run()
    assert StateBreak.objects.get().kind is BreakKind.MESSAGE_MISSED_HERE
