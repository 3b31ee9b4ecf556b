"""The ledger in the archive: sums of zero, one cause once, nothing edited, bounds that hold."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecard.actions import _ledger
from onecard.domain.ledger import Account
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import LedgerAccount, LedgerTransfer
from onecard.seams.world import world
from tests import threads
from tests.bookkeeping import (
    kept_parts,
    load,
    part_fen,
    parts_from_transfers,
    pay,
    post,
    reverse,
    summed,
)

pytestmark = pytest.mark.django_db(transaction=True)
CAP_FEN = 100_000


def _code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.rule("guarantees M1")
def test_money_that_is_paid_and_loaded_lies_on_the_card_and_all_is_zero() -> None:
    """已付、已写卡:卡内余额增加,全账合计为零。"""
    pay("top_1")
    load("top_1")
    assert summed() == {"payment_clearing": -5000, "awaiting_load": 0, "on_cards": 5000}
    assert (
        kept_parts()
        == parts_from_transfers()
        == {
            ("awaiting_load", "pur_a"): 0,
            ("on_cards", "pur_a"): 5000,
        }
    )


@pytest.mark.rule("guarantees M1")
def test_one_cause_moves_money_once_however_often_it_is_told() -> None:
    """同一笔业务重复到达只记一次账;金额不同则拒绝。"""
    first = pay("top_1")
    assert pay("top_1") == first
    with pytest.raises(Refused) as refused:
        pay("top_1", fen=5001)
    assert _code(refused) == "ledger.posted_otherwise"
    with pytest.raises(Refused):
        pay("top_1", card="pur_b")
    assert (summed()["awaiting_load"], part_fen(Account.AWAITING_LOAD)) == (5000, 5000)


@pytest.mark.rule("guarantees M1")
@pytest.mark.parametrize(
    "change", ["UPDATE ledger_transfer SET amount_fen = 1", "DELETE FROM ledger_transfer"]
)
def test_a_written_transfer_is_never_changed(change: str) -> None:
    """账只增不改:改和删都由数据库拒绝。"""
    pay("top_1")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert summed()["awaiting_load"] == 5000


def test_a_mistake_is_put_right_by_its_mirror_image_once() -> None:
    """错账以红字冲正,只能一次;冲正本身不再冲正。"""
    wrong = pay("top_1")
    mirror = reverse(wrong)
    assert summed() == {"payment_clearing": 0, "awaiting_load": 0}
    assert LedgerTransfer.objects.get(ref=mirror).reverses_id == wrong
    for again in (wrong, mirror):
        with pytest.raises(Refused) as refused:
            reverse(again)
        assert _code(refused) == "ledger.already_reversed"
    with pytest.raises(NotFound):
        reverse("ldg_nothing")


def test_what_was_moved_on_cannot_be_reversed_into_the_negative() -> None:
    """钱已写卡,原收款不能冲成负数。"""
    wrong = pay("top_1")
    load("top_1")
    with pytest.raises(Refused) as refused:
        reverse(wrong)
    assert _code(refused) == "ledger.not_enough"
    assert part_fen(Account.AWAITING_LOAD) == 0


@pytest.mark.rule("SEED, FAQ 14; guarantees M3")
def test_no_more_waits_for_a_card_than_may_lie_on_it() -> None:
    """待写卡的钱不得超过余额上限,恰好等于上限可以。"""
    pay("top_1", fen=CAP_FEN)
    with pytest.raises(Refused) as refused:
        pay("top_2", fen=1)
    assert _code(refused) == "ledger.over_cap"
    assert LedgerTransfer.objects.count() == 1


def test_nothing_leaves_that_did_not_arrive() -> None:
    """未收到的钱不能写卡。"""
    with pytest.raises(Refused) as refused:
        load("top_1")
    assert _code(refused) == "ledger.not_enough"
    assert not LedgerTransfer.objects.exists()


@pytest.mark.rule("guarantees R2, mutant 04")
def test_the_database_itself_holds_the_bounds() -> None:
    """上下限由数据库约束,绕过程序也不能突破。"""
    pay("top_1")
    for balance_fen in (-1, CAP_FEN + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerAccount.objects.update(balance_fen=balance_fen)


@pytest.mark.parametrize(
    "odd",
    [
        {"amount_fen": 0},
        {"credit": "payment_clearing"},
        {"debit": "pocket"},
        {"kind": "ledger.reversal"},
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_transfer_that_is_none(odd: dict[str, object]) -> None:
    """不成立的分录由数据库拒绝。"""
    right = {
        "ref": "ldg_x",
        "kind": "topup.paid",
        "debit": "payment_clearing",
        "credit": "awaiting_load",
        "amount_fen": 1,
        "about": "top_x",
        "at": world().clock.now(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerTransfer.objects.create(**(right | odd))


def test_an_account_that_nobody_knows_and_a_door_without_an_act_move_nothing() -> None:
    """没有此科目;业务之外不能记账。"""
    with pytest.raises(Refused) as refused:
        post("topup.paid", "pocket", "awaiting_load", 1, "top_1", "pur_a")
    assert _code(refused) == "ledger.unknown_account"
    facts = {"debit": "payment_clearing", "credit": "awaiting_load", "amount_fen": 1}
    with pytest.raises(RuntimeError, match="inside an act"):
        _ledger.post("topup.paid", about="a", card="c", at=world().clock.now(), **facts)  # type: ignore[arg-type]


_CARDS = st.sampled_from(["pur_a", "pur_b", "pur_c"])
_ORDERS = st.integers(0, 5).map(lambda number: f"top_{number}")
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "load", "refunding", "refunded", "fare", "reverse"]),
        _CARDS,
        _ORDERS,
        st.integers(1, 60_000),
    ),
    max_size=25,
)
_WAYS = {
    "pay": ("topup.paid", "payment_clearing", "awaiting_load"),
    "load": ("topup.loaded", "awaiting_load", "on_cards"),
    "refunding": ("topup.refunding", "awaiting_load", "refunds_payable"),
    "refunded": ("payment.refunded", "refunds_payable", "payment_clearing"),
    "fare": ("clearing.fare", "on_cards", "operator_settlement"),
}


@pytest.mark.rule("guarantees M1, M2")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS)
def test_whatever_happens_the_ledger_sums_to_zero_and_every_balance_derives(
    steps: list[tuple[str, str, str, int]],
) -> None:
    """任意业务序列之后:合计为零,每户余额可由分录推出,不为负、不超限。"""
    with transaction.atomic():
        for what, card, order, fen in steps:
            _step(what, card, order, fen)
        kept = kept_parts()
        assert sum(summed().values()) == 0
        assert kept == {part: fen for part, fen in parts_from_transfers().items() if part in kept}
        assert all(fen == 0 or part in kept for part, fen in parts_from_transfers().items())
        for (account, _), fen in kept.items():
            assert account == "on_cards" or fen >= 0
            assert account != "awaiting_load" or fen <= CAP_FEN
        transaction.set_rollback(True)


def _step(what: str, card: str, order: str, fen: int) -> None:
    try:
        if what == "reverse":
            last = LedgerTransfer.objects.filter(card=card).order_by("-ref").first()
            if last is not None:
                reverse(last.ref)
        else:
            kind, debit, credit = _WAYS[what]
            post(kind, debit, credit, fen, order, card)
    except Refused:
        return


@pytest.mark.postgres
@pytest.mark.rule("guarantees M3")
def test_many_hands_at_one_card_end_exactly_at_the_cap() -> None:
    """十六个线程抢一张卡:恰好到上限,一分不多。"""
    refused: list[str] = []

    def work(hand: int) -> None:
        for number in range(20):
            try:
                pay(f"top_{hand}_{number}", fen=1000)
            except Refused as no:
                refused.append(no.refusal.code)

    threads.join(threads.start(*(lambda hand=hand: work(hand) for hand in range(16))))  # type: ignore[misc]
    assert part_fen(Account.AWAITING_LOAD) == summed()["awaiting_load"] == CAP_FEN
    assert len(refused) == 16 * 20 - 100
    assert set(refused) == {"ledger.over_cap"}


@pytest.mark.postgres
@pytest.mark.rule("guarantees M1")
def test_the_same_cause_told_by_many_hands_at_once_is_booked_once() -> None:
    """同一笔业务并发到达:只记一次。"""
    refs: list[str] = []
    works = [lambda: refs.append(pay("top_1")) for _ in range(16)]
    threads.join(threads.start(*works))
    assert len(refs) == 16
    assert len(set(refs)) == LedgerTransfer.objects.count() == 1
    assert part_fen(Account.AWAITING_LOAD) == 5000


@pytest.mark.postgres
def test_hands_at_many_cards_do_not_wait_for_each_other_nor_lock_up() -> None:
    """多卡并发:无死锁,逐户相符,合计为零。"""

    def work(hand: int) -> None:
        for number in range(10):
            card = f"pur_{(hand + number) % 5}"
            pay(f"top_{hand}_{number}", fen=100, card=card)
            load(f"top_{hand}_{number}", fen=100, card=card)

    threads.join(threads.start(*(lambda hand=hand: work(hand) for hand in range(16))))  # type: ignore[misc]
    assert kept_parts() == parts_from_transfers()
    assert summed() == {"payment_clearing": -16_000, "awaiting_load": 0, "on_cards": 16_000}
