"""What a person is told: kept once, in both languages, sent in the person's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from onecard import words
from onecard.actions import notification, outbox
from onecard.actions._message import Message
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.adapters.sms.simulated import DEAD_PHONE
from onecard.domain.authority import THE_CLOCK
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import notification as queries
from onecard.records.models import Notification, OutboxRow, Person
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import world
from tests import cast, made_card

pytestmark = pytest.mark.django_db

EVENTS = sorted(
    key.removeprefix("notification.")
    for key in words.all_keys("zh")
    if re.match(r"notification\.(application|production|promise|card)\.", key)
)
MORE_FACTS = {"reason": "证件已过期", "day": "2026-03-11"}


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def now() -> datetime:
    return world().clock.now()


def _tell(event: str, subject: str, **payload: str) -> str:
    row = OutboxRow.objects.create(
        ref=world().ids.new("evt"),
        event=event,
        party="sms",
        subject=subject,
        sequence=OutboxRow.objects.filter(subject=subject).count() + 1,
        payload=payload,
        created_at=now(),
        due_at=now(),
    )
    return row.ref


def deliver() -> outbox.Delivered:
    return outbox.deliver_due(actor=THE_CLOCK, at=now())


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_event_has_a_text_with_every_fact_filled_in(
    event: str, language: str, city: SimulatedPartners
) -> None:
    """每种告知都有中英文,事实齐全,不含完整证件号和卡号。"""
    person, application, card = made_card.card_at_outlet()
    Person.objects.update(language=language)
    subject = card.ref if event.startswith("card.") else application.ref
    _tell(event, subject, **MORE_FACTS)
    assert deliver().sent == 1
    (text,) = city.simulation.sms.sent()
    assert text.phone == person.phone
    assert not re.search(r"[{}]|None|out_|app_|\d{9}", text.text), text.text
    assert made_card.CARD_NUMBER not in text.text
    assert person.name not in text.text
    assert ("一卡通" in text.text) is (language == "zh")


def test_a_message_names_bank_and_outlet_in_the_readers_language() -> None:
    """银行、网点、日期按所选语言书写。"""
    person, application, _ = made_card.card_at_outlet()
    _tell("card.at_outlet", application.ref)
    _tell("promise.missed", application.ref, day="2026-03-11")
    deliver()
    citizen = made_card.as_citizen(person)
    zh = queries.mine(as_seen_by=citizen, language="zh", at=now())
    en = queries.mine(as_seen_by=citizen, language="en", at=now())
    assert {"天宁服务网点" in line.text or "2026年3月11日" in line.text for line in zh} == {True}
    assert {"Tianning outlet" in line.text or "11 March 2026" in line.text for line in en} == {True}
    assert queries.unread(as_seen_by=citizen) == 2


def test_a_crash_after_sending_keeps_one_message_and_sends_one_text(
    city: SimulatedPartners,
) -> None:
    """发出后中断:消息只记一条,短信按编号去重。"""
    _, application, _ = made_card.posted_card()
    _tell("application.accepted", application.ref)
    with armed("outbox.after_send"), pytest.raises(Crash):
        deliver()
    made_card.clock().advance(outbox.queue.LEASE)
    assert deliver().sent == 1
    assert Notification.objects.count() == 1
    assert len(city.simulation.sms.sent()) == 1


def test_somebody_without_a_telephone_reads_it_in_the_portal(city: SimulatedPartners) -> None:
    """没有手机号的,在网上查看消息。"""
    person, application, _ = made_card.posted_card()
    Person.objects.update(phone=b"")
    _tell("application.accepted", application.ref)
    assert deliver().sent == 1
    assert not city.simulation.sms.sent()
    assert len(queries.mine(as_seen_by=made_card.as_citizen(person), language="zh", at=now())) == 1


def test_a_dead_telephone_is_shown_to_the_operator_with_the_reason() -> None:
    """空号等被拒的短信,停止发送并说明原因。"""
    person, application, _ = made_card.posted_card()
    person.phone = DEAD_PHONE
    person.save(update_fields=["phone"])
    _tell("application.accepted", application.ref)
    assert deliver().given_up == 1
    assert OutboxRow.objects.get().last_error == "rejected: 空号"


def test_a_message_about_nothing_we_know_is_trouble_not_silence() -> None:
    """查无对象的消息按出错处理。"""
    _tell("application.accepted", "app_nobody")
    done = deliver()
    assert (done.put_off, done.silent) == (1, ())
    assert OutboxRow.objects.get().last_error == "NotFound"


def test_a_message_is_read_by_whoever_it_is_for() -> None:
    """只能查看、标记本人的消息。"""
    person, application, _ = made_card.posted_card()
    message = Message(
        ref=_tell("application.accepted", application.ref),
        event="application.accepted",
        party="sms",
        subject=application.ref,
        payload={},
        attempts=1,
        at=now(),
    )
    kept = notification.keep(message=message, actor=THE_CLOCK, at=now())
    stranger = made_card.as_citizen(made_card.a_person(cast.ADULT_MAN, name="李强"))
    with pytest.raises(NotFound):
        notification.mark_read(notification=kept.notification, actor=stranger, at=now())
    assert queries.mine(as_seen_by=stranger, language="zh", at=now()) == ()
    citizen = made_card.as_citizen(person)
    notification.mark_read(notification=kept.notification, actor=citizen, at=now())
    assert queries.unread(as_seen_by=citizen) == 0


def test_a_person_is_told_things_in_the_language_they_chose() -> None:
    """告知语言由本人选择。"""
    person = made_card.a_person()
    citizen = made_card.as_citizen(person)
    notification.choose_language(language="en", actor=citizen, at=now())
    assert Person.objects.get().language == "en"
    with pytest.raises(Refused) as refused:
        notification.choose_language(language="fr", actor=citizen, at=now())
    assert refused.value.refusal.code == "notification.language_not_spoken"
