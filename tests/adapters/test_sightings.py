"""Health is told when it is news: not at every call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.sightings import Lookout, Sighting
from onecard.adapters.simulation import simulated_partners
from onecard.seams.clock import SetClock
from tests import cast


def test_a_busy_partner_is_news_once_in_five_minutes() -> None:
    """正常应答的伙伴,五分钟记一次。"""
    clock, told = SetClock(cast.MONDAY_9AM), list[Sighting]()
    lookout = Lookout(clock.now, told.append)
    for _ in range(600):
        lookout.saw("sms")
        clock.advance(timedelta(seconds=1))
    assert len(told) == 2


def test_falling_silent_and_answering_again_are_news_at_once() -> None:
    """由通转断、由断转通,立即记录。"""
    clock, told = SetClock(cast.MONDAY_9AM), list[Sighting]()
    lookout = Lookout(clock.now, told.append)
    for silence in ("", "", "timeout", "timeout", "", ""):
        lookout.saw("sms", silence)
    assert [sighting.silence for sighting in told] == ["", "timeout", ""]


def test_partners_do_not_hide_each_other() -> None:
    clock, told = SetClock(cast.MONDAY_9AM), list[Sighting]()
    lookout = Lookout(clock.now, told.append)
    lookout.saw("sms")
    lookout.saw("courier", "timeout")
    assert [sighting.partner for sighting in told] == ["sms", "courier"]


def test_every_call_to_a_partner_is_seen() -> None:
    """每次对外调用的结果都被看到。"""
    clock, told = SetClock(cast.MONDAY_9AM), list[Sighting]()
    partners = simulated_partners(state_folder=None, now=clock.now, seed=7, report=told.append)
    partners.courier.scans_after("")
    partners.simulation.faults.set("courier", Fault.DOWN, times=1)
    with pytest.raises(PartnerDown):
        partners.courier.scans_after("")
    assert [(s.partner, s.silence) for s in told] == [
        ("courier", ""),
        ("courier", "cannot be reached"),
    ]
