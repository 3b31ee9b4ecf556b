"""The voluntary change of an older provincial card for a One Card (rule book 21.1, 21.3)."""

from dataclasses import replace
from typing import Any

import pytest

from onecard.domain.application import (
    AppliedBy,
    Asked,
    HeldCard,
    OpenApplication,
    Papers,
    may_begin_upgrade,
    may_upgrade,
    may_upgrade_all,
)
from onecard.domain.authority import Channel
from onecard.domain.hr_function import HrState
from tests import applying, cast

OLDER = HeldCard(2, "icbc", HrState.NORMAL)


def upgrading(**changes: Any) -> Asked:
    return replace(applying.at_counter(cards=(OLDER,), old_card_shown=True), **changes)


def code(asked: Asked) -> str:
    refusal = may_upgrade(asked=asked, on=cast.MONDAY, figures=applying.figures())
    return refusal.code if refusal else ""


@pytest.mark.rule("SEED, FAQ 2")
def test_a_holder_of_the_older_card_may_change_it_at_a_counter() -> None:
    """已申领江苏省社会保障卡人员可自愿换领。"""
    assert code(upgrading()) == ""
    assert may_begin_upgrade(asked=upgrading(papers=Papers()), figures=applying.figures()) is None


@pytest.mark.rule("SEED, FAQ 6")
def test_the_change_is_never_made_online() -> None:
    """需通过线下服务渠道换领。"""
    assert code(upgrading(channel=Channel.PORTAL)) == "replacement.exchange_offline_only"


@pytest.mark.rule("PROVINCIAL S7")
def test_no_employer_changes_anybodys_card() -> None:
    """单位办理仅限首次申请。"""
    by_employer = upgrading(applied_by=AppliedBy.EMPLOYER)
    assert code(by_employer) == "application.employer_first_application_only"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (HrState.NORMAL, ""),
        (HrState.LOCKED, ""),
        (HrState.SEALED, "replacement.collect_first"),
        (HrState.TEMPORARY_LOSS, "replacement.card_is_lost"),
        (HrState.FORMAL_LOSS, "replacement.card_is_lost"),
        (HrState.CANCELLED, "replacement.no_card"),
    ],
)
def test_the_older_card_must_be_in_use(state: HrState, expected: str) -> None:
    """换领须有已启用、未挂失的卡。"""
    assert code(upgrading(cards=(replace(OLDER, state=state),))) == expected


def test_without_any_card_it_is_a_first_application() -> None:
    """没有卡的,办理首次申请。"""
    assert code(upgrading(cards=())) == "replacement.no_card"


def test_a_one_card_is_never_upgraded() -> None:
    """三代卡不能以换发为由换卡。"""
    assert code(upgrading(cards=(replace(OLDER, generation=3),))) == "replacement.reason_required"


def test_the_older_card_lies_on_the_desk() -> None:
    """换卡须带旧卡。"""
    assert code(upgrading(old_card_shown=False)) == "replacement.old_card_must_be_shown"


@pytest.mark.rule("SEED, FAQ 13")
def test_an_open_transit_function_is_refunded_first() -> None:
    """如已开通交通功能的,先退值再换卡。"""
    assert code(upgrading(transit_opened=True)) == "replacement.refund_first"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"deceased": True}, "application.person_status"),
        ({"channel": Channel.KIOSK}, "application.channel_not_open"),
        ({"applicant": applying.CHILD}, "application.guardian_required"),
    ],
)
def test_door_and_person_are_asked_as_for_a_first_card(
    change: dict[str, Any], expected: str
) -> None:
    """渠道、人员状态、监护人与首次申请相同。"""
    register = Papers(own=applying.REGISTER, agent=applying.OWN)
    papers = register if "applicant" in change else applying.at_counter().papers
    assert code(upgrading(papers=papers, **change)) == expected


def test_one_application_at_a_time() -> None:
    """同一人同时只能有一件申请。"""
    waiting = upgrading(open_application=OpenApplication())
    assert code(waiting) == "application.already_in_production"


def test_papers_photo_and_answers_are_asked_for_as_ever() -> None:
    """证件、照片、关键信息与首次申请相同。"""
    found = may_upgrade_all(
        asked=upgrading(
            papers=Papers(), photo=False, answers=replace(applying.ANSWERS, bank="spdb")
        ),
        on=cast.MONDAY,
        figures=applying.figures(),
    )
    assert [refusal.code for refusal in found] == [
        "documents.not_original",
        "photo.required",
        "application.bank_not_cooperating",
    ]
