"""A purse refund pays what the chip proved, once; every fault of a top-up with its signs turned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onecard import policy
from onecard.actions import refund
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.chip.simulated_card import SimulatedCard, Tear
from onecard.chip.simulated_card.tear import Moment
from onecard.chip.status import CommandKind
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refund import RefundPolicy, RefundReason, RefundState
from onecard.domain.refusal import Refused
from onecard.domain.transit_purse import TransitState
from onecard.records.models import LoadAttempt, PurseAccount, PurseRefund
from onecard.seams.failpoint import Crash, armed
from tests.chip.desk import a_card
from tests.topping_up import (
    HOLDER,
    OUTLET,
    Phone,
    a_purse,
    gate,
    held_fen,
    later,
    now,
    opened,
    paid,
)

pytestmark = pytest.mark.django_db
AGENCY = Actor(Role.CARD_OUTLET_CLERK, "stf_agency", Channel.AGENCY_OUTLET, outlet="out_agency")
ON_CARD_FEN = 5000


def used(card: SimulatedCard) -> PurseAccount:
    """The purse of a card that is in use."""
    purse = a_purse(card)
    purse.state = TransitState.OPEN
    purse.save(update_fields=["state"])
    return purse


def asked(purse: PurseAccount, actor: Actor = OUTLET, **changes: bool) -> str:
    """A refund asked for at the direct outlet."""
    done = refund.ask(
        purse=purse.ref, reason=RefundReason.EXCHANGE, actor=actor, at=now(), **changes
    )
    return done.refund


class Reader(Phone):
    """The outlet's reader, which carries a refund instead of an order."""

    def empty(self, ref: str, tear: Tear | None = None) -> TapStep:
        """Hold the card until the tap is over."""
        later(seconds=1)
        step = refund.begin(refund=ref, actor=self.actor, at=now())
        self.card.enter_field()
        if tear:
            self.card.tear(tear)
        return self.go_on(step)


def reader(card: SimulatedCard, **more: object) -> Reader:
    """A reader at the direct outlet."""
    return Reader(card, OUTLET, **more)  # type: ignore[arg-type]


def state(ref: str) -> RefundState:
    """As it stands in the archive."""
    return PurseRefund.objects.get(ref=ref).state


@contextmanager
def by_unload() -> Iterator[None]:
    """A city whose card system offers unload."""
    with policy.in_pack("shanghai_sample"):
        yield


@pytest.fixture(params=["purchase", "unload"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "purchase":
        yield request.param
    else:
        with by_unload():
            yield request.param


def debit_tear(moment: Moment, write: int = 0) -> dict[str, Tear]:
    """A tear at one moment of the debit, for both ways."""
    return {
        "purchase": Tear(moment, CommandKind.DEBIT_FOR_PURCHASE, write),
        "unload": Tear(moment, CommandKind.DEBIT_FOR_UNLOAD, write),
    }


@pytest.mark.rule("rule book 22.5; card reference 9; SEED, FAQ 13")
@pytest.mark.usefixtures("way")
def test_the_whole_proven_balance_is_paid_out_and_the_purse_is_closed() -> None:
    """退值:取出卡内经证明的全部余额,付款一次,交通功能关闭。"""
    card = a_card()
    ref = asked(used(card))
    assert reader(card).empty(ref).outcome == "refund.tap.drained"
    assert (card.balance_fen, state(ref)) == (0, RefundState.DRAINED)
    assert held_fen("refunds_payable") == ON_CARD_FEN
    done = refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert (done.amount_fen, done.state) == (ON_CARD_FEN, "paid_out")
    assert held_fen("refunds_payable") == 0
    assert PurseAccount.objects.get().state is TransitState.CLOSED
    again = refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert (again.notice, again.receipt) == ("refund.already_done", done.receipt)


@pytest.mark.rule("card reference 10.4")
def test_an_empty_card_is_refunded_with_nothing_and_closed() -> None:
    """余额为零的卡:证明为零即关闭,不付款。"""
    card = a_card(balance_fen=0)
    ref = asked(used(card))
    assert reader(card).empty(ref).outcome == "refund.tap.was_empty"
    done = refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert (done.amount_fen, done.receipt) == (0, "")
    assert not LoadAttempt.objects.exists()


@pytest.mark.rule("card reference 11: 11, 12 with the signs turned")
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.DURING])
def test_torn_before_the_debit_nothing_is_paid_and_the_next_tap_does_it(
    way: str, moment: Moment
) -> None:
    """取出前撕卡:不付款;再贴一次,重新取出。"""
    card = a_card()
    ref = asked(used(card))
    reader(card).empty(ref, debit_tear(moment)[way])
    assert state(ref) is RefundState.IN_DOUBT
    with pytest.raises(Refused, match=r"refund\.not_proven"):
        refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert reader(card).empty(ref).outcome == "refund.tap.drained"
    assert PurseRefund.objects.get().amount_fen == ON_CARD_FEN
    kinds = [row.state.value for row in LoadAttempt.objects.order_by("at", "ref")]
    assert kinds == ["dead", "proven"]


