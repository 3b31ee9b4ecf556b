"""BER-TLV as cards write it (ISO/IEC 7816-4 annex, EMV book 3), with a limit on everything.

A card in the field is a stranger: length of at most two octets, eight levels, 256 objects. What is
longer, deeper, indefinite or cut short is refused whole (bad-input catalogue, case 115).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MAX_DEPTH = 8
MAX_OBJECTS = 256
MAX_LENGTH_OCTETS = 2
MAX_TAG_OCTETS = 3

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_MORE = 0x80
_SHORT_LENGTH = 0x80


class TlvError(ValueError):
    """Bytes that are no well-formed TLV within our limits."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One object: its tag as a number (`0x9F0C`), its value, and what the value is made of."""

    tag: int
    value: bytes
    parts: tuple[Tlv, ...] = ()

    def find(self, *path: int) -> Tlv | None:
        """The first object under this one along the tags of `path`."""
        return find(self.parts, *path)


def parse(data: bytes) -> tuple[Tlv, ...]:
    """Every object of `data`, one after the other. Raises `TlvError`."""
    return _Parser().objects(data, MAX_DEPTH)


def parse_one(data: bytes, tag: int) -> Tlv:
    """The single object that `data` consists of. Raises `TlvError` if it is another."""
    objects = parse(data)
    if len(objects) != 1 or objects[0].tag != tag:
        raise TlvError(f"not one object of tag {tag:X}")
    return objects[0]


def find(objects: tuple[Tlv, ...], *path: int) -> Tlv | None:
    """The first object along the tags of `path`, each step one level deeper."""
    tag, *deeper = path
    for found in objects:
        if found.tag == tag:
            return found.find(*deeper) if deeper else found
    return None


def walk(objects: tuple[Tlv, ...], tag: int) -> Iterator[Tlv]:
    """Every object with this tag, at any depth, in reading order."""
    for found in objects:
        if found.tag == tag:
            yield found
        yield from walk(found.parts, tag)


def encode(tag: int, *values: bytes) -> bytes:
    """One object, with the shortest length. Raises `TlvError` above two octets of length."""
    value = b"".join(values)
    size = (tag.bit_length() + 7) // 8
    return tag.to_bytes(size) + _length(len(value)) + value


def _length(length: int) -> bytes:
    if length < _SHORT_LENGTH:
        return bytes((length,))
    octets = (length.bit_length() + 7) // 8
    if octets > MAX_LENGTH_OCTETS:
        raise TlvError(f"{length} bytes are too long for a card")
    return bytes((_SHORT_LENGTH | octets,)) + length.to_bytes(octets)


class _Parser:
    """One parse: counts its objects, so that a small answer cannot become a large tree."""

    def __init__(self) -> None:
        self._objects = 0

    def objects(self, data: bytes, levels: int) -> tuple[Tlv, ...]:
        """The objects in `data`, at most `levels` deep."""
        if levels == 0:
            raise TlvError(f"deeper than {MAX_DEPTH} levels")
        found = []
        while data:
            tag, constructed, rest = _take_tag(data)
            value, data = _take_value(rest)
            self._count()
            parts = self.objects(value, levels - 1) if constructed else ()
            found.append(Tlv(tag, value, parts))
        return tuple(found)

    def _count(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise TlvError(f"more than {MAX_OBJECTS} objects")


def _take_tag(data: bytes) -> tuple[int, bool, bytes]:
    """The tag, whether it is constructed, and the rest."""
    size = 1
    if data[0] & _LONG_TAG == _LONG_TAG:
        size = next((n + 1 for n in range(1, len(data)) if not data[n] & _MORE), 0)
    if not 1 <= size <= MAX_TAG_OCTETS or data[0] == 0:
        raise TlvError("a tag that is none")
    return int.from_bytes(data[:size]), bool(data[0] & _CONSTRUCTED), data[size:]


def _take_value(data: bytes) -> tuple[bytes, bytes]:
    """The value behind its length, and the rest."""
    if not data:
        raise TlvError("a tag without a length")
    octets = data[0] - _SHORT_LENGTH if data[0] >= _SHORT_LENGTH else 0
    if data[0] == _SHORT_LENGTH or octets > MAX_LENGTH_OCTETS:
        raise TlvError("an indefinite length or one of more than two octets")
    end = 1 + octets
    length = int.from_bytes(data[1:end]) if octets else data[0]
    if len(data) < end + length:
        raise TlvError("cut short")
    return data[end : end + length], data[end + length :]
