"""The facts by which an application is judged: gathered by an action, never looked up by a rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from onecard.domain.application.answers import Answers, Guardian
from onecard.domain.application.figures import ApplicationPolicy
from onecard.domain.application.kinds import AppliedBy, Collection
from onecard.domain.authority import Channel
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import Applicant, DocumentPolicy, EmployerPaper, ShownDocument
from onecard.domain.hr_function import LIVE, HrState
from onecard.domain.photo import PhotoPolicy


@dataclass(frozen=True)
class HeldCard:
    """A card of the person in the province's register; `city` is empty for a card of ours."""

    generation: int
    bank: str
    state: HrState
    city: str = ""

    @property
    def is_live(self) -> bool:
        """Whether its HR function is not cancelled (V2)."""
        return self.state in LIVE


@dataclass(frozen=True)
class OpenApplication:
    """An application of the same person that is still on its way; empty where it is elsewhere."""

    number: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Papers:
    """What was laid on the desk. Online the real-name service proves the person instead."""

    own: ShownDocument | None = None
    agent: ShownDocument | None = None
    agent_letter: bool = False
    guardianship_proof: bool = False
    employer_paper: EmployerPaper | None = None
    employer_paper_original: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks for a card, through which door, with what.

    `photo` tells whether a portrait that may be printed is on file. `cards` are all cards of the
    person in the province, newest last.
    """

    channel: Channel
    applied_by: AppliedBy
    applicant: Applicant
    answers: Answers
    papers: Papers = field(default_factory=Papers)
    guardian: Guardian | None = None
    cards: tuple[HeldCard, ...] = ()
    open_application: OpenApplication | None = None
    base_data_found: bool = True
    photo: bool = False
    collection: Collection = Collection.OUTLET
    collect_at: str = ""
    deceased: bool = False
    old_card_shown: bool = False
    transit_opened: bool = False


@dataclass(frozen=True)
class Figures:
    """The figures in force on the day of the act, of every room that has a say."""

    application: ApplicationPolicy
    channels: ChannelPolicy
    contacts: Contacts
    documents: DocumentPolicy
    photo: PhotoPolicy
