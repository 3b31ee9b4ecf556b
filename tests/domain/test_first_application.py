"""Who may apply for a first card: every precondition of 8.1, in its order, for every door."""

from dataclasses import replace
from datetime import date

import pytest

from onecard.domain.application import (
    Answers,
    ApplicationKind,
    AppliedBy,
    Asked,
    Collection,
    HeldCard,
    MakingMode,
    OpenApplication,
    Papers,
    may_apply_first,
    may_apply_first_all,
    may_be_country,
    may_begin_at_counter,
    may_begin_online,
    may_make_here,
    may_prepare_first,
)
from onecard.domain.application.first import may_employer_apply
from onecard.domain.authority import Channel
from onecard.domain.documents import DocumentKind, EmployerPaper, ShownDocument
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import FixKind, Refusal
from tests import applying, cast


def first(asked: Asked, on: date = cast.MONDAY) -> Refusal | None:
    return may_apply_first(asked=asked, on=on, figures=applying.figures(on))


def code(asked: Asked, on: date = cast.MONDAY) -> str:
    refusal = first(asked, on)
    return refusal.code if refusal else ""


def codes(asked: Asked, on: date = cast.MONDAY) -> list[str]:
    found = may_apply_first_all(asked=asked, on=on, figures=applying.figures(on))
    return [refusal.code for refusal in found]


EVERY_DOOR = [
    applying.at_counter(),
    applying.online(),
    applying.by_agent(),
    applying.of_child(),
    applying.by_employer(),
]


@pytest.mark.rule("SEED, FAQ 3, 6")
@pytest.mark.parametrize(
    "asked", EVERY_DOOR, ids=lambda a: f"{a.channel.value}-{a.applied_by.value}"
)
def test_whoever_brings_everything_may_apply(asked: Asked) -> None:
    """个人、代办、监护人、单位、线上:材料齐全即可申领。"""
    assert first(asked) is None
    assert codes(asked) == []


@pytest.mark.rule("SEED, FAQ 6")
@pytest.mark.parametrize(
    "asked", EVERY_DOOR, ids=lambda a: f"{a.channel.value}-{a.applied_by.value}"
)
@pytest.mark.parametrize("state", [s for s in HrState if s is not HrState.CANCELLED])
@pytest.mark.parametrize("generation", [2, 3])
def test_a_live_card_of_either_generation_closes_the_first_application(
    asked: Asked, state: HrState, generation: int
) -> None:
    """已申领江苏省社会保障卡人员,需通过线下服务渠道换领。"""
    refusal = first(replace(asked, cards=(HeldCard(generation, "icbc", state),)))
    assert refusal is not None
    assert refusal.code == "application.already_has_card"
    assert refusal.measured["generation"] == generation
    assert refusal.fix is not None
    assert refusal.fix.kind is FixKind.USE_CHANNEL


def test_a_cancelled_card_does_not_close_it() -> None:
    """已注销的卡不算持卡。"""
    cards = (HeldCard(2, "icbc", HrState.CANCELLED),)
    assert first(applying.at_counter(cards=cards)) is None


def test_a_live_card_of_another_city_counts() -> None:
    """一人一卡,全省通算。"""
    cards = (HeldCard(2, "icbc", HrState.NORMAL, "suzhou"),)
    refusal = first(applying.online(cards=cards))
    assert refusal is not None
    assert refusal.measured["city"] == "suzhou"


@pytest.mark.rule("CODE C1")
def test_an_application_on_its_way_closes_another() -> None:
    """已制卡或制卡中。"""
    waiting = OpenApplication("260302123456785", date(2026, 2, 27))
    refusal = first(applying.at_counter(open_application=waiting))
    assert refusal is not None
    assert refusal.code == "application.already_in_production"
    assert refusal.measured["day"] == date(2026, 2, 27)


def test_an_application_somewhere_else_in_the_province_counts() -> None:
    """省库显示制卡中的,同样不再受理。"""
    assert code(applying.at_counter(open_application=OpenApplication())) == (
        "application.already_in_production"
    )


def test_a_deceased_person_applies_for_nothing() -> None:
    """人员状态不能办理。"""
    assert code(applying.online(deceased=True)) == "application.person_status"


