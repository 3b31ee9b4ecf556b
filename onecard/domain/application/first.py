"""首次申领: whether somebody may apply for a first card, in the order of rule book 8.1.

The same checks answer the act (the first refusal), the checklist (all of them), the greyed button
and the consult. Online, at the counter, by an agent or by an employer: one list of checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onecard.domain import photo
from onecard.domain.application import held, key_information, papers
from onecard.domain.application.asked import Asked, Figures
from onecard.domain.application.figures import ApplicationPolicy
from onecard.domain.application.kinds import ApplicationKind, AppliedBy, MakingMode
from onecard.domain.authority import Channel
from onecard.domain.channels import Matter, may_use_channel
from onecard.domain.person import is_guardian_needed, must_be_living, must_have_guardian
from onecard.domain.refusal import Fix, FixKind, Refusal, found

_TAKEN_AT_COUNTERS = (ApplicationKind.FIRST, ApplicationKind.UPGRADE)
_OFFLINE = Fix(FixKind.USE_CHANNEL, {"channel": Channel.SERVICE_OUTLET.value})


def may_apply_first(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """The first reason in the order of the rule book why this application cannot be taken."""
    return next((no for no in _all_checks(asked, on, figures) if no is not None), None)


def may_apply_first_all(*, asked: Asked, on: date, figures: Figures) -> tuple[Refusal, ...]:
    """Every reason at once: one visit more is enough (一次性告知)."""
    return found(_all_checks(asked, on, figures))


def may_prepare_first(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """As `may_apply_first`, for what an employer prepares online: papers and photo come later."""
    return next((no for no in _prepared_checks(asked, on, figures) if no is not None), None)


def may_prepare_first_all(*, asked: Asked, on: date, figures: Figures) -> tuple[Refusal, ...]:
    """Every reason why this person cannot be put on an employer's list."""
    return found(_prepared_checks(asked, on, figures))


def may_begin_online(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """What stops somebody on the first page, before a single question is asked (8.2)."""
    return next((no for no in _first_page_checks(asked, on, figures) if no is not None), None)


def may_begin_at_counter(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """What greys the button out before a paper was laid on the desk."""
    checks = (*_door_checks(asked, on, figures), *held.must_be_only_one(asked))
    return next((no for no in checks if no is not None), None)


def may_apply_for_child(
    *, channel: Channel, born_on: date, on: date, figures: ApplicationPolicy
) -> Refusal | None:
    """Whether a child's card may be applied for here; online the way is not open (3.1, 8.1)."""
    if channel is not Channel.PORTAL or figures.online_for_child_by_guardian:
        return None
    if not is_guardian_needed(born_on=born_on, on=on, figures=figures):
        return None
    allowed = {"age": figures.guardian_below_age}
    return Refusal("application.child_offline_only", allowed=allowed, fix=_OFFLINE)


def may_employer_apply(
    *, kind: ApplicationKind, applied_by: AppliedBy, figures: ApplicationPolicy
) -> Refusal | None:
    """单位办理仅限首次申请: an employer applies for nothing else (PROVINCIAL S7)."""
    if applied_by is not AppliedBy.EMPLOYER or kind in figures.employer_kinds:
        return None
    return Refusal(
        "application.employer_first_application_only",
        facts={"kind": f"@application.kind.{kind.value}"},
        fix=_OFFLINE,
    )


def may_take_here(*, kind: ApplicationKind) -> Refusal | None:
    """What a counter takes as an application for a card that nobody has lost or damaged."""
    if kind in _TAKEN_AT_COUNTERS:
        return None
    return Refusal(
        "application.kind_not_taken_here",
        measured={"kind": f"@application.kind.{kind.value}"},
        allowed={
            "kinds": tuple(f"@application.kind.{taken.value}" for taken in _TAKEN_AT_COUNTERS)
        },
        field="kind",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "kind"}),
    )


def may_make_here(*, mode: MakingMode, instant_issue: bool) -> Refusal | None:
    """立等可取: only at an outlet that has printer and blank cards (PROVINCIAL S7)."""
    if mode is MakingMode.FACTORY or instant_issue:
        return None
    return Refusal(
        "application.no_instant_issue_here",
        field="making_mode",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "making_mode", "to": MakingMode.FACTORY.value}),
    )


def must_have_base_data(*, asked: Asked) -> Refusal | None:
    """系统未能自动获取申请人基础信息的,需通过线下服务渠道办理 (SEED, question 6)."""
    if asked.base_data_found or asked.channel is not Channel.PORTAL:
        return None
    return Refusal("application.base_data_not_found", fix=_OFFLINE)


def must_have_photo(*, asked: Asked, on: date, figures: Figures) -> Refusal | None:
    """满7周岁须有照片; online it is the one the province has, else the outlet takes one."""
    missing = photo.must_have_photo(
        born_on=asked.applicant.born_on, on=on, has_photo=asked.photo, figures=figures.photo
    )
    if missing is None or asked.channel is not Channel.PORTAL:
        return missing
    return Refusal("application.photo_not_found", measured=missing.measured, fix=_OFFLINE)


def _all_checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, on, figures)
    yield from papers.proven(asked, on, figures)
    yield from _person_checks(asked, on, figures)
    yield must_have_base_data(asked=asked)
    yield must_have_photo(asked=asked, on=on, figures=figures)
    yield from key_information.complete(asked, figures)


def _first_page_checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, on, figures)
    yield from held.must_be_only_one(asked)
    yield must_have_base_data(asked=asked)
    yield must_have_photo(asked=asked, on=on, figures=figures)


def _prepared_checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield from _door_checks(asked, on, figures)
    yield from _person_checks(asked, on, figures)
    yield from key_information.complete(asked, figures)


def _door_checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield may_use_channel(
        act=Matter.FIRST_APPLICATION, channel=asked.channel, figures=figures.channels
    )
    yield may_employer_apply(
        kind=ApplicationKind.FIRST, applied_by=asked.applied_by, figures=figures.application
    )
    yield must_be_living(deceased=asked.deceased)
    yield may_apply_for_child(
        channel=asked.channel,
        born_on=asked.applicant.born_on,
        on=on,
        figures=figures.application,
    )


def _person_checks(asked: Asked, on: date, figures: Figures) -> Iterator[Refusal | None]:
    yield must_have_guardian(
        born_on=asked.applicant.born_on,
        guardian=asked.guardian,
        on=on,
        figures=figures.application,
        proof_shown=asked.papers.guardianship_proof,
    )
    yield from held.must_be_only_one(asked)
