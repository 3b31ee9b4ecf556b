"""`onecard client`: tokens and keys are shown once, lists show none, revoking is at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from typer.testing import CliRunner

from onecard.adapters.hsm.software import public_of
from onecard.cli.client import app
from onecard.records.models import ApiClient, PartnerKey

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Any:
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, list(arguments))


def added(*more: str) -> tuple[str, str]:
    """Client id and secret, as they are shown."""
    done = run("add", "ICBC core", "--as", "bank:icbc", *more)
    assert done.exit_code == 0, done.output
    client, secret = re.findall(r"^(?:client|secret) (\S+)$", done.output, re.MULTILINE)
    return client, secret


def test_a_bank_is_added_with_all_scopes_of_its_kind_and_its_secret_shown_once() -> None:
    """凭据只显示一次,平台不保存。"""
    client, secret = added("--webhook-host", "hooks.icbc.example.com")
    row = ApiClient.objects.get(ref=client)
    assert (row.bank, row.webhook_hosts) == ("icbc", ["hooks.icbc.example.com"])
    assert "card:loss.write" in row.scopes
    listed = run("list").output
    assert client in listed
    assert secret not in listed


def test_keys_are_given_and_revoked_one_by_one() -> None:
    client, _ = added()
    done = run("key", client)
    serial = re.findall(r"^serial (\S+)$", done.output, re.MULTILINE)[0]
    assert re.search(r"^key \S{44}$", done.output, re.MULTILINE)
    assert run("key", client, "--profile", "sm2", "--public-key", public_of(7)).exit_code == 0
    assert run("key", client, "--profile", "sm2", "--public-key", "04ab").exit_code == 1
    assert run("revoke", serial).exit_code == 0
    assert PartnerKey.objects.get(ref=serial).revoked_at is not None
    assert serial not in run("list").output


def test_a_revoked_client_is_ended() -> None:
    client, _ = added()
    assert run("revoke", client).exit_code == 0
    assert ApiClient.objects.get(ref=client).revoked_at is not None
    assert run("revoke", "cli_none").exit_code == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("--as", "bank:cmb"),
        ("--as", "hospital", "--scope", "card:loss.write"),
        ("--as", "bank:icbc", "--webhook-host", "127.0.0.1"),
        ("--as", "nobody"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(wrong: tuple[str, ...]) -> None:
    done = run("add", "x", *wrong)
    assert done.exit_code != 0
    assert ApiClient.objects.count() == 0


def test_an_outlets_own_system_gets_a_bearer_token() -> None:
    done = run("add", "outlet", "--as", "outlet_clerk", "--scope", "counter.write")
    assert re.search(r"^token ock_\S+$", done.output, re.MULTILINE)
