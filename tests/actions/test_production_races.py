"""Two at once at the factory and at the drawer: real threads, real row locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from onecard.actions import production, stock
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import MakingMode
from onecard.domain.authority import THE_CLOCK
from onecard.domain.refusal import Refused
from onecard.domain.stock import BlankState, SpoilReason
from onecard.records.models import (
    Application,
    Batch,
    BlankCard,
    Card,
    Discrepancy,
    ExchangeFile,
    ReturnLine,
    StockCount,
)
from tests import cast
from tests.production import a_person, an_accepted, now, partners_of_software
from tests.staff import an_outlet
from tests.threads import join, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

THREADS = 4


@pytest.fixture(autouse=True)
def partners() -> Iterator[SimulatedPartners]:
    with partners_of_software() as ready:
        yield ready


def all_at_once(work: Callable[[], object], times: int = THREADS) -> list[BaseException]:
    """Do the same several times at once; what the threads ran into, refusals aside."""
    trouble: list[BaseException] = []

    def once() -> None:
        try:
            work()
        except Refused:
            return
        except BaseException as error:  # noqa: BLE001 - the test shows it
            trouble.append(error)

    join(start(*[once] * times))
    return trouble


def test_several_batchers_take_everybody_once() -> None:
    """几人同时成批,每人只进一批,批次号不重复。"""
    people = [an_accepted(a_person(sequence)) for sequence in range(2, 42, 2)]
    trouble = all_at_once(lambda: production.make_batches(actor=cast.OPERATOR, at=now()))
    assert not trouble
    assert sum(Batch.objects.values_list("size", flat=True)) == len(people)
    assert not Application.objects.filter(batch=None).exists()


def test_several_workers_turn_the_factory_and_every_card_is_made_once() -> None:
    """几个后台同时运行,每人一张卡,文件不重复。"""
    people = [an_accepted(a_person(sequence)) for sequence in range(2, 22, 2)]
    production.make_batches(actor=cast.OPERATOR, at=now())
    for _ in range(5):
        assert not all_at_once(lambda: production.run_factory(actor=THE_CLOCK, at=now()))
    assert Card.objects.count() == len(people)
    assert ReturnLine.objects.count() == 2 * len(people)
    assert ExchangeFile.objects.filter(kind="account_order").count() == 1
    assert not Discrepancy.objects.exists()


def test_two_clerks_never_print_on_the_same_blank_card() -> None:
    """两个窗口同时领用,不会拿到同一张空白卡。"""
    an_outlet()
    stock.receive(bank="icbc", first="S1", last="S8", actor=cast.SUPERVISOR, at=now())
    waiting = [
        an_accepted(a_person(sequence), mode=MakingMode.INSTANT) for sequence in range(2, 18, 2)
    ]
    refs = iter([application.ref for application in waiting])

    def issue() -> None:
        production.issue_instantly(application=next(refs), actor=cast.CLERK, at=now())

    assert not all_at_once(issue, times=len(waiting))
    used = Card.objects.values_list("blank__serial", flat=True)
    assert sorted(used) == [f"S{number}" for number in range(1, 9)]


def test_two_clicks_on_the_same_card_make_one() -> None:
    """同一申请连点两次,只有一张卡。"""
    an_outlet()
    stock.receive(bank="icbc", first="S1", last="S8", actor=cast.SUPERVISOR, at=now())
    application = an_accepted(a_person(), mode=MakingMode.INSTANT)

    def issue() -> None:
        production.issue_instantly(application=application.ref, actor=cast.CLERK, at=now())

    assert not all_at_once(issue)
    assert Card.objects.count() == 1
    assert BlankCard.objects.exclude(state=BlankState.IN_STOCK).count() == 1


def test_a_card_taken_while_the_day_is_closed_is_either_counted_or_refused() -> None:
    """清点与领用同时发生:要么算进清点,要么不能领用。"""
    an_outlet()
    stock.receive(bank="icbc", first="S1", last="S8", actor=cast.SUPERVISOR, at=now())
    serials = iter([f"S{number}" for number in range(1, 9)])

    def spoil_or_close() -> None:
        serial = next(serials)
        if serial == "S4":
            stock.close_day(counted={"icbc": 8}, actor=cast.CLERK, at=now())
        else:
            reason = SpoilReason.DAMAGED
            stock.report_spoiled(serial=serial, reason=reason, actor=cast.CLERK, at=now())

    assert not all_at_once(spoil_or_close, times=8)
    spoiled = BlankCard.objects.exclude(state=BlankState.IN_STOCK).count()
    assert (StockCount.objects.count() == 1) == (spoiled == 0)
