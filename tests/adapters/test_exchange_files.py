"""Exchange files: every row comes back as it was, and no damaged byte gets through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import policy
from onecard.adapters import exchange_files
from onecard.adapters.exchange_files.framing import LINE_END, with_check
from onecard.adapters.exchange_files.layout import LAYOUTS, is_writable
from onecard.adapters.exchange_files.profiles import profile_of
from onecard.domain.application import ApplicationPolicy
from onecard.domain.application.key_information import must_fit_label, on_one_line
from onecard.domain.exchange import (
    CARD_VENDOR,
    AccountOrder,
    AccountReturn,
    CardOrder,
    CardReturn,
    FailedLink,
    FileKind,
    Header,
    Row,
)
from onecard.domain.refusal import Refusal
from onecard.seams.clock import LOCAL
from tests import cast

VECTORS = Path(__file__).parent / "vectors"

ORDER = AccountOrder(
    application_number="A20260302000017",
    attempt=1,
    name="王芳",
    identity_number=cast.ADULT,
    document_kind="resident_id",
    document_valid_to=date(2036, 1, 1),
    phone="13800138000",
    address='天宁区"水门,里"5号',
    occupation="30",
    nationality="CHN",
)
ACCOUNT = AccountReturn("A20260302000017", 1, cast.ADULT, True, "1105020001", "6222021105020001237")
NO_ACCOUNT = AccountReturn("A20260302000018", 1, cast.ADULT_MAN, False, reason="证件已过期")
CARD_ORDER = CardOrder(
    application_number="A20260302000017",
    attempt=1,
    name="阿卜杜热西提·买买提",
    identity_number=cast.ADULT,
    sex="female",
    born_on=date(1990, 1, 1),
    nationality="CHN",
    bank="icbc",
    account_number="1105020001",
    bank_card_number="6222021105020001237",
    collection="outlet",
    outlet="out_tianning",
    photo_sha256="0" * 64,
)
CARD = CardReturn(
    application_number="A20260302000017",
    attempt=1,
    identity_number=cast.ADULT,
    name="𠮷田·王",
    bank="icbc",
    card_number="A12345678",
    issued_on=date(2026, 3, 9),
    valid_to=date(2036, 3, 9),
    card_identifier="0123456789ABCDEF0123456789ABCDEF",
    answer_to_reset="3B6D00000031C071D66438D00300849000",
    bank_card_number="6222021105020001237",
    account_number="1105020001",
    box_position="B01-001",
)
NO_CARD = CardReturn(
    "A20260302000018",
    2,
    cast.ADULT_MAN,
    "王刚",
    "icbc",
    failed_link=FailedLink.MAKING,
    reason="芯片写入失败",
)
EXAMPLES: dict[FileKind, tuple[Row, ...]] = {
    FileKind.ACCOUNT_ORDER: (ORDER, replace(ORDER, document_valid_to=None, occupation="")),
    FileKind.ACCOUNT_RETURN: (ACCOUNT, NO_ACCOUNT),
    FileKind.CARD_ORDER: (CARD_ORDER, replace(CARD_ORDER, outlet="", photo_sha256="")),
    FileKind.CARD_RETURN: (CARD, NO_CARD),
}


def a_header(kind: FileKind, number: int = 1) -> Header:
    partner = CARD_VENDOR if kind.value.startswith("card") else "icbc"
    created = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
    return Header(kind, partner, cast.MONDAY, number, created)


def a_file(kind: FileKind, digest: str = "sha256") -> tuple[str, bytes]:
    header = a_header(kind)
    content = exchange_files.write(header, EXAMPLES[kind], digest=digest)
    assert isinstance(content, bytes)
    return header.name, content


def damage_of(name: str, content: bytes) -> tuple[object, object]:
    """The line that is wrong and why."""
    refusal = exchange_files.read(name, content)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "exchange.damaged"
    return refusal.facts["line"], refusal.facts["why"]


def resealed(line: bytes) -> bytes:
    """A line that was changed by somebody who can also make the check value."""
    return with_check(line[: -len(LINE_END) - 8])


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_was_written_is_read_back(kind: FileKind, digest: str) -> None:
    """文件写出后原样读回。"""
    name, content = a_file(kind, digest)
    contents = exchange_files.read(name, content)
    assert contents == exchange_files.Contents(a_header(kind), EXAMPLES[kind])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_bytes_on_the_wire_never_change_unnoticed(kind: FileKind) -> None:
    """文件格式即合同:与样例文件逐字节一致。"""
    name, content = a_file(kind)
    assert (VECTORS / name).read_bytes() == content


@pytest.mark.parametrize("kind", [FileKind.CARD_ORDER, FileKind.CARD_RETURN])
def test_every_line_of_the_vendor_is_equally_long_in_bytes(kind: FileKind) -> None:
    """定长文件按字节计宽,GB 18030 每字 1、2 或 4 字节。"""
    _, content = a_file(kind)
    assert len({len(line) for line in content.split(LINE_END)[:-1]}) == 1


@pytest.mark.parametrize("kind", [FileKind.ACCOUNT_RETURN, FileKind.CARD_RETURN])
def test_a_flipped_bit_anywhere_refuses_the_whole_file_and_names_its_line(kind: FileKind) -> None:
    """任何一位翻转,整份文件不导入,并指出哪一行。"""
    name, content = a_file(kind)
    for place in range(len(content)):
        line = content.count(LINE_END, 0, place) + 1
        flipped = bytearray(content)
        flipped[place] ^= 1 << (place % 8)
        wrong_line, _ = damage_of(name, bytes(flipped))
        assert wrong_line in {line, line - 1, line + 1}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_file_cut_anywhere_is_refused_whole(kind: FileKind) -> None:
    """截断的文件整份不导入。"""
    name, content = a_file(kind)
    for length in range(len(content)):
        damage_of(name, content[:length])


def test_a_missing_trailer_is_named() -> None:
    """缺尾记录。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    lines = content.splitlines(keepends=True)
    assert damage_of(name, b"".join(lines[:-1])) == (4, "@exchange.why.no_trailer")


