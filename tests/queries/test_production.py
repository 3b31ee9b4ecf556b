"""The operators' desk and the counter's drawer: what they show, masked, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onecard import words
from onecard.actions import production, stock
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.refusal import NotFound
from onecard.domain.stock import SpoilReason
from onecard.queries import production as desk
from onecard.queries import stock as drawers
from onecard.records.models import Batch
from onecard.seams.world import world
from tests import cast
from tests.production import (
    OTHER_CLERK,
    a_number,
    a_person,
    an_accepted,
    now,
    partners_of_software,
)
from tests.staff import an_outlet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def partners() -> Iterator[SimulatedPartners]:
    with partners_of_software() as ready:
        yield ready


def turns(count: int = 6) -> None:
    for _ in range(count):
        world().clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
        production.run_factory(actor=THE_CLOCK, at=now())


def spoken(key: str) -> bool:
    return all(words.has(key, language) for language in words.LANGUAGES)


def test_a_batch_shows_where_its_people_are_and_what_can_be_done() -> None:
    """批次:各状态人数、可办的下一步。"""
    an_accepted(a_person(2))
    an_accepted(a_person(911, "李娜"))
    (waiting,) = desk.banks_waiting(as_seen_by=cast.OPERATOR)
    assert (waiting.bank, waiting.count) == ("icbc", 2)
    turns()
    (batch,) = desk.batches(as_seen_by=cast.OPERATOR, at=now())
    counts = {count.state: count.count for count in batch.counts}
    assert counts == {"production.state.made": 1, "production.state.bank_failed": 1}
    assert (batch.size, batch.moved_on) == (2, 0)
    assert batch.may_distribute
    assert batch.closed_at is not None
    assert not batch.may_write_bank_file
    assert all(spoken(state) for state in counts)
    assert desk.batch(batch=batch.number, as_seen_by=cast.OPERATOR, at=now()) == batch


def test_a_failure_shows_its_link_its_reason_and_its_repair() -> None:
    """失败清单:环节、原因、怎么修。"""
    an_accepted(a_person(911, "李娜"))
    an_accepted(a_person(920, "赵敏"))
    an_accepted(a_person(4, "阿" * 26))
    turns()
    seen = {row.reason: row for row in desk.failures(as_seen_by=cast.OPERATOR)}
    assert len(seen) == 3
    bank = seen["联网核查身份信息未通过"]
    assert (bank.link, bank.repair) == ("production.link.bank", "production.repair.correct")
    assert bank.name == "李*"
    (making,) = [row for row in seen.values() if row.link == "production.link.making"]
    assert making.repair == "production.repair.remake"
    (held_back,) = [row for row in seen.values() if row.refusal]
    assert held_back.refusal is not None
    assert held_back.link == "production.link.before"
    assert "52字节" in words.explain(held_back.refusal).why
    for row in seen.values():
        assert spoken(row.link)
        assert spoken(row.repair)
        assert spoken(row.state)
        assert spoken(row.holder)


def test_files_show_their_way_and_what_became_of_their_lines() -> None:
    """文件清单:方向、时间、逐条结果。"""
    an_accepted(a_person(2))
    turns()
    files = desk.files(as_seen_by=cast.OPERATOR)
    kinds = sorted(file.kind.removeprefix("exchange.kind.") for file in files)
    assert kinds == ["account_order", "account_return", "card_order", "card_return"]
    assert all(file.done_at is not None for file in files)
    assert all(spoken(file.kind) and spoken(file.direction) for file in files)
    (returned,) = [file for file in files if file.kind.endswith("card_return")]
    assert (returned.lines, returned.done, returned.recorded) == (1, 1, 1)
    assert desk.unsent_files(as_seen_by=cast.OPERATOR) == ()


def test_a_file_that_was_refused_lies_on_the_desk_and_is_not_taken_from_the_partner(
    partners: SimulatedPartners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """损坏的回盘留在对方、列在清单上,只列一次。"""
    an_accepted(a_person(2))
    turns(1)
    bank = partners.simulation.banks["icbc"]
    (good,) = bank.fetch_files()
    broken = type(good)(good.name, good.content[:-3])
    monkeypatch.setattr(type(bank), "fetch_files", lambda _: (broken,))
    turns(3)
    (seen,) = desk.discrepancies(as_seen_by=cast.OPERATOR, settled=False)
    assert (seen.kind, seen.file) == ("production.discrepancy.file_refused", good.name)
    assert seen.row == "4"
    monkeypatch.undo()
    turns()
    assert desk.batches(as_seen_by=cast.OPERATOR, at=now())[0].may_distribute


def test_the_desk_is_closed_to_a_counter() -> None:
    """网点看不到全市的批次和文件。"""
    an_accepted(a_person(2))
    turns()
    batch = Batch.objects.get().ref
    assert desk.batches(as_seen_by=cast.CLERK, at=now()) == ()
    assert desk.files(as_seen_by=cast.CLERK) == ()
    assert desk.banks_waiting(as_seen_by=cast.CLERK) == ()
    assert desk.discrepancies(as_seen_by=cast.CLERK, settled=False) == ()
    with pytest.raises(NotFound):
        desk.batch(batch=batch, as_seen_by=cast.CLERK, at=now())


def test_cards_on_their_way_are_listed_by_box_for_their_outlet() -> None:
    """在途卡按装箱位置列给领卡网点。"""
    for sequence in (2, 4):
        an_accepted(a_person(sequence))
    turns()
    ready = desk.ready_to_distribute(as_seen_by=cast.OPERATOR, at=now())
    assert [card.box_position for card in ready] == ["001-001", "001-002"]
    production.distribute(batch=ready[0].batch, actor=cast.OPERATOR, at=now())
    assert desk.ready_to_distribute(as_seen_by=cast.OPERATOR, at=now()) == ()
    coming = desk.coming_in(as_seen_by=cast.CLERK)
    assert [card.application for card in coming] == [card.application for card in ready]
    assert desk.coming_in(as_seen_by=OTHER_CLERK) == ()


def test_nothing_on_the_desk_holds_a_whole_number_or_name() -> None:
    """清单不含完整号码和姓名。"""
    for sequence in (2, 911, 920):
        an_accepted(a_person(sequence, "欧阳娜娜"))
    turns()
    shown = str(
        [
            desk.batches(as_seen_by=cast.OPERATOR, at=now()),
            desk.failures(as_seen_by=cast.OPERATOR),
            desk.files(as_seen_by=cast.OPERATOR),
            desk.due(as_seen_by=cast.OPERATOR, at=now()),
            desk.ready_to_distribute(as_seen_by=cast.OPERATOR, at=now()),
        ]
    )
    assert "欧阳娜娜" not in shown
    assert not [number for number in map(a_number, (2, 911, 920)) if number in shown]


def test_the_drawer_shows_runs_of_serials_and_what_waits_for_whom() -> None:
    """卡库:按银行列连续序号,待复核的标明谁可以复核。"""
    an_outlet()
    for first, last in (("S001", "S003"), ("S005", "S030")):
        stock.receive(bank="icbc", first=first, last=last, actor=cast.SUPERVISOR, at=now())
    stock.receive(bank="abc", first="A01", last="A02", actor=cast.SUPERVISOR, at=now())
    reason = SpoilReason.CHIP_DEAD
    stock.report_spoiled(serial="S010", reason=reason, actor=cast.SUPERVISOR, at=now())
    seen = drawers.drawer(as_seen_by=cast.SUPERVISOR, at=now())
    abc, icbc = seen.banks
    assert [(run.first, run.last, run.count) for run in icbc.runs] == [
        ("S001", "S003", 3),
        ("S005", "S009", 5),
        ("S011", "S030", 20),
    ]
    assert (icbc.count, icbc.is_low, abc.is_low) == (28, False, True)
    (spoiled,) = seen.to_approve
    assert spoiled.may_approve is not None
    other = drawers.drawer(as_seen_by=cast.CLERK, at=now()).to_approve[0]
    assert other.may_approve is None
    assert spoken(spoiled.reason)
    assert spoken(spoiled.state)
    with pytest.raises(NotFound):
        drawers.drawer(as_seen_by=cast.OPERATOR, at=now())
