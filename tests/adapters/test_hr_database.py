"""The provincial HR database, in process and over a wire: people, portraits, cards."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from onecard.adapters.hr_database import BasePerson, BenefitDue, codes, magic
from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.outcomes import PartnerDown
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.identity import NumberKind, check_number
from tests import cast
from tests.adapters.stage import Stage

NUMBER = magic.ALL_WELL.person.identity_number


def test_base_data_come_back_as_the_province_keeps_them(stage: Stage) -> None:
    """由省人社数据库提取基础信息。"""
    assert stage.partners.hr_database.find_person(NUMBER) == magic.ALL_WELL.person


def test_a_document_without_end_comes_back_without_end(stage: Stage) -> None:
    """长期有效的证件没有截止日。"""
    person = _someone(cast.ADULT, document_valid_to=None)
    stage.inside.hr_database.seed([Resident(person)])
    assert stage.partners.hr_database.find_person(cast.ADULT) == person


def test_nobody_is_found_where_there_is_nobody(stage: Stage) -> None:
    assert stage.partners.hr_database.find_person(cast.ADULT) is None
    assert stage.partners.hr_database.find_photo(cast.ADULT) is None
    assert stage.partners.hr_database.cards_of(cast.ADULT) == ()


@pytest.mark.rule("platform D8")
@pytest.mark.parametrize("resident", magic.RESIDENTS, ids=lambda r: r.person.identity_number)
def test_the_magic_numbers_are_right_numbers_of_nobody(resident: Resident) -> None:
    """测试号码校验位正确,且区划320499未分配。"""
    number = resident.person.identity_number
    assert number.startswith("320499")
    assert check_number(NumberKind.RESIDENT_ID, number, on=cast.MONDAY) is None


@pytest.mark.rule("platform D8")
def test_each_magic_number_shows_its_outcome(stage: Stage) -> None:
    """缺基础信息、缺照片、已有卡、在制、已故、已正式挂失。"""
    province = stage.partners.hr_database
    assert province.find_person(_number(magic.NOT_IN_DATABASE)) is None
    assert province.find_photo(_number(magic.WITHOUT_PHOTO)) is None
    assert [c.generation for c in province.cards_of(_number(magic.HOLDS_A_CARD))] == [2]
    in_production = province.find_person(_number(magic.IN_PRODUCTION))
    deceased = province.find_person(_number(magic.DECEASED))
    rare = province.find_person(_number(magic.RARE_NAME))
    assert in_production is not None
    assert in_production.card_in_production
    assert deceased is not None
    assert deceased.deceased
    assert rare is not None
    assert any(ord(character) > 0xFFFF for character in rare.name)
    lost = province.cards_of(_number(magic.FORMAL_LOSS))
    assert [card.state for card in lost] == [HrState.FORMAL_LOSS]


@pytest.mark.rule("SEED, FAQ 5")
def test_a_portrait_on_file_passes_the_file_gate(stage: Stage) -> None:
    """358×441像素、350dpi、24位、15-100K、纯白背景。"""
    content = stage.partners.hr_database.find_photo(NUMBER)
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (358, 441))
    assert picture.info["dpi"] == (350, 350)
    assert 15 * 1024 <= len(content) <= 100 * 1024
    assert picture.getpixel((2, 2)) == picture.getpixel((355, 2)) == (255, 255, 255)


def test_a_person_always_has_the_same_face_and_another_person_another(stage: Stage) -> None:
    find = stage.partners.hr_database.find_photo
    assert find(NUMBER) == find(NUMBER)
    assert find(NUMBER) != find(_number(magic.HOLDS_A_CARD))


def test_a_registered_card_is_on_the_register_newest_last(stage: Stage) -> None:
    """卡登记后可查,最新的在最后。"""
    province = stage.partners.hr_database
    number = _number(magic.HOLDS_A_CARD)
    _register(stage, "evt_1", number, "A12345678")
    old, new = province.cards_of(number)
    assert (old.card_number, new.card_number) == ("W00000903", "A12345678")
    assert (new.generation, new.bank, new.city) == (3, "icbc", "changzhou")
    assert (new.state, new.issued_on) == (HrState.SEALED, cast.MONDAY)
    assert new.valid_to.year == cast.MONDAY.year + 10


def test_registering_twice_under_one_message_id_makes_one_card(stage: Stage) -> None:
    """同一消息编号重复,不产生第二张卡。"""
    _register(stage, "evt_1", NUMBER, "A12345678")
    _register(stage, "evt_1", NUMBER, "A12345678")
    assert len(stage.partners.hr_database.cards_of(NUMBER)) == 1


def test_a_new_state_reaches_the_register_once(stage: Stage) -> None:
    """状态变更按消息编号只生效一次;迟到的旧消息不倒回。"""
    province = stage.partners.hr_database
    _register(stage, "evt_1", NUMBER, "A12345678")
    province.set_state(message_id="evt_2", card_number="A12345678", state=HrState.NORMAL)
    province.set_state(message_id="evt_3", card_number="A12345678", state=HrState.FORMAL_LOSS)
    province.set_state(message_id="evt_2", card_number="A12345678", state=HrState.NORMAL)
    assert province.cards_of(NUMBER)[0].state is HrState.FORMAL_LOSS


def test_the_state_of_an_unknown_card_is_not_taken_over(stage: Stage) -> None:
    with pytest.raises(PartnerDown):
        stage.partners.hr_database.set_state(
            message_id="evt_1", card_number="A00000000", state=HrState.NORMAL
        )


@pytest.mark.rule("rule book 28")
def test_every_state_has_the_code_of_the_rule_book() -> None:
    """AAZ502:0封存 1正常 2正式挂失 3应用锁定 4临时挂失 9注销。"""
    assert codes.HR_STATE == {
        HrState.SEALED: "0",
        HrState.NORMAL: "1",
        HrState.FORMAL_LOSS: "2",
        HrState.LOCKED: "3",
        HrState.TEMPORARY_LOSS: "4",
        HrState.CANCELLED: "9",
    }


@pytest.mark.parametrize("state", HrState)
def test_every_state_travels_there_and_back(stage: Stage, state: HrState) -> None:
    _register(stage, "evt_1", NUMBER, "A12345678")
    stage.partners.hr_database.set_state(message_id="evt_2", card_number="A12345678", state=state)
    assert stage.partners.hr_database.cards_of(NUMBER)[0].state is state


@pytest.mark.rule("platform B21")
def test_payments_of_the_coming_days_come_with_the_card_they_are_paid_to(stage: Stage) -> None:
    """待遇发放名单:谁、哪项、哪天、发到哪张卡。"""
    province, inside = stage.partners.hr_database, stage.inside.hr_database
    days = [date(2026, 3, day) for day in (4, 5, 8, 9)]
    for day in days:
        inside.owe(_payment(day))
    due = province.benefits_due(first=days[1], last=days[2])
    assert due == (_payment(days[1]), _payment(days[2]))
    assert province.benefits_of(NUMBER) == (BenefitKind.INJURY,)
    inside.close_benefits(NUMBER)
    assert province.benefits_due(first=days[0], last=days[3]) == ()
    assert province.benefits_of(NUMBER) == ()
    assert province.benefits_of(cast.ADULT) == ()


def test_a_pension_is_paid_once_a_month_to_the_card_in_use_when_the_list_is_made(
    stage: Stage,
) -> None:
    """养老金每月一单,名单做好后不再改。"""
    province, inside = stage.partners.hr_database, stage.inside.hr_database
    old = replace(magic.HOLDS_A_CARD.person, identity_number=cast.ADULT, born_on=date(1966, 3, 15))
    young = replace(old, identity_number=cast.ADULT_MAN, born_on=date(1966, 3, 16))
    cards = magic.HOLDS_A_CARD.cards
    inside.seed([Resident(old, cards=cards), Resident(young, cards=())])
    assert province.benefits_due(first=date(2026, 3, 16), last=date(2026, 4, 14)) == ()
    (payment,) = province.benefits_due(first=date(2026, 3, 15), last=date(2026, 3, 15))
    assert (payment.kind, payment.pays_on) == (BenefitKind.PENSION, date(2026, 3, 15))
    assert (payment.identity_number, payment.card_number) == (cast.ADULT, cards[0].card_number)
    _register(stage, "evt_1", cast.ADULT, "A12345678")
    assert province.benefits_due(first=date(2026, 3, 1), last=date(2026, 3, 31)) == (payment,)
    (april,) = province.benefits_due(first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert april.card_number == cards[0].card_number


def _payment(day: date) -> BenefitDue:
    return BenefitDue(f"p-{day}", NUMBER, BenefitKind.INJURY, day, "icbc", "W00000900")


def _register(stage: Stage, message_id: str, number: str, card_number: str) -> None:
    stage.partners.hr_database.register_card(
        message_id=message_id,
        identity_number=number,
        card_number=card_number,
        bank="icbc",
        state=HrState.SEALED,
    )


def _number(resident: Resident) -> str:
    return resident.person.identity_number


def _someone(number: str, **changed: object) -> BasePerson:
    return replace(magic.ALL_WELL.person, identity_number=number, **changed)  # type: ignore[arg-type]


@pytest.mark.rule("platform B14")
def test_the_cards_we_entered_come_in_pages_and_no_others(stage: Stage) -> None:
    """对账清单只列本平台登记的卡,分页不多不少,末页有总数和摘要。"""
    register = stage.partners.hr_database
    numbers = [f"B{number:08d}" for number in range(5)]
    for number in numbers:
        register.register_card(
            message_id=f"evt_{number}",
            identity_number=NUMBER,
            card_number=number,
            bank="icbc",
            state=HrState.SEALED,
        )
    register.set_state(message_id="evt_s", card_number=numbers[2], state=HrState.NORMAL)
    first = register.cards_after("", 3)
    last = register.cards_after(first.cursor, 3)
    assert [card.card_number for card in (*first.cards, *last.cards)] == numbers
    assert (last.cursor, last.count, len(last.digest)) == ("", 5, 64)
    found = register.card_of(numbers[2])
    assert found is not None
    assert found.state is HrState.NORMAL
    assert register.card_of("W99999999") is None
