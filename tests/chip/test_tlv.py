"""BER-TLV: whatever is written can be read, whatever is broken is refused whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.chip import tlv
from onecard.chip.tlv import MAX_DEPTH, MAX_OBJECTS, Tlv, TlvError

PRIMITIVE = st.sampled_from([0x50, 0x84, 0x87, 0x9F08, 0x9F0C, 0xDF8129])
CONSTRUCTED = st.sampled_from([0x61, 0x6F, 0xA5, 0xBF0C])

LEAVES = st.builds(tlv.encode, PRIMITIVE, st.binary(max_size=300))


def _inside(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    parts = st.lists(inner, max_size=3)
    return st.builds(lambda tag, inside: tlv.encode(tag, *inside), CONSTRUCTED, parts)


TREES = LEAVES | _inside(LEAVES | _inside(LEAVES | _inside(LEAVES)))


def _written(objects: tuple[Tlv, ...]) -> bytes:
    return b"".join(
        tlv.encode(o.tag, _written(o.parts)) if o.parts else tlv.encode(o.tag, o.value)
        for o in objects
    )


@given(TREES)
def test_what_is_written_is_read_and_written_the_same(raw: bytes) -> None:
    assert _written(tlv.parse(raw)) == raw


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_and_nothing_else(raw: bytes) -> None:
    try:
        objects = tlv.parse(raw)
    except TlvError:
        return
    assert sum(1 for _ in objects) <= MAX_OBJECTS


@pytest.mark.rule("card reference 2.2")
def test_the_published_fci_is_read() -> None:
    """公开的 FCI 可读出应用信息。"""
    fci = bytes.fromhex(
        "6F318408A000000632010105A5259F0801029F0C1E"
        "01011000FFFFFFFF02010310487000000001234520190806204012310000"
    )
    own = tlv.parse_one(fci, 0x6F)
    version, name = own.find(0xA5, 0x9F08), own.find(0x84)
    assert version is not None
    assert version.value == b"\x02"
    assert name is not None
    assert name.value.hex().upper() == "A000000632010105"
    assert own.find(0xA5, 0x50) is None


@pytest.mark.rule("guarantees 10.7, case 115")
@pytest.mark.parametrize(
    "raw",
    [
        "6F80",
        "6F84FFFFFFFF",
        "6F83000001FF",
        "6F",
        "6F05",
        "6F82",
        "6F8200",
        "6F0284",
        "00",
        "9F",
        "9FFFFFFF01",
    ],
    ids=str,
)
def test_lengths_and_tags_that_no_card_needs_are_refused(raw: str) -> None:
    """不定长、超长、截断的编码一律拒绝。"""
    with pytest.raises(TlvError):
        tlv.parse(bytes.fromhex(raw))


def _nested(levels: int) -> bytes:
    raw = b"\x50\x00"
    for _ in range(levels - 1):
        raw = tlv.encode(0x6F, raw)
    return raw


@pytest.mark.rule("guarantees 10.7, case 115")
def test_at_most_eight_levels() -> None:
    """最多八层。"""
    assert tlv.parse(_nested(MAX_DEPTH))
    for levels in (MAX_DEPTH + 1, 1000):
        with pytest.raises(TlvError):
            tlv.parse(_nested(levels))


def test_at_most_256_objects() -> None:
    assert len(tlv.parse(b"\x50\x00" * MAX_OBJECTS)) == MAX_OBJECTS
    with pytest.raises(TlvError):
        tlv.parse(b"\x50\x00" * (MAX_OBJECTS + 1))


def test_every_entry_is_found_at_any_depth() -> None:
    entry = tlv.encode(0x61, tlv.encode(0x4F, b"\xa0"))
    raw = tlv.encode(0x6F, tlv.encode(0xA5, tlv.encode(0xBF0C, entry, entry)))
    assert len(list(tlv.walk(tlv.parse(raw), 0x61))) == 2


def test_nothing_is_written_that_a_card_could_not_read() -> None:
    with pytest.raises(TlvError):
        tlv.encode(0x50, bytes(1 << 16))


def test_another_object_than_expected_is_refused() -> None:
    with pytest.raises(TlvError):
        tlv.parse_one(b"\x50\x00", 0x6F)
