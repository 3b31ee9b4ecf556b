"""The shapes callers send, and how they become the plain values that acts take."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool

from onecard.actions.application.receipts import (
    AgentShown,
    CounterCase,
    EmployerPapers,
    PreparedPerson,
)
from onecard.actions.person import CounterLook
from onecard.api.house import Asked
from onecard.domain.application import (
    Answers,
    ApplicationKind,
    AppliedBy,
    Collection,
    EmployerPaper,
    Guardian,
    MakingMode,
)
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.domain.person import Sex
from onecard.domain.refusal import Refusal, Refused

BASE64_LENGTH = 1_000_000


def _only_text(value: Any) -> Any:
    """Days are written, never counted: a number is not a day."""
    if isinstance(value, str):
        return value
    raise ValueError("a day is written YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_only_text)]
Text = Annotated[str, Field(max_length=200)]
Ref = Annotated[str, Field(max_length=40)]


class FileAsked(Asked):
    """A file inside JSON, as Base64."""

    content_base64: Annotated[str, Field(max_length=BASE64_LENGTH)]

    def content(self) -> bytes:
        """The file itself. Raises `Refused("upload.encoding")`."""
        try:
            return base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError):
            raise Refused(Refusal("upload.encoding", field="content_base64")) from None


class AnswersAsked(Asked):
    """The key information: what the applicant tells beside what the province knows."""

    bank: Text = Field(default="", description="Key of a co-operating bank, see GET /banks.")
    document_valid_to: Day | None = Field(
        default=None, description="Last day of the document shown."
    )
    document_without_end: StrictBool = Field(default=False, description="True for a document 长期.")
    phone: Text = ""
    address: Text = ""
    occupation: Text = Field(default="", description="Two-digit occupation code.")
    nationality: Text = Field(default="", description="ISO 3166-1 alpha-3.")
    post_to: Text = Field(
        default="", description="Address for EMS; postage is paid by the addressee."
    )
    postage_understood: StrictBool = False

    def value(self) -> Answers:
        """As acts take it."""
        return Answers(**self.model_dump())


class GuardianAsked(Asked):
    """Who answers for a child."""

    name: Text
    document_kind: DocumentKind
    document_number: Text
    relation: Text

    def value(self) -> Guardian:
        """As acts take it."""
        return Guardian(self.name, self.document_kind, self.document_number, self.relation)


class DocumentAsked(Asked):
    """An identity document as it was shown; `original` says that it was the original."""

    kind: DocumentKind
    number: Text
    name: Text = Field(default="", description="The name on the document, exactly as printed.")
    valid_from: Day | None = None
    valid_to: Day | None = Field(default=None, description="Absent for a document without end.")
    original: StrictBool = True

    def value(self) -> ShownDocument:
        """As acts take it."""
        return ShownDocument(**self.model_dump())


class AgentAsked(Asked):
    """An agent or an employer's agent, with their own document."""

    name: Text
    document: DocumentAsked | None = None
    letter: StrictBool = False

    def value(self) -> AgentShown:
        """As acts take it."""
        return AgentShown(self.name, self.document.value() if self.document else None, self.letter)


class LookAsked(Asked):
    """Whom to look for; what stands after `name` is needed only if the province knows nobody."""

    document_kind: DocumentKind
    number: Text
    name: Text = ""
    born_on: Day | None = None
    sex: Sex | None = None
    nationality: Text = ""

    def value(self) -> CounterLook:
        """As acts take it."""
        return CounterLook(**self.model_dump())


class OnlineAsked(Asked):
    """An online first application of the signed-in citizen."""

    answers: AnswersAsked
    draft: Ref = ""


class CaseAsked(Asked):
    """An application at a counter, with everything that lies on the desk."""

    person: Ref
    applied_by: AppliedBy = AppliedBy.HOLDER
    answers: AnswersAsked
    document: DocumentAsked | None = None
    kind: ApplicationKind = ApplicationKind.FIRST
    agent: AgentAsked | None = None
    guardian: GuardianAsked | None = None
    guardianship_proof: StrictBool = False
    making_mode: MakingMode = MakingMode.FACTORY
    collection: Collection = Collection.OUTLET
    collect_at: Ref = ""
    photo: Ref = ""
    id_card_issued: StrictBool = False
    old_card_shown: StrictBool = False
    draft: Ref = ""

    def value(self) -> CounterCase:
        """As acts take it."""
        plain = self.model_dump(exclude={"answers", "document", "agent", "guardian"})
        return CounterCase(
            answers=self.answers.value(),
            document=self.document.value() if self.document else None,
            agent=self.agent.value() if self.agent else None,
            guardian=self.guardian.value() if self.guardian else None,
            **plain,
        )


class PreparedAsked(Asked):
    """Somebody an employer puts on its list."""

    look: LookAsked
    answers: AnswersAsked
    guardian: GuardianAsked | None = None
    photo: Ref = ""
    collection: Collection = Collection.EMPLOYER
    collect_at: Ref = ""

    def value(self) -> PreparedPerson:
        """As acts take it."""
        return PreparedPerson(
            look=self.look.value(),
            answers=self.answers.value(),
            guardian=self.guardian.value() if self.guardian else None,
            photo=self.photo,
            collection=self.collection,
            collect_at=self.collect_at,
        )


class PapersAsked(Asked):
    """A list of an employer and the papers its agent lays on the desk: one of the two is enough."""

    applications: Annotated[list[Ref], Field(min_length=1, max_length=500)]
    employer: Ref
    paper: EmployerPaper | None = None
    paper_original: StrictBool = True
    agent: AgentAsked

    def value(self) -> EmployerPapers:
        """As acts take it."""
        return EmployerPapers(self.employer, self.paper, self.paper_original, self.agent.value())


class CorrectionAsked(Asked):
    """What is mended: only the fields that are filled in change."""

    answers: AnswersAsked = Field(default_factory=lambda: AnswersAsked())  # noqa: PLW0108
    photo: Ref = ""


class ReasonAsked(Asked):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=120)]


class AddressAsked(Asked):
    """A new address; empty keeps the old one."""

    address: Text = ""


class OutletAsked(Asked):
    """Which outlet."""

    outlet: Ref


class CardNumberAsked(Asked):
    """The number as it is read from the card in hand."""

    card_number: Text


class HandAsked(Asked):
    """A card in hand and the people before us, at a counter."""

    card_number: Text = ""
    card_identifier: Text = ""
    holder: DocumentAsked | None = None
    agent: DocumentAsked | None = None
    agent_name: Text = ""
    old_card_handed_in: StrictBool = False
