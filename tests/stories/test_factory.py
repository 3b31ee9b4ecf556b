"""The factory: from an accepted application to a card at the outlet, whatever breaks on the way."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from onecard import policy, words
from onecard.actions import production
from onecard.adapters import exchange_files
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.policy.pack import CITIES
from onecard.records.models import (
    Application,
    AuditRow,
    Batch,
    Card,
    Discrepancy,
    ExchangeFile,
    OutboxRow,
    ReturnLine,
    Step,
    Transition,
)
from onecard.seams import sealed_blobs
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast, photographed
from tests.production import OTHER_CLERK, a_person, again, an_accepted, now, partners_of_software

pytestmark = pytest.mark.django_db

FAILPOINTS = (
    "production.make_batch.before_commit",
    "production.make_batch.after_commit",
    "production.write_bank_file.before_commit",
    "production.write_bank_file.after_commit",
    "production.before_send",
    "production.after_send",
    "production.mark_sent.before_commit",
    "production.mark_sent.after_commit",
    "production.receive_file.before_commit",
    "production.receive_file.after_commit",
    "production.record_lines.before_commit",
    "production.record_lines.after_commit",
    "production.between_lines",
    "production.before_acknowledge",
    "production.write_vendor_file.before_commit",
    "production.write_vendor_file.after_commit",
)


@pytest.fixture(autouse=True)
def partners() -> Iterator[SimulatedPartners]:
    with partners_of_software() as ready:
        yield ready


def turn() -> production.FactoryTurn:
    """The worker's turn, a quarter of an hour after the one before."""
    world().clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
    return production.run_factory(actor=THE_CLOCK, at=now())


def until_quiet() -> None:
    for _ in range(6):
        turn()


def test_an_accepted_application_becomes_a_sealed_card() -> None:
    """受理→批次→银行开户→卡商制卡→卡已制成,人社功能封存,金融功能已开户。"""
    application = an_accepted(a_person())
    until_quiet()
    card = Card.objects.get(application=application)
    assert again(application).state is ProductionState.MADE
    assert (card.hr_state, card.financial_state) == (HrState.SEALED, FinancialState.OPENED)
    assert card.bank_card_number == again(application).bank_card_number
    assert card.box_position
    events = [step.event for step in Step.objects.filter(application=application)]
    assert events == ["accept", "batch", "send_to_bank", "bank_ok", "send_to_vendor", "vendor_ok"]
    assert Transition.objects.filter(card=card).count() == 2
    told = OutboxRow.objects.filter(event="card.produced").order_by("party")
    assert [row.party for row in told] == ["hr_database", "sms"]


def test_every_step_has_a_holder_and_a_line_in_the_audit() -> None:
    """任何时刻都有经手人;每一步都有审计。"""
    application = an_accepted(a_person())
    holders = []
    for _ in range(4):
        holders.append(again(application).holder_of_the_moment)
        turn()
    assert holders == ["platform", "bank:icbc", "card_vendor", "platform"]
    steps = Step.objects.filter(application=application).exclude(event="accept").count()
    audited = AuditRow.objects.filter(about=application.ref, result="done").count()
    assert audited == steps
    assert set(AuditRow.objects.filter(about=application.ref).values_list("concerning")) == {
        (application.person_id,)
    }


def test_only_the_refused_person_leaves_the_batch_and_goes_into_a_later_one() -> None:
    """开户失败只影响本人;更正后进入后面的批次,再次报银行。"""
    good, refused = an_accepted(a_person(2)), an_accepted(a_person(911, "李娜"))
    until_quiet()
    assert again(good).state is ProductionState.MADE
    failed = again(refused)
    assert failed.state is ProductionState.BANK_FAILED
    assert failed.failure == "联网核查身份信息未通过"
    assert OutboxRow.objects.get(event="production.bank_failed").subject == refused.ref
    assert Batch.objects.get().closed_at is not None
    assert failed.holder_of_the_moment == "reviewer"