@pytest.mark.rule("SEED, FAQ 6")
def test_online_the_real_name_check_stands_for_the_original() -> None:
    """完成实名认证后方可线上申请。"""
    unproven = replace(applying.OWN, original=False)
    assert code(applying.online(papers=Papers(own=unproven))) == "application.identity_not_proven"
    assert code(applying.online(papers=Papers())) == "application.identity_not_proven"


@pytest.mark.rule("SEED, FAQ 6")
def test_online_without_base_data_or_photo_the_way_leads_to_an_outlet() -> None:
    """系统未能自动获取基础信息和照片的,通过线下服务渠道办理。"""
    for asked, expected in (
        (applying.online(base_data_found=False), "application.base_data_not_found"),
        (applying.online(photo=False), "application.photo_not_found"),
    ):
        refusal = first(asked)
        assert refusal is not None
        assert refusal.code == expected
        assert refusal.fix is not None
        assert refusal.fix.detail == {"channel": "service_outlet"}


def test_at_a_counter_the_clerk_enters_base_data() -> None:
    """线下可由柜员录入基础信息。"""
    assert first(applying.at_counter(base_data_found=False)) is None


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 6, 21), ""),
        (date(2025, 6, 22), "photo.required"),
        (date(2025, 6, 23), "photo.required"),
    ],
)
def test_a_photo_is_needed_from_the_seventh_birthday(on: date, expected: str) -> None:
    """满7周岁人员需上传照片。"""
    assert code(applying.of_child(photo=False), on) == expected


def test_online_without_post_address_or_its_price_understood_nothing_is_sent() -> None:
    """采用EMS邮寄到付:地址必填,到付须知晓。"""
    without = replace(applying.BY_POST, post_to=" ")
    unknowing = replace(applying.BY_POST, postage_understood=False)
    assert code(applying.online(answers=without)) == "delivery.address_missing"
    refusal = first(applying.online(answers=unknowing))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("delivery.address_missing", "postage_understood")


def test_a_card_for_collection_needs_its_outlet_but_an_employers_list_has_none_yet() -> None:
    """网点领取须有领卡网点;单位名单由受理的网点决定。"""
    assert code(applying.at_counter(collect_at="")) == "delivery.address_missing"
    assert first(applying.by_employer(collection=Collection.EMPLOYER, collect_at="")) is None


@pytest.mark.rule("SEED, FAQ 6")
def test_every_missing_answer_is_named_at_once() -> None:
    """申请人需准确填写关键信息。"""
    refusal = first(applying.at_counter(answers=Answers()))
    assert refusal is not None
    assert refusal.code == "application.key_information_missing"
    assert refusal.facts["fields"] == tuple(
        f"@application.field.{name}"
        for name in ("document_valid_to", "phone", "address", "occupation", "nationality", "bank")
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"occupation": "99"}, "application.key_information_missing"),
        ({"nationality": "China"}, "application.key_information_missing"),
        ({"phone": "12345"}, "person.phone"),
        ({"phone": "+86 138-0013-8000"}, ""),
        ({"address": "长" * 161}, "application.address_too_long"),
        ({"address": "长" * 160}, ""),
        ({"address": "延陵西路\u202e1号"}, "application.address_unseen_characters"),
        ({"post_to": "延陵西路\u200b1号"}, "application.address_unseen_characters"),
        ({"address": "延陵西路\x1b1号"}, "application.address_unseen_characters"),
        ({"address": "延陵西路1号\r\n2幢 🏠 𠮷"}, ""),
        ({"bank": "spdb"}, "application.bank_not_cooperating"),
    ],
)
def test_an_answer_must_be_one_of_the_answers(change: dict[str, str], expected: str) -> None:
    """职业、国籍、手机号、合作银行须在范围内。"""
    assert code(applying.at_counter(answers=replace(applying.ANSWERS, **change))) == expected


@pytest.mark.rule("SEED, FAQ 10")
@pytest.mark.parametrize("bank", ["icbc", "abc", "ccb", "bocom", "boc", "jnrcb", "jsb", "psbc"])
def test_each_of_the_eight_banks_will_do(bank: str) -> None:
    """目前共有8家合作银行。"""
    assert first(applying.at_counter(answers=replace(applying.ANSWERS, bank=bank))) is None


