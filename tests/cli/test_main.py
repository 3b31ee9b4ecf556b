"""The command line: it answers help at once, and imports only what was asked for."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onecard.cli.main import COMMANDS, command_line

ONECARD = [sys.executable, "-m", "onecard.cli.main"]


def onecard(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(command_line(words[0]), list(words), input=given)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.module], ids=lambda c: c.name)
def test_every_command_of_the_help_exists(command: object) -> None:
    assert importlib.util.find_spec(command.module) is not None  # type: ignore[attr-defined]


def test_help_names_every_command_and_prepares_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [*ONECARD, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"ONECARD_HOME": str(tmp_path / "home"), "PATH": "", "COLUMNS": "100"},
    )
    for command in COMMANDS:
        assert command.name in run.stdout
    assert not (tmp_path / "home").exists()


def test_django_s_own_commands_are_handed_over(tmp_path: Path) -> None:
    run = subprocess.run(
        [*ONECARD, "django", "migrate", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"ONECARD_HOME": str(tmp_path), "PATH": "", "DATABASE_URL": ""},
    )
    assert "onecard django migrate" in run.stdout


def test_nobody_else_on_the_machine_reads_what_a_command_writes(tmp_path: Path) -> None:
    """数据文件只有本系统自己能读。"""
    home = tmp_path / "home"
    subprocess.run(
        [*ONECARD, "migrate"],
        capture_output=True,
        check=True,
        env={"ONECARD_HOME": str(home), "PATH": "", "DATABASE_URL": ""},
    )
    written = [home, *home.rglob("*")]
    assert home / "onecard.sqlite3" in written
    assert not [path for path in written if path.stat().st_mode & 0o077]


@pytest.mark.rule("issue A: shown by")
def test_a_right_number_exits_nought_with_valid_true() -> None:
    result = onecard("id", "check", "11010519491231002X", "--json")
    assert result.exit_code == 0
    assert '"valid": true' in result.stdout
    assert json.loads(result.stdout)["kind"] == "resident_id"


@pytest.mark.rule("issue A: shown by")
def test_a_wrong_number_exits_one_and_names_the_expected_check_character() -> None:
    """校验位不对时说出应为哪一位。"""
    result = onecard("id", "check", "110105194912310021", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    (finding,) = answer["findings"]
    assert finding["code"] == "documents.check_digit"
    assert finding["allowed"] == {"expected": "X"}
    assert "X" in finding["message_zh"]
    assert "X" in finding["message_en"]


def test_no_answer_shows_the_whole_number() -> None:
    """输出只显示首尾各一位。"""
    for words in (["--json"], []):
        for number in ("11010519491231002X", "110105194912310021"):
            assert number not in onecard("id", "check", number, *words).output


def test_a_number_may_come_by_the_pipe_so_that_no_history_keeps_it() -> None:
    result = onecard("id", "check", "-", given="91110000600037341L\n")
    assert result.exit_code == 0
    assert "统一社会信用代码" in result.output


def test_a_kind_may_be_told() -> None:
    assert onecard("id", "check", "E12345678", "--kind", "passport").exit_code == 0
    assert onecard("id", "check", "E12345678", "--kind", "resident_id").exit_code == 1
    assert onecard("id", "check", "E12345678", "--kind", "library_card").exit_code == 2


@pytest.mark.rule("issue A: shown by")
def test_assumptions_name_the_seven_days_and_the_cap_with_their_standing() -> None:
    lines = onecard("assumptions").output.splitlines()
    seven = next(line for line in lines if "loss.temporary_valid_days" in line)
    cap = next(line for line in lines if "topup.balance_cap_fen" in line)
    assert "provincial" in seven
    assert "= 7 day" in seven
    assert "seed" in cap
    assert "100000" in cap
    assert lines.index(seven) < lines.index(cap)


def test_assumptions_as_json_tell_what_waits_and_what_others_say() -> None:
    told = json.loads(onecard("assumptions", "--json").output)
    by_name = {(figure["room"], figure["key"]): figure for figure in told["figures"]}
    days = by_name["loss", "temporary_valid_days"]
    assert (days["value"], days["standing"], days["waits"]) == (7, "provincial", True)
    assert {loser["value"] for loser in days["also"]} >= {5, 10, 15}
    assert by_name["topup", "balance_cap_fen"]["waits"] is False
    assert told["waiting"] == sum(figure["waits"] for figure in told["figures"])
    assert [f["waits"] for f in told["figures"]] == sorted(
        (f["waits"] for f in told["figures"]), reverse=True
    )


def test_another_city_is_another_list() -> None:
    told = json.loads(onecard("assumptions", "--city", "shanghai-sample", "--json").output)
    assert told["city"] == "shanghai-sample"
    missing = onecard("assumptions", "--city", "atlantis")
    assert missing.exit_code == 2
    assert "changzhou" in missing.output
