"""Banks' news may come late, twice and crossed: no older one ever un-loses, and loss wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.domain.bank_news import (
    LOST,
    REPORTS,
    WITHDRAWALS,
    Heard,
    Judged,
    NewsResult,
    Situation,
    Told,
    judge,
)
from onecard.domain.financial_function import FinancialEvent, FinancialState

E, S, R = FinancialEvent, FinancialState, NewsResult


@dataclass
class Archive:
    """What is kept of a card's news, as the act keeps it: for playing schedules without tables."""

    state: FinancialState = S.ACTIVATED
    last: int = 0
    stands_as: frozenset[str] = frozenset()
    stands_since: int = 0
    also: list[Heard] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)

    def hear(self, told: Told) -> Judged | None:
        """One message; the same serial again is nothing."""
        if told.serial in self.heard:
            return None
        self.heard.add(told.serial)
        judged = judge(told=told, known=self.situation())
        if judged.result is R.APPLIED:
            self._apply(told, judged)
        elif judged.result is R.NOTICE and told.event in REPORTS:
            self.also.append(Heard(told.serial, told.sequence, told.event is E.REPORT_FORMAL))
        if told.event in WITHDRAWALS:
            self.withdrawn.add(told.names)
        self.last = max(self.last, told.sequence)
        return judged

    def situation(self) -> Situation:
        """As the act gathers it."""
        return Situation(
            self.state,
            self.last,
            self.stands_as,
            self.stands_since,
            tuple(self.also),
            frozenset(self.ended),
            frozenset(self.withdrawn),
        )

    def _apply(self, told: Told, judged: Judged) -> None:
        self.ended |= self.stands_as
        if told.event is E.REPORT_FORMAL and self.state is S.TEMPORARY_LOSS:
            (replaced,) = self.stands_as
            self.also.append(Heard(replaced, self.stands_since, formal=False))
        serial = told.serial if told.event in REPORTS else judged.goes_on_as
        numbers = {heard.serial: heard.sequence for heard in self.also}
        self.stands_as = frozenset({serial} - {""})
        self.stands_since = numbers.get(serial, told.sequence)
        self.also = [h for h in self.also if h.serial != serial] if serial else []
        self.state = judged.state


def lifetime(kinds: list[bool]) -> list[Told]:
    """What a bank says in order: reports (formal or not), each withdrawn but perhaps the last."""
    said: list[Told] = []
    for formal in kinds:
        report, lift = (
            (E.REPORT_FORMAL, E.WITHDRAW_FORMAL)
            if formal
            else (E.REPORT_TEMPORARY, E.LIFT_TEMPORARY)
        )
        serial = f"J{len(said) + 1}"
        said.append(Told(report, serial, len(said) + 1))
        said.append(Told(lift, f"J{len(said) + 1}", len(said) + 1, names=serial))
    return said


@pytest.mark.rule("guarantees C4: 1 M message schedules, 0 violations")
@settings(max_examples=800, deadline=None)
@given(
    kinds=st.lists(st.booleans(), min_size=1, max_size=5),
    still_lost=st.booleans(),
    data=st.data(),
)
def test_however_the_news_are_shuffled_and_repeated_the_end_is_what_the_bank_says(
    kinds: list[bool], data: st.DataObject, *, still_lost: bool
) -> None:
    """来报任意乱序、重复:终态与银行一致;没有解除的挂失绝不丢失。"""
    said = lifetime(kinds)[: -1 if still_lost else None]
    schedule = data.draw(st.permutations(said + said))
    archive = Archive()
    for told in schedule:
        archive.hear(told)
    assert (archive.state in LOST) is still_lost
    assert archive.heard == {told.serial for told in said}


@pytest.mark.rule("guarantees C4; MUT-25")
@settings(max_examples=600, deadline=None)
@given(
    schedule=st.lists(
        st.tuples(
            st.sampled_from(list(FinancialEvent)),
            st.integers(min_value=1, max_value=8),
            st.sampled_from(["", "J1", "J2", "J3", "J9"]),
        ),
        max_size=14,
    )
)
def test_whatever_is_said_only_a_withdrawal_that_names_the_loss_lifts_it(
    schedule: list[tuple[FinancialEvent, int, str]],
) -> None:
    """任意消息序列:只有指明该挂失的解除(或账户关闭、转出)才能结束挂失。"""
    archive = Archive()
    for place, (event, sequence, names) in enumerate(schedule):
        before, stood = archive.state, archive.stands_as
        told = Told(event, f"J{place + 1}", sequence, names)
        archive.hear(told)
        if before in LOST and archive.state not in LOST:
            closes = event in {E.CLOSE, E.RELINK_AWAY}
            assert closes or (event in WITHDRAWALS and names in stood)


@pytest.mark.rule("guarantees C4: loss wins a tie")
def test_at_the_same_number_the_loss_wins() -> None:
    """序号相同,挂失优先。"""
    archive = Archive(state=S.OPENED)
    archive.hear(Told(E.ACTIVATE, "J1", 5))
    judged = archive.hear(Told(E.REPORT_FORMAL, "J2", 5))
    assert judged == Judged(R.APPLIED, S.FORMAL_LOSS)
    late = archive.hear(Told(E.ACTIVATE, "J3", 5))
    assert late == Judged(R.STALE, S.FORMAL_LOSS)


def test_a_late_report_counts_although_something_newer_was_heard() -> None:
    """迟到的挂失照样生效(保护持卡人),除非它的解除已到。"""
    archive = Archive()
    archive.hear(Told(E.OPEN, "J9", 9))
    assert archive.hear(Told(E.REPORT_FORMAL, "J1", 1)) == Judged(R.APPLIED, S.FORMAL_LOSS)


def test_a_formal_report_overrides_a_temporary_one_and_its_late_lift_is_stale() -> None:
    """临时转正式后,迟到的临时解除不起作用。"""
    archive = Archive()
    archive.hear(Told(E.REPORT_TEMPORARY, "J1", 1))
    archive.hear(Told(E.REPORT_FORMAL, "J3", 3))
    assert archive.hear(Told(E.LIFT_TEMPORARY, "J2", 2, "J1")) == Judged(R.STALE, S.FORMAL_LOSS)


@pytest.mark.parametrize(
    ("event", "state", "result"),
    [
        (E.ACTIVATE, S.OPENED, R.APPLIED),
        (E.ACTIVATE, S.ACTIVATED, R.NOTICE),
        (E.ACTIVATE, S.FORMAL_LOSS, R.DISCREPANCY),
        (E.OPEN, S.CLOSED, R.DISCREPANCY),
        (E.CLOSE, S.FORMAL_LOSS, R.APPLIED),
        (E.REPORT_FORMAL, S.NONE, R.DISCREPANCY),
        (E.RELINK_AWAY, S.ACTIVATED, R.APPLIED),
    ],
)
def test_news_are_taken_by_the_table(
    event: FinancialEvent, state: FinancialState, result: NewsResult
) -> None:
    """按金融功能状态表接受,表外为差错。"""
    known = Situation(state)
    judged = judge(told=Told(event, "J1", 1), known=known)
    assert judged.result is result
    if result is not R.APPLIED:
        assert judged.state is state
    older = replace(known, last_sequence=1)
    if event not in REPORTS | WITHDRAWALS:
        assert judge(told=Told(event, "J1", 1), known=older).result is R.STALE