@pytest.mark.rule("SEED, FAQ 3; scenario A13")
def test_an_agent_brings_both_originals() -> None:
    """代办需携带双方有效身份证件原件。"""
    copy = replace(applying.OWN, original=False)
    assert code(applying.by_agent(papers=Papers(agent=applying.AGENTS))) == (
        "authority.holder_original_missing"
    )
    assert code(applying.by_agent(papers=Papers(own=copy, agent=applying.AGENTS))) == (
        "authority.holder_original_missing"
    )
    assert code(applying.by_agent(papers=Papers(own=applying.OWN))) == (
        "authority.agent_original_missing"
    )
    everything = codes(applying.by_agent(papers=Papers()))
    assert everything[:2] == [
        "authority.agent_original_missing",
        "authority.holder_original_missing",
    ]


def test_the_document_of_an_agent_is_judged_like_any_other() -> None:
    """代办人的证件也须在有效期内。"""
    expired = replace(applying.AGENTS, valid_to=date(2026, 3, 1))
    papers = Papers(own=applying.OWN, agent=expired)
    assert code(applying.by_agent(papers=papers)) == "documents.expired"


def test_the_holder_shows_an_original_within_its_days() -> None:
    """有效身份证件原件,有效期首日、末日均有效。"""
    copy = replace(applying.OWN, original=False)
    assert code(applying.at_counter(papers=Papers(own=copy))) == "documents.not_original"
    assert code(applying.at_counter(papers=Papers())) == "documents.not_original"
    last_day = replace(applying.OWN, valid_to=cast.MONDAY)
    assert first(applying.at_counter(papers=Papers(own=last_day))) is None
    assert code(applying.at_counter(papers=Papers(own=last_day)), date(2026, 3, 3)) == (
        "documents.expired"
    )


@pytest.mark.rule("SEED, FAQ 4; scenario A13")
@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2034, 6, 21), ""), (date(2034, 6, 22), "documents.register_age")],
)
def test_the_household_register_serves_until_the_day_before_sixteen(
    on: date, expected: str
) -> None:
    """户口簿仅限不满十六周岁且未办理身份证的申请人。"""
    papers = Papers(own=applying.REGISTER, agent=replace(applying.OWN, valid_to=None))
    assert code(applying.of_child(papers=papers), on) == expected


def test_the_household_register_is_closed_to_a_child_with_an_identity_card() -> None:
    """已办理身份证的,不能使用户口簿。"""
    with_card = replace(applying.CHILD, id_card_issued=True)
    assert code(applying.of_child(applicant=with_card)) == "documents.register_id_card_issued"


@pytest.mark.parametrize("asked", [applying.of_child(), applying.by_employer()])
@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2034, 6, 21), "application.guardian_required"), (date(2034, 6, 22), "")],
)
def test_under_sixteen_somebody_answers_for_the_child(
    asked: Asked, on: date, expected: str
) -> None:
    """未满16周岁须填写监护人信息,满16周岁当日起不必。"""
    papers = replace(asked.papers, own=replace(applying.REGISTER, kind=DocumentKind.RESIDENT_ID))
    agent = asked.papers.agent
    assert agent is not None
    papers = replace(papers, agent=replace(agent, valid_to=None))
    child = replace(asked, applicant=applying.CHILD, guardian=None, papers=papers)
    assert code(child, on) == expected


def test_a_child_is_not_applied_for_online() -> None:
    """未满16周岁线上不能申请,到服务网点办理。"""
    asked = applying.online(applicant=applying.CHILD)
    assert code(asked) == "application.child_offline_only"
    assert code(asked, date(2034, 6, 21)) == "application.child_offline_only"
    assert code(asked, date(2034, 6, 22)) != "application.child_offline_only"


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize("paper", EmployerPaper)
def test_either_paper_of_the_employer_is_enough(paper: EmployerPaper) -> None:
    """法人社会信用代码证或申请单位授权委托书:「或」。"""
    papers = replace(applying.by_employer().papers, employer_paper=paper)
    assert first(applying.by_employer(papers=papers)) is None


