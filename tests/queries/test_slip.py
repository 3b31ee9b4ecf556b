"""What stands on printed slips, and at what price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onecard.domain.application import Collection
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.production import ProductionState
from onecard.queries import slip
from onecard.records.models import Employer, Staff
from onecard.seams.world import world
from tests import cast, made_card

pytestmark = pytest.mark.django_db


def ready(employer: Employer, number: str, card_number: str) -> None:
    """One more card of the employer's people lies at the outlet."""
    person = made_card.a_person(number)
    row = made_card.an_application(
        person,
        employer=employer,
        collection=Collection.EMPLOYER,
        state=ProductionState.AT_OUTLET,
        collect_at=made_card.an_outlet(),
    )
    made_card.a_card(
        person,
        row,
        card_number=card_number,
        card_identifier=card_number[-1] * 32,
        box_position=f"A{card_number[-1]}",
    )


def test_a_list_to_sign_on_asks_the_archive_no_more_for_many_people() -> None:
    """签收单的查询次数不随人数增长，装箱位置在单上。"""
    employer = made_card.an_employer()
    agent = Staff.objects.create(
        ref="stf_agent",
        username="agent",
        display_name="钱工",
        role=Role.EMPLOYER_AGENT,
        employer=employer,
        created_by="stf_x",
        created_at=world().clock.now(),
    )
    actor = Actor(Role.EMPLOYER_AGENT, agent.ref, Channel.EMPLOYER, employer=employer.ref)
    asked = []
    for number, card in ((cast.ADULT, "B00000001"), (cast.ADULT_MAN, "B00000002")):
        ready(employer, number, card)
        with CaptureQueriesContext(connection) as queries:
            seen = slip.handout(as_seen_by=actor)
        asked.append(len(queries))
    assert {line.box_position for line in seen.lines} == {"A1", "A2"}
    assert asked[0] == asked[1]
