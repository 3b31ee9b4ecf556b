"""What is over is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from onecard.actions import retention
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import AuditRow
from onecard.seams.world import world

pytestmark = pytest.mark.django_db


def test_a_sign_in_that_is_over_is_forgotten_and_one_that_lasts_is_kept() -> None:
    """已结束的登录按时清理，仍有效的不动。"""
    now = world().clock.now()
    for key, ends in (("over", now), ("lasts", now + timedelta(seconds=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    assert retention.forget_sessions(actor=THE_CLOCK, at=now).rows == 1
    assert Session.objects.get().session_key == "lasts"
    assert AuditRow.objects.get().facts == {"rows": 1}
    assert retention.forget_sessions(actor=THE_CLOCK, at=now).rows == 0
    assert AuditRow.objects.count() == 1