@pytest.mark.rule("card reference 11: 13 with the signs turned")
def test_debited_and_the_answer_lost_the_next_tap_proves_it_and_debits_nothing(way: str) -> None:
    """取出成功而应答丢失:再贴一次由80 5A证明,不再扣。"""
    card = a_card()
    ref = asked(used(card))
    reader(card).empty(ref, debit_tear(Moment.AFTER)[way])
    assert (state(ref), card.balance_fen) == (RefundState.IN_DOUBT, 0)
    assert reader(card).empty(ref).outcome == "refund.tap.drained"
    assert PurseRefund.objects.get().amount_fen == ON_CARD_FEN
    assert LoadAttempt.objects.count() == 1


@pytest.mark.rule("card reference 11: 14")
def test_a_forged_9000_pays_nothing(way: str) -> None:
    """伪造的9000:没有能验证的凭证,不付款。"""
    card = a_card()

    def claims(step: TapStep, answers: list[str]) -> Posted:
        if step.moves_money:
            answers = ["DEADBEEF00000000"[: 8 if way == "unload" else 16] + "9000"]
        return Posted(step.seq, tuple(answers))

    class Held(Reader):
        def hold(self, step: TapStep) -> Posted:
            return Posted(step.seq) if step.moves_money else super().hold(step)

    ref = asked(used(card))
    Held(card, OUTLET, claims).empty(ref)
    assert (state(ref), card.balance_fen) == (RefundState.IN_DOUBT, ON_CARD_FEN)
    assert held_fen("refunds_payable") == 0


@pytest.mark.rule("card reference 9: N3; 16.2, the mutant of the load counter alone")
def test_an_unmoved_load_counter_alone_does_not_say_that_a_purchase_did_not_happen() -> None:
    """消费不动充值序号:只看序号会误判,还须余额大于零。"""
    card = a_card()
    ref = asked(used(card))
    reader(card).empty(ref, debit_tear(Moment.AFTER)["purchase"])

    def hides_proof(step: TapStep, answers: list[str]) -> Posted:
        told = [
            "9406" if apdu.hex.startswith("805A") else one
            for apdu, one in zip(step.apdus, answers, strict=False)
        ]
        return Posted(step.seq, tuple(told))

    reader(card, meddle=hides_proof).empty(ref)
    assert state(ref) is RefundState.IN_DOUBT
    assert LoadAttempt.objects.get().state.value == "open"
    assert reader(card).empty(ref).outcome == "refund.tap.drained"


@pytest.mark.usefixtures("way")
@pytest.mark.rule("card reference 11: 8, 9, 16")
@pytest.mark.parametrize(
    "place",
    [
        "refund.before_custody",
        "refund.after_custody",
        "refund.attempt_saved",
        "refund.authorise.before_commit",
        "refund.authorise.after_commit",
        "topup.finish.before_commit",
        "topup.finish.after_commit",
    ],
)
def test_a_server_that_dies_anywhere_debits_once_and_pays_once(place: str) -> None:
    """任一处宕机:扣一次,付一次。"""
    card = a_card()
    ref = asked(used(card))
    with armed(place), pytest.raises(Crash):
        reader(card).empty(ref)
    for _ in range(3):
        if state(ref) is not RefundState.DRAINED:
            reader(card).empty(ref)
    done = refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert (done.amount_fen, card.balance_fen) == (ON_CARD_FEN, 0)
    debited = [one for one in card.movements if one.amount_fen < 0]
    assert [one.amount_fen for one in debited] == [-ON_CARD_FEN]


