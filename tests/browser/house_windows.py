"""Windows onto the platform in the test's own process, where a test can set the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from onecard.actions import outbox, timers
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.hr_function import HrState
from onecard.records.models import Card, Person
from onecard.seams.world import world
from tests import cast, held_cards, made_card, staff
from tests.browser.conftest import DESK, PHONE
from tests.browser.visitor import Visitor
from tests.web.citizen import sit_down

LOOKS_AGAIN = re.compile(r"/(bank|counter|phone|cards)/")
"""Pages that ask again by themselves. Their requests pass through the test's own hands, so that
none comes while the test writes: the house in memory has one connection for all its threads."""


@dataclass
class House:
    """The house, its simulated partners, and the windows that were opened."""

    partners: SimulatedPartners
    address: str
    chromium: Browser
    opened: list[Visitor]

    def window(self, session: str = "", **options: Any) -> Visitor:
        """A window of its own; `session` is that of somebody who is signed in already."""
        usual = {"viewport": PHONE, "locale": "zh-CN", "reduced_motion": "reduce"}
        context = self.chromium.new_context(**{**usual, **options})
        context.route(LOOKS_AGAIN, lambda route: route.continue_())
        if session:
            cookie = {"name": "sessionid", "value": session, "url": self.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        self.opened.append(Visitor(context.new_page(), self.address))
        return self.opened[-1]

    def desk(self, role: Role, **columns: object) -> Visitor:
        """A window at the desk of a role, both factors given just now."""
        row = staff.a_member(role, username=f"{role.value}{len(self.opened)}", **columns)
        return self.window(staff.signed_in(row).cookies["sessionid"].value, viewport=DESK)

    def citizen(self, person: Person, **options: Any) -> Visitor:
        """A window of somebody who signed in just now."""
        client = Client()
        sit_down(client, person)
        return self.window(client.cookies["sessionid"].value, **options)

    def signs_in_again(self, visitor: Visitor, person: Person) -> None:
        """The session is over, so the person signs in anew in the same window."""
        client = Client()
        sit_down(client, person)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        visitor.page.context.add_cookies([{**cookie, "url": self.address}])  # type: ignore[list-item]

    def worker(self) -> None:
        """What the worker does by itself: timers, then everything that waits to be told."""
        timers.run_due(world().clock.now())
        outbox.deliver_due(actor=THE_CLOCK, at=world().clock.now())


def a_house(house: SimulatedPartners, live_server: Any, chromium: Browser) -> Iterator[House]:
    """For fixtures: the house with its windows; at the end nothing went wrong in any of them."""
    made = House(house, live_server.url, chromium, [])
    yield made
    for visitor in made.opened:
        visitor.page.context.unroute_all(behavior="ignoreErrors")
        visitor.page.context.close()
    assert [problem for visitor in made.opened for problem in visitor.problems] == []


def card_in_use(house: House, **columns: object) -> Card:
    """王芳's card of ICBC, known to the province's register."""
    card = held_cards.in_use(made_card.a_person(nationality="CHN"), **columns)
    house.partners.hr_database.register_card(
        message_id="msg_seed",
        identity_number=cast.ADULT,
        card_number=card.card_number,
        bank=card.bank,
        state=HrState.NORMAL,
    )
    return card


@pytest.fixture
def inside(house: SimulatedPartners, live_server: Any, chromium: Browser) -> Iterator[House]:
    """The house with a set clock, seen through windows."""
    yield from a_house(house, live_server, chromium)
