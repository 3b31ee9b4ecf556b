"""Which commits wait for the disk: all but those of bookkeeping that guards the next minutes."""

from __future__ import annotations

import pytest
from django.db import connection

from onecard.actions import _committing
from onecard.actions._committing import NORMAL

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
UNHURRIED = {"sqlite": NORMAL, "postgresql": "off"}


def manner() -> object:
    """How the engine would commit now."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION[connection.vendor])
        return cursor.fetchone()[0]


def test_an_unhurried_commit_waits_for_no_disk_and_the_next_one_does_again() -> None:
    """登记请求的提交不等落盘;此后照常落盘。"""
    usual = manner()
    with _committing.unhurried():
        assert manner() == UNHURRIED[connection.vendor]
    assert manner() == usual
    with _committing.at_once():
        assert manner() == usual
    assert usual != UNHURRIED[connection.vendor]


def test_the_manner_is_given_back_when_the_act_fails() -> None:
    usual = manner()
    with pytest.raises(ZeroDivisionError), _committing.unhurried():
        raise ZeroDivisionError
    assert manner() == usual
