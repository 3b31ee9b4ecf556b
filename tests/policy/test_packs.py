"""The figures of the cities: complete, dated, with standing and source; and what they say."""

import dataclasses
import importlib
import inspect
import pkgutil
from datetime import date, timedelta
from typing import Any

import pytest

from onecard import domain, policy
from onecard.policy.pack import STANDINGS
from tests import cast

FIRST_DAY = date(2021, 6, 22)
CHANGZHOU = policy.find_pack("changzhou")


def shapes() -> list[type[Any]]:
    """Every dataclass of figures on the ground floor."""
    found = []
    for module in pkgutil.walk_packages(domain.__path__, "onecard.domain."):
        for name, thing in inspect.getmembers(
            importlib.import_module(module.name), inspect.isclass
        ):
            holds_figures = name.endswith("Policy") or name == "Contacts"
            if holds_figures and thing.__module__ == module.name:
                found.append(thing)
    return found


def room_of(shape: type[Any], pack: policy.Pack) -> str:
    """The room whose file holds the fields that are not borrowed."""
    own = {f.name for f in dataclasses.fields(shape) if "room" not in f.metadata}
    rooms = [room for room in pack.rooms() if all((room, key) in pack.figures for key in own)]
    assert rooms, f"{shape.__name__}: no file of {pack.name} holds {sorted(own)}"
    return rooms[0]


@pytest.mark.parametrize("name", policy.pack_names())
def test_every_figure_says_who_said_it(name: str) -> None:
    """每个数字都有出处。"""
    for figure in policy.find_pack(name):
        assert figure.title, figure.key
        assert figure.unit, figure.key
        for value in figure.values:
            assert value.standing in STANDINGS
            assert value.source, figure.key
            assert value.since >= FIRST_DAY
        for loser in figure.also:
            assert {"value", "standing", "source"} <= set(loser), figure.key


def test_every_city_answers_the_same_questions() -> None:
    packs = [set(policy.find_pack(name).figures) for name in policy.pack_names()]
    assert len(packs) == 2
    assert packs[0] == packs[1]


@pytest.mark.parametrize("name", policy.pack_names())
@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: str(shape.__name__))
def test_every_shape_of_the_rules_is_filled_by_every_city(shape: type[Any], name: str) -> None:
    """一个城市就是一份数据。"""
    pack = policy.find_pack(name)
    with policy.in_pack(name):
        filled = policy.in_force(room_of(shape, pack), shape, on=cast.MONDAY)
    assert dataclasses.asdict(filled)


@pytest.mark.parametrize("name", policy.pack_names())
@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: str(shape.__name__))
def test_before_the_first_issue_no_figure_is_in_force(shape: type[Any], name: str) -> None:
    """2021年6月22日之前没有数字可用，不猜。"""
    room = room_of(shape, policy.find_pack(name))
    with policy.in_pack(name), pytest.raises(policy.NoFigureInForce, match="2021-06-21"):
        policy.in_force(room, shape, on=FIRST_DAY - timedelta(days=1))


@pytest.mark.parametrize("name", policy.pack_names())
def test_every_figure_is_in_force_today_and_none_before_the_first_issue(name: str) -> None:
    for figure in policy.find_pack(name):
        assert figure.on(cast.MONDAY) is not None, figure.key
        assert figure.on(FIRST_DAY - timedelta(days=1)) is None, figure.key


@pytest.mark.rule("rule book 26")
@pytest.mark.parametrize(
    ("room", "key", "value", "standing"),
    [
        ("loss", "temporary_valid_days", 7, "provincial"),
        ("topup", "balance_cap_fen", 100_000, "seed"),
        ("photo", "required_from_age", 7, "seed"),
        ("photo", "width_px", 358, "seed"),
        ("photo", "height_px", 441, "seed"),
        ("photo", "dpi", 350, "seed"),
        ("photo", "bit_depth", 24, "seed"),
        ("photo", "min_kb", 15, "seed"),
        ("photo", "max_kb", 100, "seed"),
        ("photo", "size_strict", True, "assumption"),
        ("documents", "household_register_below_age", 16, "seed"),
        ("documents", "accept_social_security_card", False, "seed"),
        ("application", "guardian_below_age", 16, "assumption"),
        ("application", "agent_letter_required", False, "provincial"),
        ("production", "instant_working_days", 0, "provincial"),
        ("production", "batch_target_working_days", 7, "other_city"),
        ("production", "batch_limit_working_days", 30, "national"),
        ("delivery", "postage", "collect", "seed"),
        ("delivery", "postage_shown_fen", None, "assumption"),
        ("card", "validity_years", 10, "national"),
        ("card", "renewal_window_days", 60, "national"),
        ("card", "hr_pin_max_tries", 6, "other_city"),
        ("loss", "formal_outlet_scope", "city", "seed"),
        ("loss", "withdraw_after_replacement", False, "provincial"),
        ("replacement", "online_exchange", False, "seed"),
        ("fees", "card_fee_first_fen", 0, "city"),
        ("fees", "card_fee_replacement_fen", 0, "city"),
        ("refund", "unreadable_wait_working_days", 7, "other_city"),
        ("medical_filing", "temporary_months", 6, "national"),
        ("e_card", "relatives_max", 8, "other_city"),
        ("contacts", "transit_hotline", None, "assumption"),
        ("contacts", "direct_outlets", (), "assumption"),
        ("security", "log_retention_days", 400, "assumption"),
    ],
)
def test_what_this_city_says_and_on_whose_word(
    room: str, key: str, value: object, standing: str
) -> None:
    figure = CHANGZHOU.figures[room, key].on(cast.MONDAY)
    assert figure is not None
    assert (figure.value, figure.standing) == (value, standing)


@pytest.mark.rule("rule book 32")
@pytest.mark.parametrize(
    ("room", "key", "value"),
    [("topup", "balance_cap_fen", 20_000), ("loss", "temporary_valid_days", 5)],
)
def test_another_city_says_other_figures(room: str, key: str, value: int) -> None:
    figure = policy.find_pack("shanghai-sample").figures[room, key].on(cast.MONDAY)
    assert figure is not None
    assert (figure.value, figure.standing) == (value, "other_city")


def test_figures_that_lost_against_a_better_source_are_kept_beside_the_winner() -> None:
    """被取代的说法保留在旁边。"""
    also = {loser["value"] for loser in CHANGZHOU.figures["loss", "temporary_valid_days"].also}
    assert {5, 10, 15} <= also


def test_logs_are_kept_longer_than_the_law_asks() -> None:
    kept = CHANGZHOU.figures["security", "log_retention_days"].on(cast.MONDAY)
    least = CHANGZHOU.figures["security", "log_retention_days_min"].on(cast.MONDAY)
    assert kept is not None
    assert least is not None
    assert kept.value >= least.value == 184
