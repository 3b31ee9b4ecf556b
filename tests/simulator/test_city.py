"""The demo city: the same seed and day give the same city, and everybody in it is fictional."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from onecard.adapters.pace import OF_A_DEMO
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import simulated_partners
from onecard.domain import identity
from onecard.domain.application import ApplicationKind
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass
from onecard.domain.production import OPEN, ProductionState
from onecard.queries import demo
from onecard.records.models import (
    Application,
    AuditRow,
    Card,
    Notification,
    Person,
    Staff,
)
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.simulator import city
from onecard.simulator.cast import cast as make_cast
from onecard.simulator.plan import plan
from onecard.simulator.population import Registry, crowd
from tests import cast

pytestmark = pytest.mark.xdist_group("city")
SEED = 7
seen: dict[str, list[tuple[str, ...]]] = {}


def _now() -> datetime:
    """The clock of whichever world is in force when a partner asks."""
    return world().clock.now()


def loaded() -> list[tuple[str, ...]]:
    """Load the city; every application as people could tell them apart."""
    played = simulated_partners(state_folder=None, now=_now, seed=SEED, pace=OF_A_DEMO)
    with in_partners(played):
        steps = list(city.load(at=cast.MONDAY_9AM, seed=SEED))
    assert steps[-1].share == 1.0
    rows = Application.objects.select_related("person").order_by("number")
    return [(row.number, row.ref, row.person.name, row.state.value) for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_same_seed_and_day_give_the_same_city(time: str) -> None:
    """同一种子、同一基准日,城市完全相同。"""
    seen[time] = loaded()
    assert seen[time] == seen["first"]
    assert len(seen[time]) > 30


@pytest.mark.django_db
def test_the_city_has_somebody_in_every_situation_and_leaves_nothing_undone() -> None:
    """演示城市:各类人员、各种办理状态都有。"""
    loaded()
    states = Counter(row.state for row in Application.objects.all())
    assert {
        ProductionState.AT_OUTLET,
        ProductionState.COLLECTED,
        ProductionState.POSTED,
        ProductionState.BANK_FAILED,
        ProductionState.SUBMITTED,
    } <= set(states)
    hr = Counter(card.hr_state for card in Card.objects.filter(generation=3))
    assert hr[HrState.SEALED] > 3
    assert hr[HrState.NORMAL] > 3
    assert hr[HrState.TEMPORARY_LOSS] == 1
    assert hr[HrState.FORMAL_LOSS] == 3
    told = Notification.objects.filter(key="notification.benefit.may_bounce")
    assert [row.person.demo for row in told] == ["enabled"]
    lost = {card.person.demo: card for card in Card.objects.exclude(loss_version=0)}
    assert lost["lost_formal"].financial_state is FinancialState.FORMAL_LOSS
    assert lost["lost_online"].financial_state is FinancialState.ACTIVATED
    replacement = Application.objects.get(kind=ApplicationKind.REPLACEMENT)
    assert replacement.predecessor_id == lost["replacing"].ref
    assert replacement.state in OPEN
    assert {row.demo for row in Person.objects.exclude(demo="")} == set(plan().cast) | {
        "new_permit",
        "old_permit",
    }
    assert Staff.objects.exclude(demo="").count() == len(plan().staff)
    assert not AuditRow.objects.filter(code__startswith="request.").exists()
    assert demo.standing() is demo.Standing.WHOLE
    assert demo.demo_sign_ins()


def test_nobody_in_the_city_is_real_and_every_number_is_right() -> None:
    """演示号码只用未启用的县码320499,校验全部正确。"""
    registry = Registry(SEED, cast.MONDAY)
    roles = make_cast(registry, plan().cast)
    everybody = [role.who for role in roles] + crowd(registry, 300)
    numbers = [who.person.identity_number for who in everybody]
    assert len(set(numbers)) == len(numbers) >= 300
    for who in everybody:
        checked = identity.check(who.person.identity_number, on=cast.MONDAY)
        assert checked.valid, who
        if who.person.applicant_class is ApplicantClass.MAINLAND:
            assert who.person.identity_number.startswith("320499")


def test_the_birthdays_of_the_cast_fall_on_the_boundaries() -> None:
    """年龄边界的人,生日正好在边界上。"""
    registry = Registry(SEED, cast.MONDAY)
    born = {role.key: role.who.person.born_on for role in make_cast(registry, plan().cast)}
    today = local_day(cast.MONDAY_9AM)
    assert born["seven_today"] == today.replace(year=today.year - 7)
    assert born["sixteen_today"] == today.replace(year=today.year - 16)
    assert born["fifteen"] == (today + timedelta(days=1)).replace(year=today.year - 16)
