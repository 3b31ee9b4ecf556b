"""`onecard photo check` and `onecard photo fix`, as programs and people use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from typer.testing import CliRunner

from onecard.cli import progress
from onecard.cli.photo import app
from tests import pictures


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def told(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, [*(str(argument) for argument in arguments), "--json"])
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: one that passes, one that can be mended, one that has to be taken again."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "good.jpg").write_bytes(pictures.jpeg())
    (tmp_path / "inside" / "phone.JPG").write_bytes(pictures.turned(6, (1432, 1764)))
    (tmp_path / "page.jpg").write_bytes(b"<svg/>")
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_a_good_file_exits_zero(folder: Path) -> None:
    code, output = run("check", folder / "good.jpg")
    assert code == 0
    assert "PASS" in output


def test_the_json_is_a_list_with_one_object_per_file(folder: Path) -> None:
    """约定：每个文件一项，含 file、verdict、findings。"""
    code, files = told("check", folder / "good.jpg", folder / "page.jpg")
    assert code == 1
    assert [(Path(one["file"]).name, one["verdict"]) for one in files] == [
        ("good.jpg", "PASS"),
        ("page.jpg", "RETAKE"),
    ]
    assert files[0]["findings"] == []
    (finding,) = files[1]["findings"]
    assert finding == {
        "code": "F01",
        "name": "format",
        "refusal": "photo.format",
        "outcome": "RETAKE",
        "measured": "SVG",
        "allowed": "JPEG",
        "fixable": False,
        "message_zh": "文件是SVG，应为完整的JPEG图像。请另存为JPG后重新上传。",
        "message_en": "The file is SVG; it must be a complete JPEG picture."
        " Save it as JPG and upload it again.",
        "remedy_zh": "请另存为JPG后重新上传",
        "remedy_en": "Save it as JPG and upload it again",
    }


def test_every_defect_is_told_at_once(tmp_path: Path) -> None:
    """一次说全：尺寸、分辨率、大小、颜色、方向、编码、压缩、附加信息。"""
    worst = pictures.jpeg(
        pictures.upright((882, 716)).convert("CMYK"),
        dpi=(72, 72),
        progressive=True,
        quality=3,
        exif=pictures.exif(orientation=6, gps=True),
    )
    (tmp_path / "worst.jpg").write_bytes(worst)
    _, (file,) = told("check", tmp_path / "worst.jpg")
    assert [finding["code"] for finding in file["findings"]] == [
        f"F0{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9)
    ]
    assert [finding["fixable"] for finding in file["findings"]].count(False) == 1
    assert file["verdict"] == "HUMAN"


def test_a_folder_is_searched_for_pictures_and_nothing_else(folder: Path) -> None:
    _, files = told("check", folder)
    assert [Path(one["file"]).name for one in files] == ["good.jpg", "phone.JPG", "page.jpg"]


def test_the_partner_door_has_smaller_limits_and_no_fixer(folder: Path) -> None:
    (folder / "large.jpg").write_bytes(pictures.jpeg(pictures.upright((2100, 2100)), quality=50))
    _, (here,) = told("check", folder / "large.jpg")
    _, (there,) = told("check", folder / "large.jpg", "--as-it-is")
    assert here["verdict"] == "FIXABLE"
    assert [finding["code"] for finding in there["findings"]] == ["IMG_PIXELS"]


@pytest.mark.parametrize("arguments", [["check"], ["check", "/nowhere.jpg"], ["fix"]])
def test_a_wrong_command_says_so_and_exits_two(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_folder_without_pictures_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    assert run("check", tmp_path)[0] == 2


def test_a_file_that_can_be_mended_is_written_and_passes(folder: Path) -> None:
    out = folder / "out" / "portrait.jpg"
    original = folder / "inside" / "phone.JPG"
    before = original.read_bytes()
    code, (file,) = told("fix", original, "-o", out)
    assert (code, file["verdict"], file["output"]) == (0, "PASS", str(out))
    assert [edit["kind"] for edit in file["edits"]] == ["turn", "scale", "encode"]
    assert file["edits"][0]["message_zh"] == "顺时针旋转90度"
    assert file["before"]["verdict"] == "FIXABLE"
    assert original.read_bytes() == before
    assert told("check", out)[0] == 0
    assert [entry.name for entry in out.parent.iterdir()] == ["portrait.jpg"]


def test_a_file_that_passes_comes_back_byte_for_byte(folder: Path) -> None:
    """合格文件逐字节原样返回。"""
    code, (file,) = told("fix", folder / "good.jpg", "-o", folder / "same.jpg")
    assert (code, file["edits"]) == (0, [])
    assert (folder / "same.jpg").read_bytes() == (folder / "good.jpg").read_bytes()


@pytest.mark.parametrize(
    ("content", "verdict"),
    [(b"<svg/>", "RETAKE"), (pictures.jpeg(quality=10), "HUMAN")],
)
def test_what_cannot_be_mended_is_not_written(tmp_path: Path, content: bytes, verdict: str) -> None:
    (tmp_path / "bad.jpg").write_bytes(content)
    code, (file,) = told("fix", tmp_path / "bad.jpg", "-o", tmp_path / "out.jpg")
    assert (code, file["verdict"], file["output"]) == (1, verdict, None)
    assert not (tmp_path / "out.jpg").exists()


def test_a_folder_is_mended_into_a_folder(folder: Path, tmp_path: Path) -> None:
    code, files = told("fix", folder, "-o", tmp_path / "out")
    assert code == 1
    assert [file["verdict"] for file in files] == ["PASS", "PASS", "RETAKE"]
    written = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*"))
    assert written == ["good.jpg", "inside/phone.jpg"]


def test_the_original_is_never_overwritten(folder: Path) -> None:
    before = (folder / "good.jpg").read_bytes()
    assert run("fix", folder / "good.jpg", "-o", folder / "good.jpg")[0] == 2
    assert run("fix", folder, "-o", folder)[0] == 2
    assert (folder / "good.jpg").read_bytes() == before


def test_people_read_both_languages_and_what_was_not_checked(folder: Path) -> None:
    _, output = run("check", folder)
    assert "请另存为JPG后重新上传" in output
    assert "Save it as JPG" in output
    assert "检查了文件和人像" in output
    assert "没有检查人像" in run("check", folder, "--file-only")[1]
    assert "PASS 1" in output


def test_checking_needs_no_database_and_leaves_none(tmp_path: Path) -> None:
    """检查照片不需要数据库。"""
    (tmp_path / "good.jpg").write_bytes(pictures.jpeg())
    home = tmp_path / "home"
    command = [sys.executable, "-m", "onecard.cli.main", "photo", "check", "good.jpg", "--json"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "ONECARD_HOME": str(home), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout)[0]["verdict"] == "PASS"
    assert not list(home.rglob("*.sqlite3"))


def test_a_hundred_files_are_checked_in_less_than_ten_seconds(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number:03}.jpg").write_bytes(pictures.jpeg())
    begun = monotonic()
    code, files = told("check", tmp_path)
    assert (code, len(files)) == (0, 100)
    assert monotonic() - begun < 10


def test_a_bar_appears_only_when_patience_is_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """超过两秒才显示进度，且只在错误流上。"""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert list(progress.steps([1, 2, 3], "work")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", -1)
    assert list(progress.steps([1, 2, 3], "work")) == [1, 2, 3]
    out, err = capsys.readouterr()
    assert out == ""
    assert "work" in err
