"""Kinds, classes, roles, channels, states and events have names that people read."""

from enum import Enum

import pytest

from onecard import policy, words
from onecard.domain.application import (
    ApplicationKind,
    ApplicationPolicy,
    AppliedBy,
    Collection,
    MakingMode,
)
from onecard.domain.authority import Channel, Role
from onecard.domain.channels import Matter
from onecard.domain.delivery import DeliveryEvent, DeliveryState
from onecard.domain.documents import DocumentKind, EmployerPaper
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import HrEvent, HrState
from onecard.domain.identity import NumberKind
from onecard.domain.identity.kinds import Why
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionEvent, ProductionState
from onecard.domain.transit_purse import TransitEvent, TransitState
from onecard.policy.pack import STANDINGS
from tests import cast

NAMED = {
    "application.applied_by": AppliedBy,
    "application.collection": Collection,
    "application.kind": ApplicationKind,
    "application.making_mode": MakingMode,
    "authority.role": Role,
    "channels.act": Matter,
    "channels.channel": Channel,
    "delivery.event": DeliveryEvent,
    "delivery.state": DeliveryState,
    "documents.kind": DocumentKind,
    "documents.paper": EmployerPaper,
    "financial_function.event": FinancialEvent,
    "financial_function.state": FinancialState,
    "hr_function.event": HrEvent,
    "hr_function.state": HrState,
    "identity.kind": NumberKind,
    "identity.why": Why,
    "person.class": ApplicantClass,
    "person.sex": Sex,
    "production.event": ProductionEvent,
    "production.state": ProductionState,
    "transit_purse.event": TransitEvent,
    "transit_purse.state": TransitState,
}
MEMBERS = [(stem, member) for stem, enum in NAMED.items() for member in enum]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(("stem", "member"), MEMBERS, ids=str)
def test_every_member_has_a_name(stem: str, member: Enum, language: str) -> None:
    assert words.text(f"{stem}.{member.value}", language)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_occupation_of_every_city_has_a_name(language: str) -> None:
    for pack in policy.pack_names():
        with policy.in_pack(pack):
            figures = policy.in_force("application", ApplicationPolicy, on=cast.MONDAY)
        for code in figures.occupations:
            assert words.text(f"application.occupation.{code}", language)
        for group in figures.home_service_for:
            assert words.text(f"application.person_group.{group}", language)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_standing_of_a_figure_has_words(language: str) -> None:
    for standing in STANDINGS:
        assert words.text(f"figures.standing.{standing}", language)
