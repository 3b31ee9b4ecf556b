"""The readers of this machine, where its PC/SC binding is installed."""

from __future__ import annotations

from onecard.adapters.reader import NoReader, Readers

MISSING = (
    "pyscard is not installed: `make reader` builds it "
    "(Debian: apt-get install pcscd swig gcc libpcsclite-dev)"
)


def desk_readers() -> Readers:
    """Everything pcscd knows of. Raises `NoReader` where pyscard is missing."""
    try:
        from onecard.adapters.reader.pcsc import PcscReaders
    except ImportError as error:
        raise NoReader(MISSING) from error
    return PcscReaders()


def choose(readers: Readers, wanted: str = "") -> str:
    """The reader with this name, or whose name holds it; the first one if none is wanted.

    Raises `NoReader`, naming those there are.
    """
    names = readers.names()
    found = [name for name in names if wanted == name] or [
        name for name in names if wanted.casefold() in name.casefold()
    ]
    if not found:
        there = ", ".join(names) or "none"
        raise NoReader(f"no reader {wanted!r}; there is: {there}" if wanted else "no reader")
    return found[0]