@pytest.mark.rule("card reference 11: 21")
def test_a_fare_between_two_taps_lowers_what_is_paid() -> None:
    """两次贴卡之间坐了车:付的是新的余额。"""
    card = a_card()
    ref = asked(used(card))
    reader(card).empty(ref, debit_tear(Moment.BEFORE)["purchase"])
    card.enter_field()
    gate().take(card, 200)
    reader(card).empty(ref)
    assert PurseRefund.objects.get().amount_fen == ON_CARD_FEN - 200


@pytest.mark.rule("rule book 22.5: 1; SEED, FAQ 13")
def test_an_agency_outlet_and_a_page_cannot_refund() -> None:
    """代理网点不能退值。"""
    with pytest.raises(Refused, match=r"refund\.direct_outlet_only"):
        asked(used(a_card()), AGENCY)


@pytest.mark.rule("rule book 22.5: 5")
def test_an_unfinished_top_up_comes_first() -> None:
    """有未完成的充值,先完成再退值。"""
    purse = used(a_card())
    paid(purse)
    with pytest.raises(Refused, match=r"refund\.open_topup"):
        asked(purse)


@pytest.mark.rule("rule book 22.5: 4")
def test_a_second_claim_finds_the_first_and_after_payment_is_told_so() -> None:
    """第二次申请:找到第一次;付过款的,告知已退值。"""
    card = a_card()
    purse = used(card)
    ref = asked(purse)
    assert asked(purse) == ref
    reader(card).empty(ref)
    refund.pay_out(refund=ref, actor=OUTLET, at=now())
    done = refund.ask(purse=purse.ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())
    assert (done.refund, done.notice) == ("", "refund.already_done")


def test_a_card_that_never_paid_a_fare_has_nothing_to_refund() -> None:
    """未开通交通功能:无需退值。"""
    done = refund.ask(purse=a_purse().ref, reason=RefundReason.EXCHANGE, actor=OUTLET, at=now())
    assert done.notice == "refund.not_opened"


def test_after_a_refund_nothing_is_loaded_any_more() -> None:
    """退值后不能再充值。"""
    card = a_card()
    purse = used(card)
    ref = asked(purse)
    reader(card).empty(ref)
    with pytest.raises(Refused, match=r"topup\.purse_closed"):
        opened(purse, actor=HOLDER)


@pytest.mark.rule("rule book 22.5; other city S67: 7 working days")
def test_an_unreadable_card_waits_and_is_paid_by_the_shadow() -> None:
    """不可读卡:等待期满,按影子余额付款。"""
    card = a_card()
    purse = used(card)
    Phone(card, OUTLET).top_up(paid(purse))
    shadow = PurseAccount.objects.get().shadow_balance_fen
    ref = asked(purse, readable=False)
    told = refund.register_unreadable(refund=ref, actor=OUTLET, at=now())
    wait = policy.in_force("refund", RefundPolicy, on=now().date()).unreadable_wait_working_days
    assert told.payable_on is not None
    assert (told.payable_on - now().date()).days >= wait
    with pytest.raises(Refused, match=r"refund\.waiting"):
        refund.pay_out(refund=ref, actor=OUTLET, at=now())
    later(days=(told.payable_on - now().date()).days)
    done = refund.pay_out(refund=ref, actor=OUTLET, at=now())
    assert (done.amount_fen, shadow) == (shadow, ON_CARD_FEN * 2)
    assert PurseAccount.objects.get().state is TransitState.CLOSED


def test_once_money_may_have_left_the_card_the_refund_is_not_withdrawn() -> None:
    """可能已取出的,不能撤回;没动过的可以。"""
    card = a_card()
    ref = asked(used(card))
    reader(card).empty(ref, debit_tear(Moment.BEFORE)["purchase"])
    with pytest.raises(Refused, match=r"refund\.in_doubt_needs_card"):
        refund.withdraw(refund=ref, actor=OUTLET, at=now())
    reader(card).empty(ref, Tear(Moment.BEFORE, CommandKind.INITIALIZE_FOR_PURCHASE))
    assert state(ref) is RefundState.REQUESTED
    assert refund.withdraw(refund=ref, actor=OUTLET, at=now()).state == "withdrawn"
