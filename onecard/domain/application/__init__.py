"""申领: who may apply for a card, by which channel, with what (rule book 7, 8, 21)."""

from onecard.domain.application.answers import Answers, Guardian
from onecard.domain.application.asked import (
    Asked,
    Figures,
    HeldCard,
    OpenApplication,
    Papers,
)
from onecard.domain.application.eligibility import Held, Outcome, Situation, Way, Where, way_to_go
from onecard.domain.application.figures import ApplicationPolicy, CaseCodePolicy
from onecard.domain.application.first import (
    may_apply_first,
    may_apply_first_all,
    may_apply_for_child,
    may_begin_at_counter,
    may_begin_online,
    may_employer_apply,
    may_make_here,
    may_prepare_first,
    may_prepare_first_all,
    may_take_here,
    must_have_base_data,
    must_have_photo,
)
from onecard.domain.application.held import must_hold_no_card, must_wait_for_no_card
from onecard.domain.application.key_information import (
    may_be_country,
    must_be_complete,
    must_have_destination,
)
from onecard.domain.application.kinds import ApplicationKind, AppliedBy, Collection, MakingMode
from onecard.domain.application.number import grouped, is_receipt_number, plain, receipt_number
from onecard.domain.application.upgrade import may_begin_upgrade, may_upgrade, may_upgrade_all
from onecard.domain.documents import EmployerPaper

__all__ = [
    "Answers",
    "ApplicationKind",
    "ApplicationPolicy",
    "AppliedBy",
    "Asked",
    "CaseCodePolicy",
    "Collection",
    "EmployerPaper",
    "Figures",
    "Guardian",
    "Held",
    "HeldCard",
    "MakingMode",
    "OpenApplication",
    "Outcome",
    "Papers",
    "Situation",
    "Way",
    "Where",
    "grouped",
    "is_receipt_number",
    "may_apply_first",
    "may_apply_first_all",
    "may_apply_for_child",
    "may_be_country",
    "may_begin_at_counter",
    "may_begin_online",
    "may_begin_upgrade",
    "may_employer_apply",
    "may_make_here",
    "may_prepare_first",
    "may_prepare_first_all",
    "may_take_here",
    "may_upgrade",
    "may_upgrade_all",
    "must_be_complete",
    "must_have_base_data",
    "must_have_destination",
    "must_have_photo",
    "must_hold_no_card",
    "must_wait_for_no_card",
    "plain",
    "receipt_number",
    "way_to_go",
]
