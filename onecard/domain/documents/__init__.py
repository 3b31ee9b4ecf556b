"""有效身份证件: which identity document serves whom, on which day (rule book 4).

`may_use` stops at the first refusal, in the order of 4.2; `may_use_all` finds all of them, for
checklists. Both ask the same rules.
"""

from onecard.domain.documents.agreement import must_agree_on_name, must_agree_with_base_data
from onecard.domain.documents.kinds import (
    Applicant,
    DocumentKind,
    DocumentPolicy,
    EmployerPaper,
    ShownDocument,
)
from onecard.domain.documents.numbers import NUMBER_OF, check_number
from onecard.domain.documents.presence import (
    bring,
    must_come_in_person,
    must_show_agents,
    must_show_both,
    must_show_employer_paper,
    must_show_employers_agent,
    must_show_holders,
    must_show_own,
)
from onecard.domain.documents.rules import (
    CLASS_OF,
    applicant_of,
    may_present,
    may_use,
    may_use_all,
    must_be_original,
    must_be_valid_on,
    usable_kinds,
)

__all__ = [
    "CLASS_OF",
    "NUMBER_OF",
    "Applicant",
    "DocumentKind",
    "DocumentPolicy",
    "EmployerPaper",
    "ShownDocument",
    "applicant_of",
    "bring",
    "check_number",
    "may_present",
    "may_use",
    "may_use_all",
    "must_agree_on_name",
    "must_agree_with_base_data",
    "must_be_original",
    "must_be_valid_on",
    "must_come_in_person",
    "must_show_agents",
    "must_show_both",
    "must_show_employer_paper",
    "must_show_employers_agent",
    "must_show_holders",
    "must_show_own",
    "usable_kinds",
]