def test_a_missing_header_is_named() -> None:
    """缺头记录。"""
    name, content = a_file(FileKind.CARD_RETURN)
    lines = content.splitlines(keepends=True)
    assert damage_of(name, b"".join(lines[1:]))[0] == 1


def test_a_line_taken_out_is_found_by_the_count() -> None:
    """少一行,笔数不符。"""
    name, content = a_file(FileKind.CARD_RETURN)
    lines = content.splitlines(keepends=True)
    assert damage_of(name, b"".join([lines[0], *lines[2:]])) == (3, "@exchange.why.count")


def test_a_line_changed_with_its_check_value_is_found_by_the_digest() -> None:
    """改动一行并重算行校验,摘要不符。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    lines = content.splitlines(keepends=True)
    lines[2] = resealed(lines[2].replace(b"0001237", b"0001245"))
    assert damage_of(name, b"".join(lines)) == (5, "@exchange.why.digest")


def test_a_line_with_one_column_more_is_named() -> None:
    """多一列,指出该行。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    lines = content.splitlines(keepends=True)
    lines[3] = resealed(lines[3].replace(b"D,", b"D,x,"))
    assert damage_of(name, b"".join(lines)) == (4, "@exchange.why.columns")


def test_a_fixed_width_line_that_is_too_long_is_named() -> None:
    """定长行过长,指出该行。"""
    name, content = a_file(FileKind.CARD_ORDER)
    lines = content.splitlines(keepends=True)
    lines[2] = with_check(lines[2][: -len(LINE_END) - 8] + b"x")
    assert damage_of(name, b"".join(lines)) == (3, "@exchange.why.columns")


