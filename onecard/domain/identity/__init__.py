"""号码: every number a person, document, employer, card or parcel is known by (rule book 5).

`check(number, on=day)` recognises what a number is and says whether it is right; `check_number`
asks one kind. Numbers go in as people type them: `canonical` folds full-width digits and X,
trims and upper-cases, nothing else (guarantees R20), and what is not ASCII then is refused.
"""

from onecard.domain.identity.canonical import canonical, is_same_number
from onecard.domain.identity.kinds import NumberKind
from onecard.domain.identity.names import (
    NamePolicy,
    canonical_name,
    canonical_phone,
    is_same_name,
    may_be_name,
    may_be_phone,
)
from onecard.domain.identity.numbers import (
    NumberCheck,
    check,
    check_number,
    facts_of,
)
from onecard.domain.identity.papers import foreigner_number
from onecard.domain.identity.resident import Facts as NumberFacts
from onecard.domain.identity.resident import upgraded
from onecard.domain.identity.rows import must_be_first, must_keep_precision

__all__ = [
    "NamePolicy",
    "NumberCheck",
    "NumberFacts",
    "NumberKind",
    "canonical",
    "canonical_name",
    "canonical_phone",
    "check",
    "check_number",
    "facts_of",
    "foreigner_number",
    "is_same_name",
    "is_same_number",
    "may_be_name",
    "may_be_phone",
    "must_be_first",
    "must_keep_precision",
    "upgraded",
]
