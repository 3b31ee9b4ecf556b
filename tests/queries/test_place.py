"""Where people are sent: public outlets before banks' branches, never a vault or a shop."""

from __future__ import annotations

import pytest

from onecard.domain.refusal import NotFound
from onecard.domain.stock import OutletKind
from onecard.queries import place
from onecard.records.models import Outlet

pytestmark = pytest.mark.django_db


def an_outlet(kind: OutletKind, name: str, district: str, bank: str = "") -> None:
    Outlet.objects.create(
        ref=f"out_{name}", kind=kind, name=name, district=district, bank=bank, address="演示路1号"
    )


def test_public_outlets_stand_before_banks_and_only_those_that_serve_people() -> None:
    """线上办不了的,先指向人社窗口和服务网点,再是银行网点。"""
    an_outlet(OutletKind.BANK, "甲支行", "天宁区", bank="icbc")
    an_outlet(OutletKind.SERVICE, "丙中心", "钟楼区")
    an_outlet(OutletKind.SERVICE, "乙中心", "天宁区")
    an_outlet(OutletKind.HR_COUNTER, "人社窗口", "钟楼区")
    an_outlet(OutletKind.VAULT, "库房", "天宁区")
    an_outlet(OutletKind.DIRECT, "直营网点", "天宁区")
    names = [one.name for one in place.serving_people()]
    assert names == ["乙中心", "丙中心", "人社窗口", "甲支行"]
    assert [one.name for one in place.serving_people(bank="icbc")] == ["甲支行"]


def test_a_place_nobody_knows_is_not_found() -> None:
    with pytest.raises(NotFound):
        place.one("out_nowhere")