def test_a_card_that_failed_at_the_vendor_is_made_again_without_a_second_account() -> None:
    """制卡失败:账户不变,重新制卡。"""
    application = an_accepted(a_person(920))
    until_quiet()
    assert again(application).state is ProductionState.MAKING_FAILED
    account = again(application).account_number
    production.remake(applications=(application.ref,), actor=cast.OPERATOR, at=now())
    until_quiet()
    made = again(application)
    assert made.state is ProductionState.MADE
    assert made.account_number == account
    assert ExchangeFile.objects.filter(kind="account_order").count() == 1
    assert ReturnLine.objects.filter(application=application, kind="card_return").count() == 2


def test_a_remade_card_may_fail_again_and_be_made_again() -> None:
    """可反复重制。"""
    application = an_accepted(a_person(921))
    for _ in range(3):
        until_quiet()
        assert again(application).state is ProductionState.MAKING_FAILED
        production.remake(applications=(application.ref,), actor=cast.OPERATOR, at=now())
    assert again(application).state is ProductionState.AT_VENDOR


def test_remaking_a_card_that_did_not_fail_is_refused_and_leaves_no_file() -> None:
    """未失败的不能重制。"""
    application = an_accepted(a_person())
    with pytest.raises(Refused) as refused:
        production.remake(applications=(application.ref,), actor=cast.OPERATOR, at=now())
    assert refused.value.refusal.code == "production.not_in_this_state"
    assert words.explain(refused.value.refusal).next
    assert not ExchangeFile.objects.exists()


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_crash_anywhere_is_made_good_by_the_next_turn(failpoint: str) -> None:
    """任何一步崩溃,下一轮接着办,银行和卡商只收到一次。"""
    people = [an_accepted(a_person(sequence)) for sequence in (2, 4, 911)]
    crashes = 0
    for _ in range(4):
        try:
            with armed(failpoint):
                turn()
        except Crash:
            crashes += 1
            turn()
    until_quiet()
    assert crashes
    states = [again(person).state for person in people]
    made, failed = ProductionState.MADE, ProductionState.BANK_FAILED
    assert states == [made, made, failed]
    assert Card.objects.count() == 2
    assert ReturnLine.objects.count() == 5
    assert not Discrepancy.objects.exists()
    assert ExchangeFile.objects.filter(direction="out", sent_at=None).count() == 0


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.BREAKS_AFTER, Fault.DUPLICATE])
def test_partners_that_falter_cost_time_and_nothing_else(
    partners: SimulatedPartners, fault: Fault
) -> None:
    """银行或卡商中断、超时、重复,不多开户、不多制卡。"""
    people = [an_accepted(a_person(sequence), bank="icbc") for sequence in (2, 4)]
    partners.simulation.faults.set("bank:icbc", fault, times=3)
    partners.simulation.faults.set("card_vendor", fault, times=3)
    for _ in range(12):
        turn()
    assert [again(person).state for person in people] == [ProductionState.MADE] * 2
    assert Card.objects.count() == 2


def test_one_dead_bank_stops_no_other(partners: SimulatedPartners) -> None:
    """一家银行中断,不影响其他银行。"""
    dead = an_accepted(a_person(2), bank="icbc")
    alive = an_accepted(a_person(4), bank="ccb")
    partners.simulation.faults.set("bank:icbc", Fault.DOWN)
    for _ in range(6):
        assert "icbc" in turn().silent
    assert again(alive).state is ProductionState.MADE
    assert again(dead).state is ProductionState.AT_BANK


def test_made_cards_go_to_their_outlet_by_box_and_the_outlet_says_which_came() -> None:
    """按装箱位置分发到网点,网点逐张收卡,少的指出来。"""
    first, second = an_accepted(a_person(2)), an_accepted(a_person(4))
    until_quiet()
    batch = Batch.objects.get().ref
    packing = production.distribute(batch=batch, actor=cast.OPERATOR, at=now())
    assert [parcel.outlet for parcel in packing.parcels] == ["out_tianning"]
    assert list(packing.parcels[0].positions) == sorted(packing.parcels[0].positions)
    arrival = production.arrive(applications=(first.ref,), actor=cast.CLERK, at=now())
    assert (arrival.arrived, arrival.missing) == ((first.ref,), (second.ref,))
    assert again(first).state is ProductionState.AT_OUTLET
    assert OutboxRow.objects.get(event="card.at_outlet").subject == first.ref


