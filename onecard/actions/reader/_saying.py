"""What goes wrong at a reader, as a refusal people can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onecard.adapters.reader import NoCard, NoReader, ReaderError
from onecard.chip.fault import CardLost, ChipError, WrongCard
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused

AGAIN = Fix(FixKind.DO_FIRST, {"act": "reader"})


@contextmanager
def in_words() -> Iterator[None]:
    """Raises `reader.none`, `.no_card`, `.busy`, `.card_lost`, `.other_card`, `.card_refused`."""
    try:
        yield
    except NoCard as error:
        raise Refused(Refusal("reader.no_card", fix=AGAIN)) from error
    except NoReader as error:
        raise Refused(_told("reader.none", error)) from error
    except ReaderError as error:
        raise Refused(_told("reader.busy", error)) from error
    except ChipError as error:
        raise Refused(_told(_reason(error), error)) from error


def _told(reason: str, error: Exception) -> Refusal:
    return Refusal(reason, facts={"said": str(error)}, fix=AGAIN)


def _reason(error: ChipError) -> str:
    if isinstance(error, CardLost):
        return "reader.card_lost"
    return "reader.other_card" if isinstance(error, WrongCard) else "reader.card_refused"
