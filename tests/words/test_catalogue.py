"""Every no of the rule book has its words: headline, next step, both languages, no bare refusal."""

import re
from pathlib import Path

import pytest

from onecard import words
from onecard.chip.fault import Fault
from onecard.words.store import words_of

_LINES = (Path(__file__).parent / "catalogue.txt").read_text(encoding="utf-8").splitlines()
CATALOGUE = [tuple(line.split()) for line in _LINES if not line.startswith("#")]
MORE = """
documents.conflict person.name person.phone application.person_status
sheet.precision_lost sheet.duplicate_row sheet.type sheet.locked sheet.corrupt sheet.range
sheet.rows sheet.merged sheet.header sheet.formula sheet.cell_length sheet.cell_date
upload.empty upload.type upload.size upload.count upload.malware upload.unsafe upload.locked
upload.cost photo.pixels photo.metadata photo.duplicate photo.no_row
archive.bomb archive.entries archive.duplicate archive.nested archive.link archive.locked
archive.method archive.corrupt
request.body_size request.depth request.duplicate_key request.encoding request.unknown_field
request.field_type request.field_value request.page_limit request.amount
signature.time signature.invalid
chip.refused chip.lost chip.wrong_card
chip.protocol chip.tlv chip.suspicious chip.proof chip.changed
""".split()  # noqa: SIM905
FACT = re.compile(r"\{(\w+)\}")


def stems() -> list[str]:
    refused = [code for code, kind in CATALOGUE if "R" in kind] + MORE
    return [code.replace(".", ".refusal.", 1) for code in refused]


@pytest.mark.rule("rule book 29")
def test_the_catalogue_is_the_one_of_the_rule_book() -> None:
    assert len(CATALOGUE) == 130
    assert {kind for _, kind in CATALOGUE} == {"R", "N", "N/R"}


@pytest.mark.rule("rule book 29: next is mandatory")
@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("stem", stems())
def test_a_refusal_says_what_is_so_and_what_to_do_next(stem: str, language: str) -> None:
    """每个拒绝都说明情况和下一步。"""
    said = words_of(language)
    assert said[f"{stem}.headline"]
    assert said[f"{stem}.next"]


@pytest.mark.rule("rule book 29")
@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("code", [code for code, kind in CATALOGUE if "N" in kind])
def test_a_notice_has_a_sentence(code: str, language: str) -> None:
    assert words.has(code.replace(".", ".notice.", 1), language)


@pytest.mark.parametrize("key", sorted(words.all_keys("zh")))
def test_no_sentence_is_bare_rude_or_foreign(key: str) -> None:
    """不说「不合格」「非法」「系统异常」。"""
    zh, en = words_of("zh")[key], words_of("en")[key]
    assert not re.search("不合格|非法|系统异常", zh)
    assert not re.search(r"\b(please|sorry|invalid|illegal)\b", en, re.IGNORECASE)


@pytest.mark.parametrize("stem", stems())
def test_both_languages_name_the_same_facts_in_the_headline(stem: str) -> None:
    zh, en = words_of("zh")[f"{stem}.headline"], words_of("en")[f"{stem}.headline"]
    assert set(FACT.findall(zh)) == set(FACT.findall(en))


def test_chinese_sentences_use_chinese_punctuation() -> None:
    """汉字之间用全角标点。"""
    odd = re.compile(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]")
    assert not {key: said for key, said in words_of("zh").items() if odd.search(said)}


@pytest.mark.parametrize("fault", Fault, ids=str)
def test_whatever_goes_wrong_with_a_chip_has_its_words(fault: Fault) -> None:
    """与卡片通信的每一种异常,都有说明和下一步。"""
    assert fault.value.replace(".", ".refusal.", 1) in stems()
