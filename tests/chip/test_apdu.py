"""Commands and answers: what goes over the wire, and what of it is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip import purse_commands
from onecard.chip.apdu import MAX_ANSWER, Answer, Apdu, ApduError, Exchanged, Secret
from onecard.chip.purse_files import TransactionType
from onecard.chip.status import Status, StatusWord

BYTE = st.integers(0, 255)
APDUS = st.builds(
    Apdu,
    BYTE,
    BYTE,
    BYTE,
    BYTE,
    st.binary(max_size=255),
    st.none() | st.integers(1, 256),
)


@given(APDUS)
def test_a_command_comes_back_from_its_bytes_as_it_was(apdu: Apdu) -> None:
    assert Apdu.decode(apdu.encode()) == apdu


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_named_as_none(raw: bytes) -> None:
    try:
        apdu = Apdu.decode(raw)
    except ApduError:
        return
    assert apdu.encode() == raw


@given(st.binary(min_size=2, max_size=MAX_ANSWER))
def test_an_answer_comes_back_from_its_bytes_as_it_was(raw: bytes) -> None:
    assert Answer.decode(raw).encode() == raw


@pytest.mark.parametrize("raw", [b"", b"\x90", bytes(MAX_ANSWER + 1)])
def test_an_answer_has_two_to_258_bytes(raw: bytes) -> None:
    """每个应答不超过 258 字节。"""
    with pytest.raises(ApduError):
        Answer.decode(raw)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cla": 256},
        {"ins": -1},
        {"data": bytes(256)},
        {"le": 0},
        {"le": 257},
    ],
)
def test_a_command_that_cannot_be_said_is_not_made(wrong: dict[str, object]) -> None:
    plain: dict[str, object] = {"cla": 0, "ins": 0, "p1": 0, "p2": 0}
    with pytest.raises(ApduError):
        Apdu(**{**plain, **wrong})  # type: ignore[arg-type]


@pytest.mark.rule("card reference 3, vectors of 4.4")
def test_every_command_of_a_load_has_the_published_bytes() -> None:
    """圈存的每条指令与公开的字节一致。"""
    terminal = bytes.fromhex("487000000001")
    stamp = bytes.fromhex("20250101120000")
    said = [
        purse_commands.get_balance(),
        purse_commands.initialize_for_load(0x01, 10000, terminal),
        purse_commands.credit_for_load(stamp, bytes.fromhex("B10DE33B")),
        purse_commands.get_transaction_prove(TransactionType.LOAD, 0x2B),
    ]
    assert [command.encode().hex().upper() for command in said] == [
        "805C000204",
        "805000020B010000271048700000000110",
        "805200000B20250101120000B10DE33B04",
        "805A000202002B08",
    ]


@pytest.mark.rule("card reference 3")
def test_the_other_commands_have_the_published_bytes() -> None:
    """其余指令与公开的字节一致。"""
    terminal = bytes.fromhex("200041599997")
    stamp = bytes.fromhex("20180313164329")
    said = [
        purse_commands.select(bytes.fromhex("A000000632010105")),
        purse_commands.read_public_file(),
        purse_commands.read_transaction(1, 0x18),
        purse_commands.read_journey(1),
        purse_commands.get_balance(purse_commands.P1_NEGATIVE_BALANCE),
        purse_commands.verify(bytes.fromhex("123456")),
        purse_commands.get_challenge(4),
        purse_commands.initialize_for_unload(0x01, 3000, terminal, 0x01),
        purse_commands.debit_for_unload(stamp, bytes.fromhex("FF12A2FE")),
        purse_commands.initialize_for_purchase(0x01, 200, terminal),
        purse_commands.initialize_for_capp_purchase(0x01, 200, terminal),
        purse_commands.debit_for_purchase(
            bytes.fromhex("00000057"), stamp, bytes.fromhex("66CBC863")
        ),
        purse_commands.update_capp_data_cache(0x1E, 0, b"\x04"),
        purse_commands.update_capp_data_cache(0x1A, 2, b"\x27\x02\x7d"),
    ]
    assert [command.encode().hex().upper() for command in said] == [
        "00A4040008A00000063201010500",
        "00B095001E",
        "00B201C417",
        "00B201F430",
        "805C010204",
        "0020000003123456",
        "0084000004",
        "805005010B0100000BB820004159999710",
        "805403000B20180313164329FF12A2FE04",
        "805001020B01000000C82000415999970F",
        "805003020B01000000C82000415999970F",
        "805401000F000000572018031316432966CBC86308",
        "80DC00F00104",
        "80DC02D00327027D",
    ]


@pytest.mark.parametrize("pin", [b"", b"1", b"1234567"])
def test_a_pin_has_two_to_six_bytes(pin: bytes) -> None:
    with pytest.raises(ValueError, match="PIN"):
        purse_commands.verify(pin)


@pytest.mark.rule("card reference 8")
def test_a_pin_is_never_shown() -> None:
    """口令在任何记录里都是星号。"""
    command = purse_commands.verify(bytes.fromhex("123456"))
    line = Exchanged(command, Answer(b"", Status(StatusWord.OK)))
    assert command.shown == "0020000003******"
    assert "123456" not in line.shown + repr(line) + repr(command)


def test_what_a_card_says_about_a_person_is_never_shown() -> None:
    """持卡人资料在任何记录里都是星号。"""
    command = purse_commands.read_record(6, 1, secret=Secret.ANSWER)
    line = Exchanged(command, Answer(b"320499199003071234", Status(StatusWord.OK)))
    assert line.shown.endswith("-> " + "**" * 18 + " 9000")
    assert "3204" not in repr(line)


def test_an_exchange_without_an_answer_says_so() -> None:
    assert Exchanged(purse_commands.get_balance(), None).shown == "805C000204 -> nothing"
