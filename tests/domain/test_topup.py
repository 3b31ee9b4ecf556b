"""充值: what may follow what, what proves what, and who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from onecard import policy
from onecard.domain.authority import Channel
from onecard.domain.hr_function import HrState
from onecard.domain.lifecycle import NotInTable
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.replacement import OldCard
from onecard.domain.replacement.old_card import must_have_no_open_topup
from onecard.domain.topup import (
    ATTEMPT_OPEN,
    HOLDING,
    TOPUP,
    Attempt,
    AttemptKind,
    AttemptState,
    Evidence,
    Facts,
    Fresh,
    Opening,
    OrderEvent,
    OrderState,
    TopUpPolicy,
    Writing,
    after,
    largest_allowed_fen,
    may_ask_payment_refund,
    may_authorise,
    may_decide,
    may_open,
    may_open_all,
    may_propose,
    may_tap_again,
    offered_fen,
    resolve,
)
from onecard.domain.transit_purse import TransitState
from tests import cast

S, E = OrderState, OrderEvent
FIGURES = policy.in_force("topup", TopUpPolicy, on=cast.MONDAY)
ANSWERS = {
    S.OPENED: "paid R:not_paid - - - - - R:not_paid - - void void - -",
    S.VOID: "void R:not_paid - - - - - R:not_paid - - void void - -",
    S.PAID: "N:already_paid paid writing loaded - paid - refunding refunding - refunding - - -",
    S.WRITING: "N:already_paid writing - loaded paid in_doubt in_doubt R:in_doubt_needs_card"
    " writing - R:in_doubt_needs_card - - -",
    S.IN_DOUBT: "N:already_paid in_doubt - loaded paid in_doubt in_doubt R:in_doubt_needs_card"
    " in_doubt - R:in_doubt_needs_card - loaded paid",
    S.LOADED: "N:already_loaded N:already_loaded - N:already_loaded - - - R:already_loaded"
    " - - R:already_loaded - - -",
    S.REFUNDING: "N:already_refunded R:already_refunded - - refunding - - N:already_refunded"
    " refunding refunded refunding - - -",
    S.REFUNDED: "N:already_refunded R:already_refunded - - - - - N:already_refunded"
    " - N:already_refunded - - - -",
}
"""Rule book 22.3 and card reference 10.3, one line a state, one word an event of `OrderEvent`."""

OPENING = Opening(
    channel=Channel.NFC_APP,
    platform="android",
    is_ours=True,
    transit=TransitState.OPEN,
    valid_to=date(2030, 1, 1),
    on=cast.MONDAY,
    watched=False,
    unfinished=0,
    amount_fen=5000,
    balance_fen=0,
    pending_fen=0,
)
WRITING = Writing(
    state=S.PAID,
    same_card=True,
    transit=TransitState.OPEN,
    watched=False,
    attempt_open=False,
    balance_fen=0,
    amount_fen=5000,
    channel=Channel.NFC_APP,
)


def said(answer: object) -> str:
    if isinstance(answer, Refusal):
        return f"R:{answer.code.removeprefix('topup.')}"
    if isinstance(answer, Notice):
        return f"N:{answer.code.removeprefix('topup.')}"
    assert isinstance(answer, OrderState)
    return answer.value


def code(answer: Refusal | Notice | None) -> str:
    return answer.code if answer else ""


@pytest.mark.rule("rule book 22.3; card reference 10.3, 16.3")
@pytest.mark.parametrize(("state", "event"), list(product(OrderState, OrderEvent)))
def test_every_state_meets_every_event_as_the_rule_book_says(
    state: OrderState, event: OrderEvent
) -> None:
    """订单状态×事件,逐格与规则书一致;表外的不发生,状态不变。"""
    wanted = ANSWERS[state].split()[list(OrderEvent).index(event)]
    if wanted == "-":
        with pytest.raises(NotInTable):
            TOPUP.ask(state, event)
        assert after(state, event) is None
    else:
        assert said(TOPUP.ask(state, event)) == wanted


@pytest.mark.rule("V9; card reference 0.9")
def test_money_in_doubt_never_goes_back_but_by_proof_or_two_persons() -> None:
    """结果未明不退款:离开「待确认」只有证明或双人裁定。"""
    ways = {e: TOPUP.table[s, e] for s, e in TOPUP.table if s in ATTEMPT_OPEN}
    leads_back = [e for e, to in ways.items() if to in (S.REFUNDING, S.REFUNDED, S.VOID)]
    assert not leads_back
    leads_on = {e for e, to in ways.items() if to in (S.LOADED, S.PAID)}
    assert leads_on == {
        E.PROVEN_WRITTEN,
        E.PROVEN_NOT_WRITTEN,
        E.DECIDED_WRITTEN,
        E.DECIDED_NOT_WRITTEN,
    }
    assert {s for s in OrderState if after(s, E.AUTHORISED)} == {S.PAID}
    assert ATTEMPT_OPEN < HOLDING


FRESH = Fresh(balance_fen=5000, counter=42, strong=True)


@pytest.mark.rule("card reference 10.2")
@pytest.mark.parametrize(
    ("kind", "moved", "facts", "wanted"),
    [
        ("load", False, Facts(answered=True), "p1"),
        ("load", False, Facts(proved=True), "p2"),
        ("load", False, Facts(proved=True, fresh=FRESH), "p2"),
        ("unload", False, Facts(answered=True), "p3"),
        ("drain", False, Facts(proved=True), "p3"),
        ("load", False, Facts(), ""),
        ("load", False, Facts(fresh=FRESH), "n1_strong"),
        ("load", False, Facts(fresh=replace(FRESH, strong=False)), "n1_weak"),
        ("unload", False, Facts(fresh=FRESH), "n1_strong"),
        ("load", False, Facts(fresh=replace(FRESH, counter=43)), "u"),
        ("load", True, Facts(fresh=replace(FRESH, counter=43)), "u"),
        ("load", False, Facts(fresh=replace(FRESH, counter=41)), "rollback"),
        ("load", True, Facts(fresh=FRESH), "rollback"),
        ("load", True, Facts(proved=True, fresh=replace(FRESH, counter=43)), "p2"),
        ("load", False, Facts(other_load=True), "n2"),
        ("load", True, Facts(other_load=True, fresh=replace(FRESH, counter=43)), "n2"),
        ("drain", False, Facts(fresh=FRESH), "n3"),
        ("drain", False, Facts(fresh=replace(FRESH, balance_fen=0)), ""),
        ("drain", False, Facts(fresh=replace(FRESH, counter=43)), "u"),
    ],
)
def test_what_a_tap_proves(kind: str, *, moved: bool, facts: Facts, wanted: str) -> None:
    """证据到结论:只有验过的字节能证明写入或未写入。"""
    attempt = Attempt(AttemptKind(kind), counter=42, counter_moved=moved)
    verdict = resolve(attempt, facts)
    assert (verdict.evidence.value if verdict.evidence else "") == wanted
    assert bool(verdict.incident) == (wanted == "rollback")
    assert verdict.is_written == (wanted in {"p1", "p2", "p3"})
    assert verdict.is_dead == (wanted in {"n1_strong", "n1_weak", "n2", "n3"})


@pytest.mark.rule("rule book 22.3, checks at opening in order; SEED, FAQ 14")
def test_every_no_at_opening_in_the_order_of_the_rule_book() -> None:
    """开单检查的顺序;超额先告知最多可充。"""
    asked = replace(
        OPENING,
        platform="ios",
        is_ours=False,
        transit=TransitState.CLOSED,
        valid_to=date(2026, 3, 1),
        watched=True,
        unfinished=1,
        amount_fen=100_500,
        balance_fen=96000,
    )
    codes = [refusal.code for refusal in may_open_all(asked=asked, figures=FIGURES)]
    assert codes == [
        "topup.platform_not_supported",
        "topup.card_not_readable",
        "topup.purse_closed",
        "topup.purse_expired",
        "topup.card_watched",
        "topup.open_order_exists",
        "topup.amount_not_allowed",
        "topup.over_cap",
    ]
    assert may_open(asked=OPENING, figures=FIGURES) is None
    assert code(may_open(asked=asked, figures=FIGURES)) == codes[0]


def test_a_kiosk_is_no_phone() -> None:
    """自助机和网点不看手机系统。"""
    asked = replace(OPENING, channel=Channel.KIOSK, platform="")
    assert may_open(asked=asked, figures=FIGURES) is None


def test_a_refund_under_way_takes_no_load() -> None:
    """退值处理中不能充值;未开通的首充即开通。"""
    asked = replace(OPENING, transit=TransitState.REFUND_PENDING)
    assert code(may_open(asked=asked, figures=FIGURES)) == "transit_purse.closing"
    first = replace(OPENING, transit=TransitState.NOT_OPENED)
    assert may_open(asked=first, figures=FIGURES) is None


@pytest.mark.rule("SEED, FAQ 14; acceptance case A10; V8")
def test_the_cap_counts_the_card_and_what_is_paid_and_unwritten() -> None:
    """余额960元充50元被拒,最多可充40元;40元恰好到1000元。"""
    asked = replace(OPENING, balance_fen=96000, amount_fen=5000)
    refusal = may_open(asked=asked, figures=FIGURES)
    assert refusal is not None
    assert refusal.code == "topup.over_cap"
    assert refusal.allowed == {"cap": "1000.00", "max": "40.00"}
    assert refusal.fix is not None
    assert refusal.fix.detail["to"] == 4000
    assert may_open(asked=replace(asked, amount_fen=4000), figures=FIGURES) is None
    pending = replace(asked, amount_fen=4000, pending_fen=1)
    assert code(may_open(asked=pending, figures=FIGURES)) == "topup.over_cap"


def test_less_room_than_the_minimum_is_no_room() -> None:
    """余地不足最低金额时,最多可充0元。"""
    assert largest_allowed_fen(balance_fen=99100, pending_fen=0, figures=FIGURES) == 0
    assert largest_allowed_fen(balance_fen=99000, pending_fen=0, figures=FIGURES) == 1000
    assert largest_allowed_fen(balance_fen=120_000, pending_fen=0, figures=FIGURES) == 0
    assert offered_fen(balance_fen=91000, pending_fen=0, figures=FIGURES) == (2000, 5000)


@pytest.mark.parametrize(("amount", "to"), [(0, 1000), (-5, 1000), (999, 1000), (5500, 5000)])
def test_an_amount_off_the_step_is_told_the_nearest(amount: int, to: int) -> None:
    """金额不合规:给出最近的可选金额。"""
    refusal = may_open(asked=replace(OPENING, amount_fen=amount), figures=FIGURES)
    assert refusal is not None
    assert refusal.code == "topup.amount_not_allowed"
    assert refusal.fix is not None
    assert refusal.fix.detail["to"] == to


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, ""),
        ({"state": S.OPENED}, "topup.not_paid"),
        ({"state": S.LOADED}, "topup.already_loaded"),
        ({"state": S.REFUNDING}, "topup.already_refunded"),
        ({"same_card": False}, "topup.different_card"),
        ({"watched": True}, "topup.card_watched"),
        ({"transit": TransitState.CLOSED}, "topup.purse_closed"),
        ({"attempt_open": True}, "topup.in_doubt_needs_card"),
        ({"balance_fen": 95001}, "topup.over_cap"),
        ({"balance_fen": 95000}, ""),
    ],
)
def test_what_stands_between_a_paid_order_and_the_card(
    change: dict[str, object], wanted: str
) -> None:
    """授权写卡前:同一张卡、没有未明的写卡、按卡片证实的余额不超上限。"""
    asked = replace(WRITING, **change)  # type: ignore[arg-type]
    assert code(may_authorise(asked=asked, figures=FIGURES)) == wanted


DEAD, OPEN, PROVEN = AttemptState.DEAD, AttemptState.OPEN, AttemptState.PROVEN


@pytest.mark.rule("card reference 10.3: ask payment refund")
@pytest.mark.parametrize(
    ("attempts", "wanted"),
    [
        ((), ""),
        (((DEAD, Evidence.N1_STRONG),), ""),
        (((DEAD, Evidence.N2), (DEAD, Evidence.N1_STRONG)), ""),
        (((DEAD, Evidence.C),), ""),
        (((DEAD, Evidence.N1_WEAK),), "topup.in_doubt_needs_card"),
        (((DEAD, Evidence.N1_STRONG), (DEAD, Evidence.N1_WEAK)), "topup.in_doubt_needs_card"),
        (((OPEN, None),), "topup.in_doubt_needs_card"),
        (((PROVEN, Evidence.P1),), "topup.in_doubt_needs_card"),
    ],
)
def test_money_goes_back_on_strong_proof_only(
    attempts: tuple[tuple[AttemptState, Evidence | None], ...], wanted: str
) -> None:
    """退款须从未授权写卡,或每次写卡都有强证明未写入。"""
    answer = may_ask_payment_refund(state=S.PAID, attempts=attempts)
    assert code(answer) == wanted


@pytest.mark.parametrize("state", [S.WRITING, S.IN_DOUBT])
def test_while_an_attempt_is_open_no_money_goes_back(state: OrderState) -> None:
    """写卡未明时申请退款:须贴卡。"""
    answer = may_ask_payment_refund(state=state, attempts=())
    assert code(answer) == "topup.in_doubt_needs_card"


def test_a_held_case_is_decided_late_with_a_reason_and_by_two() -> None:
    """可疑交易:到期、有理由、两人。"""
    due = date(2026, 3, 16)
    facts = {"state": S.IN_DOUBT, "reason": "清算记录", "due_on": due, "on": due}
    assert may_propose(**facts) is None  # type: ignore[arg-type]
    early = may_propose(**facts | {"on": date(2026, 3, 13)})  # type: ignore[arg-type]
    assert code(early) == "topup.decide_later"
    assert code(may_propose(**facts | {"reason": " "})) == "topup.reason_missing"  # type: ignore[arg-type]
    assert code(may_propose(**facts | {"state": S.PAID})) == "topup.nothing_to_decide"  # type: ignore[arg-type]
    one, two = "stf_a", "stf_b"
    assert may_decide(proposed_by=one, decider=two, is_same_person=False) is None
    assert code(may_decide(proposed_by=one, decider=one, is_same_person=False))
    assert code(may_decide(proposed_by=one, decider=two, is_same_person=True))
    assert code(may_decide(proposed_by="", decider=two, is_same_person=False))


def test_nobody_guesses_macs() -> None:
    """每卡每日校验失败、每笔每日询问都有上限。"""
    assert may_tap_again(challenges=19, failures=9, figures=FIGURES) is None
    assert code(may_tap_again(challenges=20, failures=0, figures=FIGURES))
    assert code(may_tap_again(challenges=0, failures=10, figures=FIGURES))


@pytest.mark.rule("rule book 21.3, row 7")
@pytest.mark.parametrize(
    ("transit", "known", "told", "refused"),
    [
        (TransitState.OPEN, True, False, True),
        (TransitState.NOT_OPENED, True, False, True),
        (TransitState.OPEN, False, True, True),
        (TransitState.NOT_OPENED, False, True, False),
        (TransitState.OPEN, False, False, False),
    ],
)
def test_no_exchange_while_money_waits_for_the_old_card(
    transit: TransitState, *, known: bool, told: bool, refused: bool
) -> None:
    """有未完成的充值不能换卡:档案里查到的算数,首充未写入的也算。"""
    card = OldCard(HrState.NORMAL, 3, "jnrcb", date(2036, 1, 1), transit=transit, open_topup=known)
    answer = must_have_no_open_topup(card=card, open_topup=told)
    assert code(answer) == ("replacement.open_topup" if refused else "")
