"""The guide of the first page says what the rules would say, and where to go instead."""

from dataclasses import replace

import pytest

from onecard import words
from onecard.domain.application import Held, Outcome, Situation, Way, Where, way_to_go
from onecard.domain.authority import Channel
from onecard.domain.documents import DocumentKind
from tests import applying, cast

SOMEBODY = Situation(Held.NONE, 30, DocumentKind.RESIDENT_ID)


def ask(situation: Situation) -> Way:
    return way_to_go(situation=situation, on=cast.MONDAY, figures=applying.figures())


def no(way: Way) -> str:
    return way.refusal.code if way.refusal else ""


@pytest.mark.rule("SEED, FAQ 6")
def test_an_adult_without_a_card_applies_online() -> None:
    """未申领江苏省社会保障卡人员可线上首次申请。"""
    way = ask(SOMEBODY)
    assert (way.outcome, way.channels, way.refusal) == (
        Outcome.APPLY_ONLINE,
        (Channel.PORTAL,),
        None,
    )


@pytest.mark.rule("SEED, FAQ 3")
def test_whoever_prefers_an_outlet_goes_there_with_papers() -> None:
    """线下申领带证件原件。"""
    way = ask(replace(SOMEBODY, where=Where.OUTLET))
    assert way.outcome is Outcome.APPLY_AT_OUTLET
    assert way.papers == ("own", "photo")
    assert Channel.PORTAL not in way.channels
    assert Channel.SERVICE_OUTLET in way.channels
    assert way.refusal is None


@pytest.mark.rule("SEED, FAQ 2, 6; scenario A12")
def test_a_holder_of_the_older_card_is_stopped_online_and_shown_the_outlet() -> None:
    """持卡人线上首申,首页即止:可自愿到网点换领。"""
    way = ask(replace(SOMEBODY, held=Held.OLDER))
    assert (way.outcome, no(way)) == (
        Outcome.UPGRADE_AT_OUTLET,
        "application.already_has_card",
    )
    assert "old_card" in way.papers
    at_outlet = ask(replace(SOMEBODY, held=Held.OLDER, where=Where.OUTLET))
    assert (at_outlet.outcome, no(at_outlet)) == (Outcome.UPGRADE_AT_OUTLET, "")


def test_a_holder_of_a_one_card_keeps_it() -> None:
    """已有一卡通的不再申请。"""
    way = ask(replace(SOMEBODY, held=Held.ONE_CARD))
    assert (way.outcome, no(way)) == (Outcome.KEEP_CARD, "application.already_has_card")


def test_a_lost_card_is_replaced_and_that_may_be_done_online() -> None:
    """卡丢了:正式挂失后补领,线上也可以。"""
    way = ask(replace(SOMEBODY, held=Held.LOST))
    assert way.outcome is Outcome.REPLACE_LOST
    assert Channel.PORTAL in way.channels


def test_who_does_not_know_asks_first() -> None:
    """不清楚有没有卡的,先查。"""
    assert ask(replace(SOMEBODY, held=Held.UNSURE)).outcome is Outcome.ASK_FIRST


@pytest.mark.parametrize(
    ("age", "outcome"), [(15, Outcome.APPLY_AT_OUTLET), (16, Outcome.APPLY_ONLINE)]
)
def test_a_child_goes_to_an_outlet_with_a_guardian(age: int, outcome: Outcome) -> None:
    """未满16周岁线下办理,监护人同去。"""
    way = ask(replace(SOMEBODY, age=age))
    assert way.outcome is outcome
    if outcome is Outcome.APPLY_AT_OUTLET:
        assert no(way) == "application.child_offline_only"
        assert "guardian" in way.papers


@pytest.mark.parametrize(("age", "with_guardian"), [(15, True), (16, False)])
def test_the_guardians_document_is_on_the_list_until_sixteen(
    *, age: int, with_guardian: bool
) -> None:
    """未满16周岁须带监护人证件。"""
    way = ask(replace(SOMEBODY, age=age, where=Where.OUTLET))
    assert ("guardian" in way.papers) is with_guardian


@pytest.mark.parametrize(("age", "needs"), [(6, False), (7, True)])
def test_the_photo_is_on_the_list_from_seven(*, age: int, needs: bool) -> None:
    """满7周岁人员需上传照片。"""
    situation = replace(
        SOMEBODY, age=age, document=DocumentKind.HOUSEHOLD_REGISTER, id_card_issued=False
    )
    assert ("photo" in ask(replace(situation, where=Where.OUTLET)).papers) is needs


@pytest.mark.rule("SEED, FAQ 4")
@pytest.mark.parametrize(
    ("age", "issued", "expected"),
    [
        (15, False, ""),
        (15, True, "documents.register_id_card_issued"),
        (16, False, "documents.register_age"),
    ],
)
def test_a_household_register_serves_only_the_young_without_a_card(
    *,
    age: int,
    issued: bool,
    expected: str,
) -> None:
    """户口簿仅限不满十六周岁且未办理身份证的申请人。"""
    situation = Situation(
        Held.NONE, age, DocumentKind.HOUSEHOLD_REGISTER, Where.OUTLET, id_card_issued=issued
    )
    assert no(ask(situation)) == expected


def test_the_social_security_card_itself_is_no_document() -> None:
    """社会保障卡不作为有效证件。"""
    situation = replace(SOMEBODY, document=DocumentKind.SOCIAL_SECURITY_CARD, where=Where.OUTLET)
    assert no(ask(situation)) == "documents.kind_not_accepted"


def test_every_way_and_paper_has_words() -> None:
    """每个结论都有两种语言的说法。"""
    for language in words.LANGUAGES:
        for outcome in Outcome:
            assert words.has(f"application.way.{outcome.value}", language)
            assert words.has(f"application.way.explain.{outcome.value}", language)
        for paper in ("own", "guardian", "photo", "old_card"):
            assert words.has(f"application.paper.{paper}", language)