def test_a_line_in_another_encoding_is_named() -> None:
    """编码不对,指出该行。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    in_utf8 = "证件已过期".encode()
    lines = content.splitlines(keepends=True)
    lines[3] = resealed(lines[3].replace(in_utf8, "证件已过期".encode("gb18030")))
    assert damage_of(name, b"".join(lines)) == (4, "@exchange.why.encoding")


def test_a_fixed_width_file_in_utf8_is_refused() -> None:
    """卡商文件误用 UTF-8 编码。"""
    name, content = a_file(FileKind.CARD_RETURN)
    assert damage_of(name, content.decode("gb18030").encode())[0] == 2


def test_a_value_of_another_form_is_named_with_its_column() -> None:
    """日期不存在,指出行与列。"""
    name, content = a_file(FileKind.CARD_RETURN)
    lines = content.splitlines(keepends=True)
    lines[1] = resealed(lines[1].replace(b"20360309", b"20360231"))
    refusal = exchange_files.read(name, b"".join(lines))
    assert isinstance(refusal, Refusal)
    assert refusal.facts["why"] == "@exchange.why.value"
    assert refusal.measured["column"] == "@exchange.column.valid_to"


@pytest.mark.parametrize(
    "wrong",
    [
        "abc-account_return-20260302-000001.csv",
        "icbc-account_return-20260303-000001.csv",
        "icbc-account_return-20260302-000002.csv",
        "icbc-account_order-20260302-000001.csv",
        "icbc-account_return-20260302-000001.txt",
        "whatever",
        "",
    ],
)
def test_a_file_whose_name_says_something_else_is_refused(wrong: str) -> None:
    """机构、日期、编号与文件头不一致,整份不导入。"""
    _, content = a_file(FileKind.ACCOUNT_RETURN)
    damage_of(wrong, content)


def test_a_later_profile_is_not_guessed_at() -> None:
    """格式版本不同,不导入。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    lines = content.splitlines(keepends=True)
    lines[0] = resealed(lines[0].replace(b",1,icbc", b",2,icbc"))
    assert damage_of(name, b"".join(lines)) == (1, "@exchange.why.profile")


def test_an_unknown_digest_is_not_trusted() -> None:
    """摘要算法不认识,不导入。"""
    name, content = a_file(FileKind.ACCOUNT_RETURN)
    lines = content.splitlines(keepends=True)
    lines[-1] = resealed(lines[-1].replace(b"sha256", b"md5"))
    assert damage_of(name, b"".join(lines)) == (5, "@exchange.why.algorithm")


@pytest.mark.rule("platform D7")
def test_a_name_too_long_for_the_vendor_is_refused_with_the_partner_before_the_file() -> None:
    """姓名放不下,成文件之前即指出,注明对方机构。"""
    long_name = replace(CARD_ORDER, name="阿" * 25 + "x")
    refusal = exchange_files.write(a_header(FileKind.CARD_ORDER), [CARD_ORDER, long_name])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "exchange.does_not_fit"
    assert refusal.facts["partner"] == "@production.holder.card_vendor"
    assert (refusal.measured["measured"], refusal.allowed["allowed"]) == (51, 50)
    assert exchange_files.fits(
        FileKind.CARD_ORDER, replace(CARD_ORDER, name="阿" * 25), partner=CARD_VENDOR
    ) is None  # fmt: skip


def test_a_rare_character_takes_four_bytes() -> None:
    """生僻字在 GB 18030 中占 4 字节。"""
    fitting, too_long = (replace(CARD_ORDER, name="𠮷" * count) for count in (12, 13))
    assert exchange_files.fits(FileKind.CARD_ORDER, fitting, partner=CARD_VENDOR) is None
    refusal = exchange_files.fits(FileKind.CARD_ORDER, too_long, partner=CARD_VENDOR)
    assert refusal is not None
    assert refusal.measured["measured"] == 52


@pytest.mark.parametrize("character", ["\ue000", "\n", "\x00", "\u200b", "\ud800", "\u2028"])
def test_a_character_that_partners_cannot_print_alike_is_refused(character: str) -> None:
    """自造字、控制字符不写进文件。"""
    row = replace(ORDER, name=f"王{character}芳")
    refusal = exchange_files.write(a_header(FileKind.ACCOUNT_ORDER), [row])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "exchange.does_not_encode"
    assert refusal.field == "name"


