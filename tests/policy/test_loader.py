"""How figures are read: by the day, into the shape of the room that asks, or not at all."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from onecard import policy

FIGURE = """
[{key}]
title  = "试验"
unit   = "day"
values = [
  {values}
]
"""
VALUE = '{{ from = {day}, value = {value}, standing = "seed", source = "a test" }},'


@dataclass(frozen=True)
class Trial:
    """Two figures of this room and one of another."""

    days: int
    limit: int | None
    borrowed: str = field(metadata={"room": "other", "key": "name"})


def a_pack(folder: Path, values: str) -> str:
    other = FIGURE.format(key="name", values=VALUE.format(day="2021-06-22", value='"x"'))
    limit = FIGURE.format(key="limit", values=VALUE.format(day="2021-06-22", value='"none"'))
    days = FIGURE.format(key="days", values=values)
    (folder / "trial.toml").write_text(days + limit, encoding="utf-8")
    (folder / "other.toml").write_text(other, encoding="utf-8")
    return str(folder)


TWO = VALUE.format(day="2021-06-22", value=7) + VALUE.format(day="2027-01-01", value=10)


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2021, 6, 22), 7), (date(2026, 12, 31), 7), (date(2027, 1, 1), 10)],
)
def test_a_figure_changed_from_a_day_changes_the_answer_from_that_day(
    tmp_path: Path, day: date, days: int
) -> None:
    """数字从哪天改，答复从哪天变。"""
    with policy.in_pack(a_pack(tmp_path, TWO)):
        trial = policy.in_force("trial", Trial, on=day)
    assert trial == Trial(days=days, limit=None, borrowed="x")


def test_no_figure_in_force_is_a_stop_that_names_it(tmp_path: Path) -> None:
    with (
        policy.in_pack(a_pack(tmp_path, TWO)),
        pytest.raises(policy.NoFigureInForce, match=r"trial\.days on 2021-06-21") as stop,
    ):
        policy.in_force("trial", Trial, on=date(2021, 6, 21))
    assert (stop.value.room, stop.value.key) == ("trial", "days")


def test_a_figure_of_another_room_is_missed_under_its_own_name(tmp_path: Path) -> None:
    name = a_pack(tmp_path, TWO)
    (tmp_path / "other.toml").unlink()
    with policy.in_pack(name), pytest.raises(policy.NoFigureInForce, match=r"other\.name"):
        policy.in_force("trial", Trial, on=date(2026, 1, 1))


def test_the_wrong_sort_of_value_is_a_stop(tmp_path: Path) -> None:
    wrong = VALUE.format(day="2021-06-22", value='"seven"')
    with policy.in_pack(a_pack(tmp_path, wrong)), pytest.raises(Exception, match="Trial"):
        policy.in_force("trial", Trial, on=date(2026, 1, 1))


@pytest.mark.parametrize(
    "values",
    [
        VALUE.format(day="2027-01-01", value=1) + VALUE.format(day="2021-06-22", value=2),
        VALUE.format(day="2027-01-01", value=1) + VALUE.format(day="2027-01-01", value=2),
        '{ from = 2021-06-22, value = 1, standing = "hearsay", source = "x" },',
        '{ from = 2021-06-22, value = 1, standing = "seed" },',
        "",
    ],
)
def test_a_figure_out_of_order_or_without_a_source_is_refused(tmp_path: Path, values: str) -> None:
    with pytest.raises(ValueError, match="days"):
        policy.find_pack(a_pack(tmp_path, values))


def test_a_city_that_nobody_knows_is_answered_with_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match="changzhou"):
        policy.find_pack("atlantis")


def test_one_changed_byte_is_another_version(tmp_path: Path) -> None:
    """改一个字节，版本就不同。"""
    name = a_pack(tmp_path, TWO)
    before = policy.find_pack(name).version
    with (tmp_path / "other.toml").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    policy.find_pack.cache_clear()
    assert policy.find_pack(name).version != before
