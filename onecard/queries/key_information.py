"""关键信息 while it is being given: what is missing, and what a rule would say of an answer."""

from __future__ import annotations

from datetime import datetime

from onecard import policy
from onecard.domain.application import Answers, ApplicationPolicy
from onecard.domain.application.key_information import missing_fields, must_fit, must_have_phone
from onecard.domain.refusal import Refusal, found
from onecard.seams.clock import local_day


def missing(*, answers: Answers, at: datetime) -> tuple[str, ...]:
    """The names of the answers still to be given, delivery included, in the order of the form."""
    names = missing_fields(answers=answers, figures=_figures(at))
    names += ("post_to",) if not answers.post_to.strip() else ()
    return names + (() if answers.postage_understood else ("postage_understood",))


def judge(*, answers: Answers, at: datetime) -> tuple[Refusal, ...]:
    """What the rules say of the answers given so far; what is not given yet is not judged."""
    return found(
        (must_have_phone(answers=answers), must_fit(answers=answers, figures=_figures(at)))
    )


def occupations(at: datetime) -> tuple[str, ...]:
    """The occupation codes to choose from."""
    return _figures(at).occupations


def longest_address(at: datetime) -> int:
    """How many characters an address may have."""
    return _figures(at).address_longest


def _figures(at: datetime) -> ApplicationPolicy:
    return policy.in_force("application", ApplicationPolicy, on=local_day(at))
