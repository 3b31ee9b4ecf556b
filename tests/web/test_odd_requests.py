"""Requests no page of ours makes: answered like an absent page, never with an error of ours."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from onecard import words
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Role
from tests import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(city: SimulatedPartners) -> Client:  # noqa: ARG001
    """A clerk at the desk of the outlet in Tianning."""
    return staff.at_the_desk(Role.OUTLET_CLERK)


@pytest.mark.parametrize("path", ["/photo", "/sign-in/", "/apply/check", "/office/batches/take-in"])
def test_a_body_larger_than_any_form_is_turned_away_unread(client: Client, path: str) -> None:
    """超大内容不读取、不保存，直接说明。"""
    answer = client.generic(
        "POST",
        path,
        b"never read",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(settings.LARGEST_BODY_BYTES + 1),
    )
    assert answer.status_code == 413
    assert words.text("common.failure.too_large.next") in answer.content.decode()
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize("what", ["burn", "receive ", "__class__", "收货"])
def test_a_move_of_stock_that_does_not_exist_is_an_absent_page(clerk: Client, what: str) -> None:
    """没有这个动作的网址，按没有这个页面回答。"""
    assert clerk.post(f"/counter/stock/{what}").status_code == 404


@pytest.mark.parametrize(
    ("what", "typed"),
    [
        ("spoil", {"serial": "NOPE1", "reason": "damaged"}),
        ("arrived", {"first": "NOPE1", "last": "NOPE2"}),
    ],
)
def test_a_serial_that_is_not_in_the_drawer_is_said_beside_its_box(
    clerk: Client, what: str, typed: dict[str, str]
) -> None:
    """扫错卡号时说明查不到，不是没有这个页面。"""
    sent = {f"{what}-{name}": value for name, value in typed.items()}
    answer = clerk.post(f"/counter/stock/{what}", sent)
    assert answer.status_code == 422
    assert "本网点没有这张空白卡" in answer.content.decode()
    assert "NOPE1" in answer.content.decode()
