"""Sixteen at once for one person: one application, one person, one draft; nobody gets an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from onecard.actions import application, draft
from onecard.actions._keeping import once
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.refusal import Refused
from onecard.records.models import Application, Draft, OutboxRow, Person, Step
from tests import applying
from tests.actions.application import people
from tests.actions.application.people import CLERK, WOMAN, now

THREADS = 16

pytestmark = pytest.mark.postgres


def at_once(doing: Callable[[int], Any]) -> Counter[str]:
    """Run it sixteen times together; how each ended."""
    start = Barrier(THREADS)

    def run(turn: int) -> str:
        try:
            start.wait()
            doing(turn)
        except Refused as no:
            return no.refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        running = [pool.submit(copy_context().run, run, turn) for turn in range(THREADS)]
        return Counter(each.result() for each in running)


@pytest.mark.rule("guarantees C1, I1")
def test_sixteen_submissions_make_one_application(open_province: SimulatedPartners) -> None:
    """同一人同时提交十六次,只有一件申请,其余得到说明。"""
    assert open_province
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    ended = at_once(
        lambda _: application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    )
    assert ended == {"done": 1, "application.already_in_production": THREADS - 1}
    row = Application.objects.get()
    assert Step.objects.filter(application=row, event="submit").count() == 1
    sequences = OutboxRow.objects.filter(subject=row.ref).values_list("sequence", flat=True)
    assert list(sequences.order_by("sequence")) == [1, 2]


def test_online_and_at_the_counter_at_once_make_one_application(
    open_province: SimulatedPartners,
) -> None:
    """线上与窗口同时办理,也只有一件。"""
    assert open_province
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    case = people.case_of(WOMAN)

    def doing(turn: int) -> object:
        if turn % 2:
            return application.accept_at_counter(case=case, actor=CLERK, at=now())
        return application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())

    assert at_once(doing)["done"] == 1
    assert Application.objects.count() == 1


def test_sixteen_with_one_key_get_one_receipt(open_province: SimulatedPartners) -> None:
    """同一请求号并发十六次,得到同一回执。"""
    assert open_province
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    numbers = set()

    def doing(_: int) -> None:
        with once("portal", "key", "body"):
            receipt = application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
            numbers.add(receipt.number)

    assert at_once(doing) == {"done": THREADS}
    assert len(numbers) == 1


def test_sixteen_first_sign_ins_make_one_person(open_province: SimulatedPartners) -> None:
    """首次登录并发,只有一份档案。"""
    assert open_province
    assert at_once(lambda _: people.signed_in(WOMAN)) == {"done": THREADS}
    assert Person.objects.count() == 1


def test_sixteen_saves_make_one_draft(open_province: SimulatedPartners) -> None:
    """并发保存,只有一份草稿,且各项都在。"""
    assert open_province
    citizen = people.signed_in(WOMAN)
    ended = at_once(
        lambda turn: draft.save(
            purpose="first_application", answers={str(turn): turn}, actor=citizen, at=now()
        )
    )
    assert ended == {"done": THREADS}
    assert len(Draft.objects.get().answers) == THREADS
