"""What somebody holds in their hands after applying, and what they put on the desk before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from onecard.actions.person import CounterLook
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    AppliedBy,
    Collection,
    EmployerPaper,
    Guardian,
    MakingMode,
)
from onecard.domain.documents import ShownDocument
from onecard.domain.refusal import Refusal
from onecard.domain.replacement import Replacing
from onecard.records.models import Application


@dataclass(frozen=True)
class ApplicationReceipt:
    """One application as it stands now. `notice` is the code of a notice, empty as a rule."""

    application: str
    number: str
    person: str
    kind: str
    state: str
    bank: str
    collection: str
    promised_on: date | None = None
    limit_on: date | None = None
    notice: str = ""

    @classmethod
    def of(cls, row: Application, *, notice: str = "") -> ApplicationReceipt:
        """The receipt of a row."""
        return cls(
            application=row.ref,
            number=row.number,
            person=row.person_id,
            kind=row.kind.value,
            state=row.state.value,
            bank=row.bank,
            collection=row.collection.value,
            promised_on=row.promised_on,
            limit_on=row.limit_on,
            notice=notice,
        )


@dataclass(frozen=True)
class AgentShown:
    """An agent, a guardian or an employer's agent, with their own document."""

    name: str
    document: ShownDocument | None
    letter: bool = False


@dataclass(frozen=True)
class CounterCase:
    """An application as it lies on the desk. Empty refs mean: none, or the clerk's own outlet.

    `id_card_issued` is the clerk's word beside a household register; the province may say so too.
    `guardianship_proof` is asked for only where the city wants it; `replacing` tells of the card
    that is replaced or exchanged, where there is one.
    """

    person: str
    applied_by: AppliedBy
    answers: Answers
    document: ShownDocument | None
    kind: ApplicationKind = ApplicationKind.FIRST
    agent: AgentShown | None = None
    guardian: Guardian | None = None
    guardianship_proof: bool = False
    making_mode: MakingMode = MakingMode.FACTORY
    collection: Collection = Collection.OUTLET
    collect_at: str = ""
    photo: str = ""
    id_card_issued: bool = False
    old_card_shown: bool = False
    replacing: Replacing = field(default_factory=Replacing)
    draft: str = ""


@dataclass(frozen=True)
class PreparedPerson:
    """Somebody an employer puts on its list, before anybody has seen a paper.

    `employer` is told by a clerk only; an employer's agent acts for their own.
    """

    look: CounterLook
    answers: Answers
    guardian: Guardian | None = None
    photo: str = ""
    collection: Collection = Collection.EMPLOYER
    collect_at: str = ""
    employer: str = ""


@dataclass(frozen=True)
class EmployerPapers:
    """What an employer's agent lays on the desk for all people of the list."""

    employer: str
    paper: EmployerPaper | None
    paper_original: bool
    agent: AgentShown


@dataclass(frozen=True)
class RowRefused:
    """One person of a list who cannot be taken; the others are not held up."""

    application: str
    number: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class EmployerAcceptance:
    """What became of a list."""

    accepted: tuple[ApplicationReceipt, ...]
    refused: tuple[RowRefused, ...]


@dataclass(frozen=True)
class Swept:
    """What the worker did with the applications that wait for the province."""

    accepted: int = 0
    turned_down: int = 0
    waiting: int = 0
