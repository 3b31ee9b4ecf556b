"""Every message arrives at least once, in order for its subject, and nobody delays anybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onecard.actions import outbox
from onecard.actions._message import Undeliverable
from onecard.actions.outbox import queue
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database.magic import RESIDENTS
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import Refused
from onecard.records.models import AuditRow, OutboxRow, PartyQueue
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast, made_card
from tests.ears import Ear, listening, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Ear]]:
    """Three parties, each with an ear of its own."""
    with listening(monkeypatch) as made:
        yield made


def now() -> datetime:
    return world().clock.now()


def later(**by: float) -> datetime:
    """The clock, moved on."""
    return made_card.clock().advance(timedelta(**by))


def deliver() -> outbox.Delivered:
    return outbox.deliver_due(actor=THE_CLOCK, at=now())


def waiting() -> int:
    return OutboxRow.objects.filter(delivered_at=None).count()


def test_everybody_is_told_everything_in_its_order(ears: dict[str, Ear]) -> None:
    """每一方都收到全部消息,同一对象按顺序。"""
    say("a", "north", "south", times=3)
    say("b", "north", times=2)
    done = deliver()
    assert done.sent == 8
    sequences = {row.ref: row.sequence for row in OutboxRow.objects.all()}
    assert [sequences[m.ref] for m in ears["north"].heard if m.subject == "a"] == [1, 2, 3]
    assert len(ears["south"].heard) == 3
    assert deliver().sent == 0


def test_a_party_that_gives_no_answer_delays_no_other(ears: dict[str, Ear]) -> None:
    """一方无应答,其他各方照常送达。"""
    ears["north"].answers["a"] = PartnerDown("north", "down")
    say("a", "north", "south", times=2)
    say("b", "north", "south")
    done = deliver()
    assert done.silent == ("north",)
    assert len(ears["south"].heard) == 3
    assert ears["north"].heard == []
    held = PartyQueue.objects.get(party="north")
    assert held.failures == 1
    assert held.silent_since == now()
    assert OutboxRow.objects.filter(party="north", attempts__gt=0).count() == 1


def test_a_silent_party_is_asked_one_message_at_a_time_and_flows_when_it_answers(
    ears: dict[str, Ear],
) -> None:
    """无应答的一方只用一条消息试探,一旦应答全部补送。"""
    for subject in "abcd":
        ears["north"].answers[subject] = PartnerDown("north", "down")
        say(subject, "north")
    for failures in range(1, 5):
        assert deliver().put_off == 1
        assert PartyQueue.objects.get(party="north").failures == failures
        assert deliver() == outbox.Delivered(), "not before its time"
        later(seconds=20)
    claimed = outbox.claim(party="north", most=20, actor=THE_CLOCK, at=now()).messages
    assert len(claimed) == 1
    outbox.release(messages=(claimed[0].ref,), actor=THE_CLOCK, at=now())
    later(seconds=40)
    ears["north"].answers.clear()
    deliver()
    deliver()
    assert Counter(m.subject for m in ears["north"].heard) == Counter("abcd")
    assert waiting() == 0
    queue_now = PartyQueue.objects.get(party="north")
    assert (queue_now.failures, queue_now.silent_since) == (0, None)


def test_a_message_in_trouble_stops_only_its_own_subject(ears: dict[str, Ear]) -> None:
    """一条消息出错只影响它自己的对象,不影响其他。"""
    ears["north"].answers["a"] = ValueError("王芳 320499199001010024")
    say("a", "north", times=2)
    say("b", "north", times=2)
    done = deliver()
    assert (done.sent, done.put_off, done.silent) == (2, 1, ())
    assert {m.subject for m in ears["north"].heard} == {"b"}
    row = OutboxRow.objects.get(subject="a", sequence=1)
    assert row.last_error == "ValueError", "no value of a person in it"


def test_what_never_gets_through_is_given_up_shown_and_sent_again_by_hand(
    ears: dict[str, Ear],
) -> None:
    """多次不成则停止自动发送、说明原因,可人工重发;不丢失。"""
    ears["north"].answers["a"] = ValueError("trouble")
    say("a", "north", times=2)
    given_up = 0
    while not given_up:
        given_up = deliver().given_up
        later(hours=2)
    row = OutboxRow.objects.get(sequence=1)
    assert row.attempts == queue.WITH_TROUBLE.tries
    assert row.gave_up_at is not None
    assert deliver().sent == 0, "the ones behind it wait for it"
    ears["north"].answers.clear()
    outbox.retry(message=row.ref, actor=cast.OPERATOR, at=now())
    assert deliver().sent == 2
    assert ears["north"].heard[0].ref == row.ref
    assert AuditRow.objects.filter(act="outbox.retry", actor_ref=cast.OPERATOR.ref).exists()


def test_a_silent_party_is_waited_for_a_whole_day(ears: dict[str, Ear]) -> None:
    """对方无应答至少等待一天才停止自动发送。"""
    ears["north"].answers["a"] = PartnerDown("north", "down")
    say("a", "north")
    for _ in range(queue.WITH_SILENCE.tries + 5):
        assert deliver().given_up == 0
        later(minutes=2)
    later(days=1)
    assert deliver().given_up == 1
    ears["north"].answers.clear()
    outbox.retry_party(party="north", actor=cast.OPERATOR, at=now())
    assert deliver().sent == 1


def test_a_text_that_was_given_up_does_not_hold_back_the_next(ears: dict[str, Ear]) -> None:
    """短信各自独立:一条被拒,不影响后面的。"""
    ears["sms"].answers["a"] = Undeliverable("rejected")
    say("a", "sms", times=2)
    assert deliver().given_up == 2
    ears["north"].answers["a"] = Undeliverable("rejected")
    say("a", "north", times=2)
    assert deliver().given_up == 1


def test_only_a_message_that_was_given_up_is_sent_by_hand(ears: dict[str, Ear]) -> None:
    """仍在自动发送或已送达的,不需人工重发。"""
    say("a", "north")
    message = OutboxRow.objects.get().ref
    with pytest.raises(Refused, match=r"outbox\.not_given_up"):
        outbox.retry(message=message, actor=cast.OPERATOR, at=now())
    deliver()
    with pytest.raises(Refused, match=r"outbox\.not_given_up"):
        outbox.retry(message=message, actor=cast.OPERATOR, at=now())
    assert len(ears["north"].heard) == 1


@pytest.mark.usefixtures("ears")
def test_a_party_nobody_speaks_to_is_shown_not_forgotten() -> None:
    """没有发送通道的消息不会丢,显示给运行人员。"""
    say("a", "pigeon:post")
    assert deliver().put_off == 1
    assert OutboxRow.objects.get().last_error == "KeyError"


def test_a_crash_after_sending_sends_the_same_message_once_more(ears: dict[str, Ear]) -> None:
    """发出后未及记录即中断:租期过后以同一编号再发一次。"""
    say("a", "north", times=2)
    with armed("outbox.after_send"), pytest.raises(Crash):
        deliver()
    assert deliver().sent == 0, "claimed until the lease ends"
    later(minutes=2)
    assert deliver().sent == 2
    refs = [m.ref for m in ears["north"].heard]
    first, second = OutboxRow.objects.order_by("sequence").values_list("ref", flat=True)
    assert refs == [first, first, second]


def test_a_crash_after_marking_sends_nothing_twice(ears: dict[str, Ear]) -> None:
    """记录送达后中断,不会重发。"""
    say("a", "north")
    with armed("outbox.after_mark"), pytest.raises(Crash):
        deliver()
    later(minutes=5)
    deliver()
    assert len(ears["north"].heard) == 1


def test_the_register_hears_of_a_card_and_of_its_states_once(city: SimulatedPartners) -> None:
    """省卡库按顺序收到制卡和启用,重复消息不重复登记。"""
    number = RESIDENTS[0].person.identity_number
    person = made_card.a_person(number)
    card = made_card.a_card(person, made_card.an_application(person))
    for event, state in (("card.produced", "sealed"), ("card.enabled", "normal")):
        _tell(card.ref, event, state)
    with armed("outbox.after_send"), pytest.raises(Crash):
        deliver()
    later(minutes=2)
    deliver()
    known = [c for c in city.hr_database.cards_of(number) if c.card_number == card.card_number]
    assert [c.state for c in known] == [HrState.NORMAL]


def test_a_register_out_of_reach_is_caught_up_later(city: SimulatedPartners) -> None:
    """省卡库不通时本地照常,恢复后补送。"""
    number = RESIDENTS[0].person.identity_number
    person = made_card.a_person(number)
    card = made_card.a_card(person, None)
    city.simulation.faults.set("hr_database", Fault.SLOW)
    _tell(card.ref, "card.produced", "sealed")
    assert deliver().silent == ("hr_database",)
    city.simulation.faults.heal("hr_database")
    later(minutes=2)
    assert deliver().sent == 1
    known = [c for c in city.hr_database.cards_of(number) if c.card_number == card.card_number]
    assert len(known) == 1


def _tell(card: str, event: str, state: str) -> None:
    OutboxRow.objects.create(
        ref=world().ids.new("evt"),
        event=event,
        party="hr_database",
        subject=card,
        sequence=OutboxRow.objects.filter(subject=card).count() + 1,
        payload={"state": state},
        created_at=now(),
        due_at=now(),
    )
