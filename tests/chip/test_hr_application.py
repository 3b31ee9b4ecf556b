"""Reading the social security application: which card, whose, and what never leaves a log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.chip.dialogue import Conversation
from onecard.chip.fault import CardLost, Fault, WrongCard
from onecard.chip.hr_application import SSSE, HrCard, read_hr_card
from onecard.chip.simulated_card import HrData
from onecard.chip.status import Why
from onecard.chip.wire import carry, hold
from tests.chip.desk import HOLDER, a_card
from tests.chip.scripted import Script


def _read(holder: HrData = HOLDER) -> HrCard:
    return hold(read_hr_card(), a_card(hr=holder).transmit)


@pytest.mark.rule("card reference 2.1, 2.3")
def test_the_chip_names_card_and_person() -> None:
    """读 EF05、EF06:卡识别码、规范版本、卡号、社会保障号码、姓名。"""
    card = _read()
    assert SSSE.hex().upper() == "7378312E73682EC9E7BBE1B1A3D5CF"
    assert card.card_identifier == "320400D15600000500112233445566AA"
    assert (card.specification, card.generation, card.card_number) == ("3.00", 3, "C12345678")
    assert card.person is not None
    assert (card.person.name, card.person.social_security_number) == ("张三", "320499199003071234")


@pytest.mark.parametrize(
    ("said", "generation"), [("3.00", 3), ("2.00", 2), ("1.00", 1), ("", None)]
)
def test_the_specification_names_the_generation(said: str, generation: int | None) -> None:
    """规范版本 3.00 为三代卡。"""
    assert HrCard("", said, "", None).generation == generation


def test_card_and_person_are_bound_only_if_both_agree() -> None:
    """卡号与社会保障号码都一致才算绑定。"""
    card = _read()
    number, person = "C12345678", "320499199003071234"
    assert card.is_bound_to(card_number=number, social_security_number=person)
    assert not card.is_bound_to(card_number="C12345679", social_security_number=person)
    assert not card.is_bound_to(card_number=number, social_security_number="320499199003071235")


def test_a_region_that_wants_its_module_first_names_the_card_only() -> None:
    """三代卡部分地区须先认证才能读 EF06。"""
    card = _read(replace(HOLDER, person_wants_module=True))
    assert card.person is None
    assert card.is_bound_to(card_number="C12345678", social_security_number="whoever")


@pytest.mark.rule("guarantees 11.3")
def test_no_trail_and_no_repr_shows_the_person() -> None:
    """任何记录都不出现身份证号码和姓名。"""
    card = a_card()
    talk = Conversation(read_hr_card())
    while talk.step:
        talk.take(carry(talk.step, card.transmit))
    shown = repr(talk.trail) + " ".join(line.shown for line in talk.trail) + repr(talk.result)
    for secret in ("320499199003071234", "张三", b"320499".hex(), "C12345678", "320400D15600"):
        assert secret not in shown
        assert secret.upper() not in shown


def test_a_card_without_the_application_is_another_card() -> None:
    with pytest.raises(WrongCard) as wrong:
        hold(read_hr_card(), a_card(hr=None).transmit)
    assert wrong.value.why is Why.OTHER_APPLICATION


@pytest.mark.parametrize(
    "record", ["0110" + "00" * 15, "01", "0111" + "00" * 16], ids=["short", "headless", "long"]
)
def test_a_record_whose_length_disagrees_is_nonsense(record: str) -> None:
    rest = ["0304332E30309000", "0709433132333435363738" + "9000"]
    script = Script(["9000", record + "9000", *rest])
    with pytest.raises(CardLost) as lost:
        hold(read_hr_card(), script.transmit)
    assert lost.value.fault is Fault.PROTOCOL


def test_a_name_that_is_no_text_is_nonsense() -> None:
    identifier, specification = "0110" + "00" * 16 + "9000", "0304332E30309000"
    script = Script(["9000", identifier, specification, "0702FF809000"])
    with pytest.raises(CardLost):
        hold(read_hr_card(), script.transmit)


def test_both_applications_live_on_one_card() -> None:
    """两个应用同在一张卡上,切换后交易状态清空。"""
    card = a_card()
    hold(read_hr_card(), card.transmit)
    assert card.transmit(bytes.fromhex("805C000204")).hex() == "6d00"
    card.transmit(bytes.fromhex("00A4040008A00000063201010500"))
    assert card.transmit(bytes.fromhex("805C000204")).hex() == "000013889000"


def test_a_file_may_be_selected_by_its_two_bytes_first() -> None:
    card = a_card()
    card.transmit(bytes.fromhex("00A404000F") + SSSE)
    assert card.transmit(bytes.fromhex("00A4000002EF05")).hex() == "9000"
    assert card.transmit(bytes.fromhex("00B2030400")).hex() == "0304332e30309000"


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("00A4000002EF07", "6a82"),
        ("00B0850000", "6a82"),
        ("00B2092C00", "6a83"),
        ("00B2012D00", "6a86"),
    ],
)
def test_what_the_application_does_not_have_it_says(command: str, word: str) -> None:
    card = a_card()
    card.transmit(bytes.fromhex("00A404000F") + SSSE)
    assert card.transmit(bytes.fromhex(command)).hex() == word


@pytest.mark.parametrize(
    "wrong", [{"card_identifier": bytes(15)}, {"card_number": "C1234567"}], ids=str
)
def test_a_holder_that_no_factory_writes_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="has"):
        replace(HOLDER, **wrong)  # type: ignore[arg-type]