def test_a_refusal_never_repeats_the_text_it_refuses() -> None:
    """拒绝信息不含个人信息。"""
    row = replace(ORDER, identity_number=cast.ADULT + "0" * 20)
    refusal = exchange_files.fits(FileKind.ACCOUNT_ORDER, row, partner="icbc")
    assert cast.ADULT not in str(refusal)


def a_text(kind: FileKind, column: int) -> st.SearchStrategy[str]:
    width, encoding = LAYOUTS[kind][column].width, profile_of(kind).encoding
    return st.text(max_size=width).filter(
        lambda text: is_writable(text) and len(text.encode(encoding)) <= width
    )


DAYS = st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@given(name=a_text(FileKind.ACCOUNT_ORDER, 2), address=a_text(FileKind.ACCOUNT_ORDER, 7), day=DAYS)
def test_any_bank_order_comes_back(name: str, address: str, day: date | None) -> None:
    """任意可写内容写出后原样读回(CSV)。"""
    header = a_header(FileKind.ACCOUNT_ORDER)
    rows = (replace(ORDER, name=name, address=address, document_valid_to=day),)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    assert exchange_files.read(header.name, content) == exchange_files.Contents(header, rows)


@given(
    name=a_text(FileKind.CARD_RETURN, 3),
    reason=a_text(FileKind.CARD_RETURN, 14),
    day=DAYS,
    link=st.none() | st.sampled_from(FailedLink),
)
def test_any_card_return_comes_back(
    name: str, reason: str, day: date | None, link: FailedLink | None
) -> None:
    """任意可写内容写出后原样读回(定长)。"""
    header = a_header(FileKind.CARD_RETURN)
    rows = (replace(CARD, name=name, reason=reason, issued_on=day, failed_link=link),)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    assert exchange_files.read(header.name, content) == exchange_files.Contents(header, rows)


@given(st.binary(max_size=400))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    """任意字节都不会使导入崩溃。"""
    for kind in EXAMPLES:
        assert isinstance(exchange_files.read(a_header(kind).name, noise), Refusal)


def test_an_empty_file_of_no_rows_is_a_file() -> None:
    """零笔文件也是完整文件。"""
    for kind in EXAMPLES:
        header = a_header(kind)
        content = exchange_files.write(header, ())
        assert isinstance(content, bytes)
        assert exchange_files.read(header.name, content) == exchange_files.Contents(header, ())


def test_the_same_portraits_are_always_the_same_bytes() -> None:
    """照片包内容相同则字节相同。"""
    portraits = {"A2": b"second", "A1": b"first"}
    content = exchange_files.write_portraits(portraits)
    assert content == exchange_files.write_portraits(dict(sorted(portraits.items())))
    assert exchange_files.read_portraits(content) == portraits


@given(st.text(min_size=1, max_size=160))
@pytest.mark.rule("platform B17; rule book 8.1")
def test_every_address_that_is_taken_at_a_door_fits_the_banks_file(typed: str) -> None:
    """受理时收下的地址，银行文件都写得下：不会受理以后才卡住。"""
    figures = policy.in_force("application", ApplicationPolicy, on=date(2026, 3, 2))
    if must_fit_label(address=typed, field="address", figures=figures) is not None:
        return
    row = replace(ORDER, address=on_one_line(typed))
    assert exchange_files.fits(FileKind.ACCOUNT_ORDER, row, partner="icbc") is None


@pytest.mark.parametrize("typed", ["常" * 160, "𠮷" * 160, "延陵西路1号\r\n  2幢201室\u2028甲"])
def test_a_long_address_and_one_of_several_lines_fit_too(typed: str) -> None:
    """最长的、分几行写的地址也一样。"""
    row = replace(ORDER, address=on_one_line(typed))
    assert exchange_files.fits(FileKind.ACCOUNT_ORDER, row, partner="icbc") is None
