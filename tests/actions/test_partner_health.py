"""The operator's desk sees which partners answer; watching never disturbs the work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from onecard.actions import partner_health
from onecard.actions._keeping import once
from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.sightings import Sighting
from onecard.adapters.simulation import simulated_partners
from onecard.domain.partner import PartnerLight
from onecard.queries.partner_health import PartnerSeen
from onecard.queries.partner_health import partner_health as seen
from onecard.records.models import PartnerHealth, RequestResult
from onecard.seams.world import world
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.MONDAY_9AM


def _line(partner: str) -> PartnerSeen:
    (line,) = [line for line in seen(on=cast.MONDAY) if line.partner == partner]
    return line


def test_every_partner_of_the_city_has_a_line_asked_or_not() -> None:
    """六个合作系统和八家银行,未联系过的也列出。"""
    lines = seen(on=cast.MONDAY)
    assert len(lines) == 6 + 8
    assert {line.light for line in lines} == {PartnerLight.NEVER_ASKED}
    assert _line("sms").name == "partner.name.sms"
    assert _line("bank:icbc").name == "icbc"


def test_a_partner_that_falls_silent_is_seen_since_when_and_why() -> None:
    """从何时起没有应答、原因。"""
    partner_health.report(Sighting("sms", AT))
    partner_health.report(Sighting("sms", AT + timedelta(minutes=1), "ReadTimeout"))
    partner_health.report(Sighting("sms", AT + timedelta(minutes=9), "answered 502"))
    line = _line("sms")
    assert line.light is PartnerLight.SILENT
    assert (line.answered_at, line.silent_since) == (AT, AT + timedelta(minutes=1))
    assert (line.silent_at, line.silence) == (AT + timedelta(minutes=9), "answered 502")


def test_a_partner_that_answers_again_is_well_and_its_last_silence_stays_known() -> None:
    partner_health.report(Sighting("sms", AT, "ReadTimeout"))
    partner_health.report(Sighting("sms", AT + timedelta(minutes=1)))
    line = _line("sms")
    assert (line.light, line.silent_since) == (PartnerLight.ANSWERING, None)
    assert (line.silent_at, line.silence) == (AT, "ReadTimeout")


def test_an_older_sighting_of_another_process_changes_nothing() -> None:
    """迟到的旧消息不覆盖新状态。"""
    partner_health.report(Sighting("sms", AT + timedelta(minutes=1)))
    partner_health.report(Sighting("sms", AT, "ReadTimeout"))
    assert _line("sms").light is PartnerLight.ANSWERING


def test_calls_reach_the_desk_and_cost_few_writes(
    django_assert_num_queries: object,
) -> None:
    """调用结果进入健康台账;不是每次调用都写库。"""
    partners = simulated_partners(
        state_folder=None, now=world().clock.now, seed=7, report=partner_health.report
    )
    partners.courier.scans_after("")
    with django_assert_num_queries(0):  # type: ignore[operator]
        for _ in range(50):
            partners.courier.scans_after("")
    partners.simulation.faults.set("courier", Fault.DOWN, times=1)
    with pytest.raises(PartnerDown):
        partners.courier.scans_after("")
    assert _line("courier").light is PartnerLight.SILENT


def test_watching_leaves_no_receipt_in_the_request_being_answered() -> None:
    """记录健康状况,不占用当前请求的幂等键。"""
    with once("client", "key"):
        partner_health.report(Sighting("sms", AT))
    assert RequestResult.objects.count() == 0
    assert PartnerHealth.objects.count() == 1


def test_a_health_row_that_cannot_be_written_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """台账写不进,业务照常;日志里没有个人信息。"""

    def refuse(*_: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        partner_health.report(Sighting("sms", AT))
    assert "partner_health.not_kept sms" in caplog.text
