"""The first two accounts of a new house, and nothing by default."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from onecard.cli.staff import app
from onecard.domain.authority import Role
from onecard.records.models import Staff

pytestmark = pytest.mark.django_db
ASKED = ["found", "--first", "wu=吴刚", "--second", "deng=邓洁"]


def test_a_new_house_has_no_account_until_two_people_are_named() -> None:
    """没有默认账号,由两名安全管理员起步。"""
    assert not Staff.objects.exists()
    done = CliRunner().invoke(app, ASKED)
    assert done.exit_code == 0, done.output
    assert {row.role for row in Staff.objects.all()} == {Role.SECURITY_ADMIN}
    passwords = {line.split("\t")[1] for line in done.stdout.splitlines()}
    assert len(passwords) == 2
    assert all(len(password) >= 12 for password in passwords)


def test_a_house_is_founded_once() -> None:
    CliRunner().invoke(app, ASKED)
    again = CliRunner().invoke(app, ASKED)
    assert again.exit_code == 1
    assert Staff.objects.count() == 2


@pytest.mark.parametrize("written", ["wu", "=吴刚", "wu="])
def test_a_name_without_a_person_is_not_taken(written: str) -> None:
    done = CliRunner().invoke(app, ["found", "--first", written, "--second", "deng=邓洁"])
    assert done.exit_code == 2
    assert not Staff.objects.exists()
