"""`onecard batch make|export|import`, as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onecard.adapters.simulation import SimulatedPartners
from onecard.cli.main import command_line
from onecard.domain.exchange import CARD_VENDOR
from onecard.domain.production import ProductionState
from onecard.records.models import AuditRow, ExchangeFile
from tests.production import a_person, again, an_accepted, partners_of_software

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def partners() -> Iterator[SimulatedPartners]:
    with partners_of_software() as ready:
        yield ready


def batch(*words: object) -> Result:
    return CliRunner().invoke(command_line("batch"), ["batch", *map(str, words)])


def carried_to(partners: SimulatedPartners, partner: str, folder: Path) -> list[Path]:
    """Somebody carries the files over to the partner, and brings the answers back."""
    inside = partners.simulation
    box = inside.card_vendor if partner == CARD_VENDOR else inside.banks[partner]
    for file in sorted(folder.iterdir(), key=lambda one: "portraits" not in one.name):
        if file.name.startswith(partner):
            box.send_file(file.name, file.read_bytes())
    answers = []
    for answer in box.fetch_files():
        (folder / answer.name).write_bytes(answer.content)
        box.acknowledge_file(answer.name)
        answers.append(folder / answer.name)
    return answers


def test_a_card_is_made_by_files_that_are_carried_by_hand(
    partners: SimulatedPartners, tmp_path: Path
) -> None:
    """全程用文件:成批、报银行、导入、报卡商、导入。"""
    application = an_accepted(a_person())
    made = json.loads(batch("make", "--json").stdout)
    assert [(one["bank"], one["size"]) for one in made] == [("icbc", 1)]
    assert "Nobody" in batch("make").stdout
    for partner in ("icbc", CARD_VENDOR):
        assert batch("export", made[0]["number"], "-o", tmp_path, "--carried").exit_code == 0
        result = batch("import", *carried_to(partners, partner, tmp_path), "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout)[0]["recorded"] == 1
    assert again(application).state is ProductionState.MADE
    assert ExchangeFile.objects.filter(direction="out", sent_at=None).count() == 0
    assert AuditRow.objects.filter(act="production.export_file").count() == 2


def test_an_unsent_file_is_written_again_with_the_same_bytes(tmp_path: Path) -> None:
    """未发出的文件再次导出,字节相同。"""
    an_accepted(a_person())
    batch("make")
    written = []
    for folder in ("one", "two"):
        assert batch("export", "--out", tmp_path / folder).exit_code == 0
        written.append([file.read_bytes() for file in (tmp_path / folder).iterdir()])
    assert written[0] == written[1]
    assert len(written[0]) == 1


def test_a_refused_file_exits_one_and_names_its_line_while_the_others_are_imported(
    partners: SimulatedPartners, tmp_path: Path
) -> None:
    """一份文件损坏:指出哪一行,退出码 1;其他文件照常导入。"""
    people = [an_accepted(a_person(2)), an_accepted(a_person(4), bank="ccb")]
    batch("make")
    batch("export", "-o", tmp_path, "--carried")
    (bad,) = carried_to(partners, "icbc", tmp_path)
    (good,) = carried_to(partners, "ccb", tmp_path)
    bad.write_bytes(bad.read_bytes().replace(b"OK", b"OJ"))
    result = batch("import", bad, good)
    assert result.exit_code == 1
    assert "第3行" in result.stdout
    assert "Line 3" in result.stdout
    assert again(people[0]).state is ProductionState.AT_BANK
    assert again(people[1]).state is ProductionState.ACCOUNT_OPENED
    as_json = json.loads(batch("import", bad, "--json").stdout)
    assert (as_json[0]["refused"], as_json[0]["line"]) == ("exchange.damaged", 3)


def test_importing_a_file_again_changes_nothing_and_exits_nought(
    partners: SimulatedPartners, tmp_path: Path
) -> None:
    """再次导入同一文件,没有变化,退出码 0。"""
    an_accepted(a_person())
    batch("make")
    batch("export", "-o", tmp_path, "--carried")
    (file,) = carried_to(partners, "icbc", tmp_path)
    first, second = (batch("import", file, "--json") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    known = json.loads(second.stdout)[0]
    assert known["notice"] == "exchange.already_imported"
    assert {**known, "notice": ""} == json.loads(first.stdout)[0]


def test_lines_that_were_set_aside_exit_three(partners: SimulatedPartners, tmp_path: Path) -> None:
    """有记录不符:退出码 3。"""
    application = an_accepted(a_person())
    batch("make")
    batch("export", "-o", tmp_path, "--carried")
    (file,) = carried_to(partners, "icbc", tmp_path)
    application.number = "260300000000000"
    application.save(update_fields=["number"])
    assert batch("import", file).exit_code == 3


def test_an_unknown_batch_is_answered_with_the_newest_ones() -> None:
    """批次号不对:列出最近的批次。"""
    an_accepted(a_person())
    batch("make")
    result = batch("export", "B0")
    assert result.exit_code == 1
    assert "B20260302-0001" in result.stdout


def test_files_are_also_handed_over_by_wire(tmp_path: Path) -> None:
    """导出的同时由系统发送。"""
    an_accepted(a_person())
    batch("make")
    assert "sent 1" in batch("export", "-o", tmp_path, "--send").stdout


def test_the_help_teaches_the_order_of_the_work() -> None:
    """帮助说清先后次序。"""
    text = batch("--help").stdout
    assert text.index("make") < text.index("export")
    assert "opens the accounts" in " ".join(text.split())