@pytest.mark.rule("SEED, FAQ 3; scenario A13")
def test_an_employers_agent_brings_paper_and_own_document_both_original() -> None:
    """单位材料与代理人证件,均须原件。"""
    papers = applying.by_employer().papers
    for change, expected in (
        ({"employer_paper": None}, "authority.employer_paper_missing"),
        ({"employer_paper_original": False}, "documents.not_original"),
        ({"agent": None}, "authority.agent_original_missing"),
        ({"agent": replace(applying.AGENTS, original=False)}, "documents.not_original"),
    ):
        assert code(applying.by_employer(papers=replace(papers, **change))) == expected


@pytest.mark.rule("PROVINCIAL S7")
@pytest.mark.parametrize("kind", [k for k in ApplicationKind if k is not ApplicationKind.FIRST])
def test_an_employer_applies_for_nothing_but_a_first_card(kind: ApplicationKind) -> None:
    """单位办理仅限首次申请。"""
    figures = applying.figures().application
    refusal = may_employer_apply(kind=kind, applied_by=AppliedBy.EMPLOYER, figures=figures)
    assert refusal is not None
    assert refusal.code == "application.employer_first_application_only"
    assert may_employer_apply(kind=kind, applied_by=AppliedBy.HOLDER, figures=figures) is None


def test_an_employer_prepares_without_papers_and_photo_but_not_without_answers() -> None:
    """单位线上准备时不验材料,但逐人核对信息。"""
    prepared = applying.by_employer(papers=Papers(), photo=False)
    ask = {"on": cast.MONDAY, "figures": applying.figures()}
    assert may_prepare_first(asked=prepared, **ask) is None  # type: ignore[arg-type]
    lacking = may_prepare_first(asked=replace(prepared, answers=Answers()), **ask)  # type: ignore[arg-type]
    assert lacking is not None
    assert lacking.code == "application.key_information_missing"


@pytest.mark.rule("rule book 7")
@pytest.mark.parametrize(
    "channel",
    [
        Channel.PHONE,
        Channel.DIRECT_OUTLET,
        Channel.AGENCY_OUTLET,
        Channel.KIOSK,
        Channel.NFC_APP,
    ],
)
def test_other_doors_are_closed_and_name_the_open_ones(channel: Channel) -> None:
    """其他渠道不能首次申请,并告知可办渠道。"""
    refusal = first(applying.at_counter(channel=channel))
    assert refusal is not None
    assert refusal.code == "application.channel_not_open"
    channels = refusal.allowed["channels"]
    assert isinstance(channels, tuple)
    assert "@channels.channel.service_outlet" in channels


@pytest.mark.parametrize(
    "channel", [Channel.HR_COUNTER, Channel.CARD_FACE_BANK, Channel.OTHER_BANK]
)
def test_a_bank_counter_takes_applications_like_any_outlet(channel: Channel) -> None:
    """合作银行网点即服务网点。"""
    assert first(applying.at_counter(channel=channel)) is None


def test_the_first_refusal_is_the_first_of_all_and_all_come_in_the_order_of_the_rule_book() -> None:
    """先后次序依规则手册 8.1;一次性告知列出全部。"""
    nothing = applying.of_child(
        papers=Papers(),
        guardian=None,
        cards=(HeldCard(2, "icbc", HrState.NORMAL),),
        open_application=OpenApplication(),
        photo=False,
        answers=Answers(phone="1"),
        collect_at="",
    )
    found = codes(nothing)
    assert found == [
        "authority.agent_original_missing",
        "authority.holder_original_missing",
        "application.guardian_required",
        "application.already_has_card",
        "application.already_in_production",
        "photo.required",
        "application.key_information_missing",
        "person.phone",
        "delivery.address_missing",
    ]
    assert code(nothing) == found[0]


def test_the_first_page_stops_a_holder_before_the_first_question() -> None:
    """持卡人在首页即被告知,不等到提交。"""
    begun = applying.online(answers=Answers(), cards=(HeldCard(2, "icbc", HrState.NORMAL),))
    refusal = may_begin_online(asked=begun, on=cast.MONDAY, figures=applying.figures())
    assert refusal is not None
    assert refusal.code == "application.already_has_card"
    free = applying.online(answers=Answers())
    assert may_begin_online(asked=free, on=cast.MONDAY, figures=applying.figures()) is None