def test_cards_of_others_and_cards_unknown_look_the_same() -> None:
    """不是本网点的卡、没有的申请,都查无此件。"""
    application = an_accepted(a_person(920))
    until_quiet()
    with pytest.raises(NotFound):
        production.remake(applications=(application.ref, "app_none"), actor=cast.OPERATOR, at=now())
    production.remake(applications=(application.ref,), actor=cast.OPERATOR, at=now())
    until_quiet()
    batch = again(application).batch_id
    assert batch
    production.distribute(batch=batch, actor=cast.OPERATOR, at=now())
    with pytest.raises(NotFound):
        production.arrive(applications=(application.ref,), actor=OTHER_CLERK, at=now())
    assert again(application).state is ProductionState.AT_BRANCH


def test_a_batch_is_no_larger_than_agreed_and_first_come_is_first_made(tmp_path: Path) -> None:
    """批次大小以内,先受理先制。"""
    refs = []
    for sequence in (2, 4, 6):
        refs.append(an_accepted(a_person(sequence)).ref)
        world().clock.advance(timedelta(minutes=1))
    with policy.in_pack(a_pack_with_batches_of_two(tmp_path)):
        receipts = production.make_batches(actor=cast.OPERATOR, at=now())
    assert [receipt.size for receipt in receipts] == [2, 1]
    last = Application.objects.get(batch=receipts[1].batch)
    assert last.ref == refs[-1]


def test_the_worker_waits_for_company_but_not_for_ever() -> None:
    """不满一批的等一等再成批,不让人久等。"""
    application = an_accepted(a_person())
    production.run_factory(actor=THE_CLOCK, at=now())
    assert again(application).state is ProductionState.ACCEPTED
    turn()
    assert again(application).state is ProductionState.AT_BANK


def a_pack_with_batches_of_two(folder: Path) -> str:
    city = folder / "city"
    shutil.copytree(CITIES / "changzhou", city)
    figures = city / "production.toml"
    figures.write_text(figures.read_text().replace("value = 500", "value = 2"))
    return str(city)


def test_portraits_travel_before_their_order_and_carry_its_digest() -> None:
    """照片包先于报卡商文件,摘要一致。"""
    application = an_accepted(a_person())
    photo = photographed.kept(application.person_id)
    application.photo_id = photo.ref
    application.save(update_fields=["photo"])
    until_quiet()
    portraits, order = ExchangeFile.objects.filter(partner="card_vendor", direction="out").order_by(
        "-kind"
    )
    assert (portraits.kind, order.kind) == ("portraits", "card_order")
    assert portraits.name[-19:-4] == order.name[-19:-4]
    (row,) = exchange_files.read(order.name, content_of(order)).rows  # type: ignore[union-attr]
    packed = exchange_files.read_portraits(content_of(portraits))
    assert hashlib.sha256(packed[application.number]).hexdigest() == row.photo_sha256
    assert again(application).state is ProductionState.MADE


def test_a_card_that_goes_by_post_is_not_sent_to_an_outlet() -> None:
    """邮寄的卡不分发到网点。"""
    posted = an_accepted(a_person(), collection=Collection.POST)
    Application.objects.filter(ref=posted.ref).update(collect_at=posted.outlet)
    until_quiet()
    batch = Batch.objects.get().ref
    assert production.distribute(batch=batch, actor=cast.OPERATOR, at=now()).size == 0
    assert again(posted).state is ProductionState.MADE


def content_of(file: ExchangeFile) -> bytes:
    return sealed_blobs.read(file.blob)
