"""我能办吗: the guide of the first page, over answers that are nobody's personal data."""

from __future__ import annotations

from datetime import datetime

from onecard.domain.application import Situation, Way, way_to_go
from onecard.queries._applying import figures_on
from onecard.seams.clock import local_day


def ask(*, answers: Situation, at: datetime) -> Way:
    """The way to go for somebody in this situation today; every no in it is a rule's own."""
    day = local_day(at)
    return way_to_go(situation=answers, on=day, figures=figures_on(day))