@pytest.mark.rule("SEED, FAQ 4; scenario A14")
@pytest.mark.parametrize("number", ["932840198503150010", "93227619900515018X"])
def test_a_new_permanent_residence_number_is_accepted(number: str) -> None:
    """外国人永久居留身份证新版18位号码。"""
    born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    foreigner = replace(
        applying.WOMAN,
        applicant_class=ApplicantClass.FOREIGNER,
        born_on=born_on,
        identity_number=number,
        name="SMITH ANNA",
        sex=Sex.FEMALE,
    )
    shown = ShownDocument(DocumentKind.PERMANENT_RESIDENCE, number, name="Smith  Anna")
    papers = Papers(own=shown)
    assert first(applying.at_counter(applicant=foreigner, papers=papers)) is None


def test_instant_issue_needs_an_outlet_that_can() -> None:
    """立等可取限即时制卡网点。"""
    assert may_make_here(mode=MakingMode.FACTORY, instant_issue=False) is None
    assert may_make_here(mode=MakingMode.INSTANT, instant_issue=True) is None
    refusal = may_make_here(mode=MakingMode.INSTANT, instant_issue=False)
    assert refusal is not None
    assert refusal.code == "application.no_instant_issue_here"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (applying.online(applicant=applying.CHILD), "application.child_offline_only"),
        (applying.online(deceased=True), "application.person_status"),
        (applying.online(open_application=OpenApplication()), "application.already_in_production"),
        (applying.online(base_data_found=False), "application.base_data_not_found"),
        (applying.online(photo=False), "application.photo_not_found"),
    ],
)
def test_the_first_page_stops_whoever_must_go_elsewhere(asked: Asked, expected: str) -> None:
    """首页即告知须到别处办理的原因。"""
    refusal = may_begin_online(asked=asked, on=cast.MONDAY, figures=applying.figures())
    assert refusal is not None
    assert refusal.code == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"deceased": True}, "application.person_status"),
        ({"cards": (HeldCard(2, "icbc", HrState.NORMAL),)}, "application.already_has_card"),
        ({"applicant": applying.CHILD}, "application.guardian_required"),
        ({"open_application": OpenApplication()}, "application.already_in_production"),
    ],
)
def test_each_person_of_a_list_is_judged_for_themself(
    change: dict[str, object], expected: str
) -> None:
    """单位名单逐人核对。"""
    asked = replace(applying.by_employer(papers=Papers()), **change)  # type: ignore[arg-type]
    refusal = may_prepare_first(asked=asked, on=cast.MONDAY, figures=applying.figures())
    assert refusal is not None
    assert refusal.code == expected
    button = may_begin_at_counter(asked=asked, on=cast.MONDAY, figures=applying.figures())
    greyed = expected != "application.guardian_required"
    assert (button is not None) is greyed


def test_online_a_document_that_has_expired_is_refused() -> None:
    """线上填写的证件有效期已过的,不能申请。"""
    expired = replace(
        applying.OWN, original=False, real_name_proven=True, valid_to=date(2026, 3, 1)
    )
    assert code(applying.online(papers=Papers(own=expired))) == "documents.expired"


def test_a_city_may_ask_an_agent_for_a_letter() -> None:
    """城市可要求代办人出示授权委托书。"""
    strict = applying.figures()
    strict = replace(strict, application=replace(strict.application, agent_letter_required=True))
    without = applying.by_agent()
    refusal = may_apply_first(asked=without, on=cast.MONDAY, figures=strict)
    assert refusal is not None
    assert refusal.code == "authority.agent_letter_missing"
    with_letter = replace(without, papers=replace(without.papers, agent_letter=True))
    assert may_apply_first(asked=with_letter, on=cast.MONDAY, figures=strict) is None
    guardian = applying.of_child()
    assert may_apply_first(asked=guardian, on=cast.MONDAY, figures=strict) is None


@pytest.mark.parametrize(("nationality", "is_one"), [("", True), ("CHN", True), ("CN", False)])
def test_a_nationality_is_three_letters(*, nationality: str, is_one: bool) -> None:
    """国籍用三位代码。"""
    assert (may_be_country(nationality=nationality) is None) is is_one
