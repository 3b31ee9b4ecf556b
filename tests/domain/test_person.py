"""Ages at the boundary and guardians (rule book 0.3, 3.1)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import policy
from onecard.domain.application import ApplicationPolicy
from onecard.domain.person import (
    AgeReached,
    LeapDayBirthday,
    age_on,
    birthday,
    is_guardian_needed,
    must_have_guardian,
)
from tests import cast

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """A guardian as a form tells of one."""

    name: str = "王芳"
    document_number: str = cast.ADULT
    relation: str = "mother"


@pytest.fixture
def figures() -> ApplicationPolicy:
    return policy.in_force("application", ApplicationPolicy, on=cast.MONDAY)


@pytest.mark.rule("rule book 0.3, 27: boundary set")
@pytest.mark.parametrize("years", [7, 16, 18])
def test_an_age_is_reached_on_the_birthday_itself(years: int, figures: ApplicationPolicy) -> None:
    """满N周岁：生日当天即满。"""
    born_on = date(2010, 6, 22)
    day = date(2010 + years, 6, 22)
    assert age_on(born_on, day - A_DAY, figures) == years - 1
    assert age_on(born_on, day, figures) == years
    assert age_on(born_on, day + A_DAY, figures) == years


@pytest.mark.rule("rule book 0.3: born 29 Feb")
@pytest.mark.parametrize(("years", "day"), [(7, date(2027, 3, 1)), (16, date(2036, 2, 29))])
def test_a_leap_day_child_has_its_birthday_on_the_first_of_march(
    years: int, day: date, figures: ApplicationPolicy
) -> None:
    """2月29日出生的，平年3月1日满周岁。"""
    born_on = date(2020, 2, 29)
    assert birthday(born_on, years, figures) == day
    assert age_on(born_on, day - A_DAY, figures) == years - 1
    assert age_on(born_on, day, figures) == years


def test_another_city_may_count_the_leap_day_and_the_birthday_otherwise(
    figures: ApplicationPolicy,
) -> None:
    early = replace(figures, leap_day_birthday=LeapDayBirthday.FEBRUARY_28)
    late = replace(figures, age_reached_on=AgeReached.DAY_AFTER)
    assert birthday(date(2020, 2, 29), 7, early) == date(2027, 2, 28)
    assert birthday(date(2010, 6, 22), 7, late) == date(2017, 6, 23)


def test_a_century_year_without_leap_day_is_a_common_year(figures: ApplicationPolicy) -> None:
    assert birthday(date(2096, 2, 29), 4, figures) == date(2100, 3, 1)
    assert birthday(date(1996, 2, 29), 4, figures) == date(2000, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(0, 36500))
def test_nobody_grows_younger_or_older_than_the_calendar(born_on: date, days: int) -> None:
    figures = policy.in_force("application", ApplicationPolicy, on=cast.MONDAY)
    day = born_on + timedelta(days=days)
    age = age_on(born_on, day, figures)
    assert 0 <= age <= day.year - born_on.year
    assert age_on(born_on, day + A_DAY, figures) in {age, age + 1}
    assert birthday(born_on, age, figures) <= day < birthday(born_on, age + 1, figures)


def test_before_birth_the_age_is_negative(figures: ApplicationPolicy) -> None:
    assert age_on(date(2020, 5, 1), date(2020, 4, 30), figures) == -1


@pytest.mark.rule("rule book 3.1: guardian")
def test_a_guardian_is_needed_until_the_day_before_the_sixteenth_birthday(
    figures: ApplicationPolicy,
) -> None:
    """未满16周岁须填写监护人信息。"""
    born_on = date(2010, 3, 2)
    assert is_guardian_needed(born_on=born_on, on=cast.MONDAY - A_DAY, figures=figures)
    assert not is_guardian_needed(born_on=born_on, on=cast.MONDAY, figures=figures)


def test_what_is_missing_of_a_guardian_is_named(figures: ApplicationPolicy) -> None:
    child = cast.MONDAY.replace(year=2018)
    refusal = must_have_guardian(
        born_on=child, guardian=Told(relation=" "), on=cast.MONDAY, figures=figures
    )
    assert refusal is not None
    assert refusal.facts["missing"] == ("@person.guardian.relation",)
    complete = must_have_guardian(born_on=child, guardian=Told(), on=cast.MONDAY, figures=figures)
    assert complete is None


def test_proof_of_guardianship_is_asked_for_only_where_the_city_does(
    figures: ApplicationPolicy,
) -> None:
    strict = replace(figures, guardian_proof_required=True)
    child = cast.MONDAY.replace(year=2018)

    def answer(*, shown: bool) -> object:
        return must_have_guardian(
            born_on=child, guardian=Told(), on=cast.MONDAY, figures=strict, proof_shown=shown
        )

    assert answer(shown=True) is None
    assert answer(shown=False) is not None


def test_a_grown_up_needs_no_guardian(figures: ApplicationPolicy) -> None:
    grown = cast.MONDAY.replace(year=1990)
    assert must_have_guardian(born_on=grown, guardian=None, on=cast.MONDAY, figures=figures) is None
