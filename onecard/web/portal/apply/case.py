"""The application as far as it has been answered: the draft, read and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest

from onecard.actions import draft as drafts
from onecard.domain.application import Answers
from onecard.domain.replacement import Confirmation
from onecard.queries import draft as saved_drafts
from onecard.queries import key_information
from onecard.seams.world import world
from onecard.web.portal.apply.journey import Journey
from onecard.web.portal.citizens import actor_of

DAY = "document_valid_to"
KNOWN_DAY = "known_document_valid_to"
KNOWN_NATIONALITY = "known_nationality"
FETCHED = "fetched"
CONFIRMED, DATA_RIGHT = "confirmed", "base_data_right"


@dataclass(frozen=True)
class Case:
    """One citizen's answers so far. `given` is plain JSON, as the draft keeps it."""

    journey: Journey
    draft: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fetched(self) -> bool:
        """Whether the province's data have been fetched, so that questions may be asked."""
        return bool(self.given.get(FETCHED))

    @property
    def day_is_known(self) -> bool:
        """Whether the province said until when the document is valid: then nobody asks."""
        return bool(self.given.get(KNOWN_DAY))

    @property
    def nationality_is_known(self) -> bool:
        """Whether the province said whose citizen the person is."""
        return bool(self.given.get(KNOWN_NATIONALITY))

    @property
    def base_data_right(self) -> bool:
        """Whether the person said that the province's data are right as they stand."""
        return bool(self.given.get(DATA_RIGHT))

    def confirmed(self) -> tuple[Confirmation, ...]:
        """What the person was told and said yes to."""
        told = self.given.get(CONFIRMED) or ()
        return tuple(notice for notice in Confirmation if notice.value in told)

    def initial(self) -> dict[str, Any]:
        """As forms want it, to show what was answered before."""
        day = self.given.get(DAY)
        return {**self.given, DAY: date.fromisoformat(day) if day else None}

    def answers(self) -> Answers:
        """As the act wants them."""
        day = self.given.get(KNOWN_DAY) or self.given.get(DAY)
        return Answers(
            bank=self._text("bank"),
            document_valid_to=date.fromisoformat(day) if day else None,
            document_without_end=bool(self.given.get("document_without_end")) and not day,
            phone=self._text("phone"),
            address=self._text("address"),
            occupation=self._text("occupation"),
            nationality=self._text(KNOWN_NATIONALITY) or self._text("nationality"),
            post_to=self._text("post_to"),
            postage_understood=bool(self.given.get("postage_understood")),
        )

    def missing(self) -> tuple[str, ...]:
        """The answers still to be given, in the order of the questions."""
        names = key_information.missing(answers=self.answers(), at=world().clock.now())
        told = set(self.journey.notices) <= set(self.confirmed()) and self.base_data_right
        return names if told or not self.journey.notices else (CONFIRMED, *names)

    def _text(self, name: str) -> str:
        return str(self.given.get(name) or "")


def open_case(request: HttpRequest, journey: Journey) -> Case:
    """The citizen's case, empty when there is none."""
    saved = saved_drafts.resume(purpose=journey.purpose, as_seen_by=actor_of(request))
    return Case(journey, saved.draft, saved.answers) if saved else Case(journey)


def keep(request: HttpRequest, case: Case, **more: Any) -> Case:
    """Save further answers; days are kept as ISO text."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in more.items()
    }
    given = {**case.given, **plain}
    receipt = drafts.save(
        purpose=case.journey.purpose,
        answers=given,
        actor=actor_of(request),
        at=world().clock.now(),
    )
    return Case(case.journey, receipt.draft, given)
