"""`onecard purse explain`: a balance for people, as JSON, and as a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from onecard.cli.purse import app
from onecard.records.models import PurseAccount
from tests.actions.refund.test_refund import used
from tests.chip.desk import a_card
from tests.topping_up import Phone, keys, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def purse() -> PurseAccount:
    """A purse that was topped up once."""
    card = a_card()
    row = used(card)
    with keys():
        Phone(card).top_up(paid(row))
    return row


def run(*words: str) -> tuple[int, str]:
    """Exit code and output."""
    done = CliRunner().invoke(app, ["explain", *words])
    return done.exit_code, done.output


def test_a_balance_is_told_to_people_in_both_languages(purse: PurseAccount) -> None:
    """命令行逐笔说明,中英文。"""
    code, said = run(purse.ref)
    assert (code, "充值" in said, "100.00" in said) == (0, True, True)
    assert "Top-up" in run(purse.ref, "--language", "en")[1]


def test_json_and_csv_hold_every_line_and_their_sum(purse: PurseAccount) -> None:
    """导出 JSON、CSV,合计等于余额。"""
    told = json.loads(run(purse.ref, "--json")[1])
    assert sum(line["by_fen"] for line in told["lines"]) == told["balance_fen"] == 10000
    rows = list(csv.reader(io.StringIO(run(purse.ref, "--csv")[1])))
    assert [row[4] for row in rows[1:]] == ["50.00", "50.00"]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_what_nobody_can_explain_fails_the_command(purse: PurseAccount) -> None:
    """原因不明:退出码 1。"""
    PurseAccount.objects.update(shadow_balance_fen=10001)
    code, said = run(purse.ref)
    assert (code, "原因不明" in said) == (1, True)


def test_bad_input_says_what_is_missing() -> None:
    """没有指明账户或指明了不存在的:写明。"""
    assert run()[0] == 2
    assert run("pur_nowhere")[0] == 2
    assert run("--person", "per_nobody")[0] == 2
