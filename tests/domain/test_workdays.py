"""Working days: holidays, make-up days, years nobody has published yet (rule book 0.3, 27)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import policy
from onecard.domain.workdays import (
    Calendar,
    WorkdayPolicy,
    add_working_days,
    calendar_of,
    is_working_day,
    working_days_between,
)
from tests import cast

PLAIN = Calendar()


def test_national_holidays_and_make_up_days_come_from_the_published_table() -> None:
    """节假日放假、调休上班，以国务院办公厅通知为准。"""
    assert not is_working_day(date(2026, 1, 1), PLAIN)
    assert not is_working_day(date(2026, 2, 17), PLAIN)
    assert is_working_day(date(2026, 2, 14), PLAIN), "a Saturday made up for"
    assert is_working_day(date(2026, 2, 28), PLAIN), "a Saturday made up for"
    assert not is_working_day(date(2026, 3, 7), PLAIN), "a plain Saturday"
    assert is_working_day(cast.MONDAY, PLAIN)


@pytest.mark.rule("rule book 0.3: day of acceptance is day 0")
def test_a_promise_over_a_make_up_saturday_counts_that_saturday() -> None:
    """调休的星期六算工作日。"""
    friday = date(2026, 2, 13)
    assert add_working_days(friday, 1, PLAIN) == date(2026, 2, 14)
    assert add_working_days(friday, 2, PLAIN) == date(2026, 2, 24)


def test_the_day_of_acceptance_is_day_nought() -> None:
    assert add_working_days(cast.MONDAY, 0, PLAIN) == cast.MONDAY
    assert add_working_days(cast.MONDAY, 7, PLAIN) == date(2026, 3, 11)
    saturday = date(2026, 3, 7)
    assert add_working_days(saturday, 0, PLAIN) == saturday
    assert add_working_days(saturday, 1, PLAIN) == date(2026, 3, 9)


def test_a_year_not_yet_published_counts_plain_weekends_and_says_so() -> None:
    """未公布的年份只扣周六周日，并注明。"""
    assert PLAIN.is_published(2026)
    assert not PLAIN.is_published(2099)
    assert is_working_day(date(2099, 1, 1), PLAIN)
    assert not is_working_day(date(2099, 1, 3), PLAIN)


def test_a_city_may_close_a_day_or_open_one_of_its_own() -> None:
    own = Calendar(
        extra_holidays=frozenset({cast.MONDAY}), extra_work_days=frozenset({date(2026, 3, 1)})
    )
    assert not is_working_day(cast.MONDAY, own)
    assert is_working_day(date(2026, 3, 1), own)
    assert add_working_days(date(2026, 2, 28), 1, own) == date(2026, 3, 1)


def test_the_sample_city_closes_a_day_by_a_line_of_its_pack() -> None:
    with policy.in_pack("shanghai-sample"):
        theirs = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=cast.MONDAY))
    ours = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=cast.MONDAY))
    assert add_working_days(cast.MONDAY, 1, ours) == date(2026, 3, 3)
    assert add_working_days(cast.MONDAY, 1, theirs) == date(2026, 3, 4)


@given(st.dates(date(2010, 1, 1), date(2050, 1, 1)), st.integers(0, 60))
def test_counting_there_and_back_agrees(day: date, n: int) -> None:
    end = add_working_days(day, n, PLAIN)
    assert working_days_between(day, end, PLAIN) == n
    assert working_days_between(end, day, PLAIN) == -n
    assert n == 0 or is_working_day(end, PLAIN)
    assert end - day >= timedelta(days=0)


@pytest.mark.parametrize("n", [-1, 1001])
def test_a_count_that_no_promise_has_is_a_mistake_of_ours(n: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        add_working_days(cast.MONDAY, n, PLAIN)
