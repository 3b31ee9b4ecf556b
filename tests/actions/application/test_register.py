"""Cards the province's register names: kept here, followed there, two in use never applied."""

from dataclasses import replace
from datetime import date

import pytest

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.records.models import Application, Card, Discrepancy, Transition
from tests.actions.application import people
from tests.actions.application.people import CARD_OF_SUZHOU, HOLDER, OLDER_CARD, refused

pytestmark = pytest.mark.django_db

NUMBER = "320499199201010010"


def test_a_card_cancelled_in_the_register_is_cancelled_here_and_makes_room(
    province: SimulatedPartners,
) -> None:
    """省库注销的卡,本地随之注销,可首次申请。"""
    people.at_desk(HOLDER)
    province.simulation.hr_database.set_state(
        message_id="m1", card_number=OLDER_CARD.card_number, state=HrState.CANCELLED
    )
    receipt = people.accepted_at_counter(HOLDER)
    card = Card.objects.get(person=receipt.person)
    assert card.hr_state is HrState.CANCELLED
    step = Transition.objects.get(card=card)
    assert (step.from_state, step.to_state, step.reason) == ("normal", "cancelled", "register")


def test_a_card_of_ours_is_not_changed_by_an_older_word_of_the_register(
    province: SimulatedPartners,
) -> None:
    """本市制作的卡,以本地状态为准。"""
    assert province
    ref = people.at_desk(HOLDER)
    application = _application(ref)
    Card.objects.update(application=application, hr_state=HrState.FORMAL_LOSS)
    people.at_desk(HOLDER)
    assert Card.objects.get().hr_state is HrState.FORMAL_LOSS


def test_a_card_of_another_city_closes_the_first_application(province: SimulatedPartners) -> None:
    """外市的卡也是省卡。"""
    who = people.resident(NUMBER, "陈力", date(1992, 1, 1), cards=(CARD_OF_SUZHOU,))
    province.simulation.seed([who])
    with refused("application.already_has_card"):
        people.accepted_at_counter(who)


def test_two_cards_in_use_for_one_person_are_shown_to_somebody_and_not_applied(
    province: SimulatedPartners,
) -> None:
    """省库一人两张在用卡,列入差错,不自动处理。"""
    first = replace(OLDER_CARD, card_number="W00000002")
    second = replace(CARD_OF_SUZHOU, issued_on=date(2018, 1, 1))
    who = people.resident(NUMBER, "陈力", date(1992, 1, 1), cards=(first, second))
    province.simulation.seed([who])
    for _ in range(2):
        people.at_desk(who)
    assert Card.objects.count() == 1
    found = Discrepancy.objects.get()
    assert (found.kind, found.detail["city"]) == ("second_card_in_register", "suzhou")
    with refused("application.already_has_card"):
        people.accepted_at_counter(who)


def _application(person: str) -> Application:
    return Application.objects.create(
        ref="app_made",
        number="260302000000001",
        person_id=person,
        kind=ApplicationKind.FIRST,
        channel=people.CLERK.channel,
        making_mode=MakingMode.FACTORY,
        collection=Collection.OUTLET,
        state=ProductionState.COLLECTED,
        applied_by=AppliedBy.HOLDER,
        bank="icbc",
        policy_version="-",
        submitted_at=people.now(),
        state_since=people.now(),
    )
