"""`onecard photo check --report`: a contact sheet, a table, JSON; it goes on where it stopped."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onecard.actions import photo as room
from onecard.cli.photo import app
from tests import pictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good file, one to mend, one that is none, and a name that would be markup or a formula."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(pictures.jpeg())
    (tmp_path / "in" / "b.jpg").write_bytes(pictures.jpeg(dpi=(72, 72)))
    (tmp_path / "in" / "=<b>c.jpg").write_bytes(b"<svg/>")
    return tmp_path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["check", *(str(argument) for argument in arguments)])


def test_a_sheet_shows_every_photo_with_its_reasons(folder: Path) -> None:
    """缩略图报告:每张照片、每个问题,中英文。"""
    done = run(folder / "in", "--jobs", 2, "--report", folder / "sheet.html")
    assert done.exit_code == 1
    text = (folder / "sheet.html").read_text()
    assert text.count("<article") == 3
    assert 'src="in/a.jpg"' in text
    assert "分辨率72" in text
    assert "<b>c" not in text
    assert "&lt;b&gt;c.jpg" in text


def test_a_table_has_a_line_for_each_finding(folder: Path) -> None:
    run(folder / "in", "--report", folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(row["code"] for row in rows) == ["", "F01", "F03"]
    dpi = next(row for row in rows if row["code"] == "F03")
    assert (dpi["measured"], dpi["unit"], dpi["allowed"]) == ("72", "dpi", "350")


def test_json_holds_every_check(folder: Path) -> None:
    """报告含每项的数值、单位、限值和结果。"""
    run(folder / "in", "--report", folder / "all.json")
    told = json.loads((folder / "all.json").read_text())
    good = next(one for one in told if one["file"].endswith("a.jpg"))
    assert len(good["checks"]) == 36
    assert {"code", "name", "unit", "measured", "allowed", "outcome"} <= set(good["checks"][0])


def test_a_report_goes_on_where_it_was_broken_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """中断后再次执行,从断点继续。"""
    looked: list[int] = []
    whole = room.look_over

    def breaks(**facts: Any) -> room.Judged:
        looked.append(len(facts["content"]))
        if len(looked) == 3:
            raise KeyboardInterrupt
        return whole(**facts)

    monkeypatch.setattr(room, "look_over", breaks)
    run(folder / "in", "--report", folder / "all.json")
    assert not (folder / "all.json").exists()
    run(folder / "in", "--report", folder / "all.json")
    assert len(json.loads((folder / "all.json").read_text())) == 3
    assert 3 < len(looked) < 6
    assert not list(folder.glob(".*journal"))


def test_a_report_of_no_known_kind_is_a_mistake_of_the_caller(folder: Path) -> None:
    assert run(folder / "in", "--report", folder / "x.pdf").exit_code == 2
