"""The verbs of the card vendor and how their values travel."""

from __future__ import annotations

from dataclasses import dataclass

from cattrs.strategies import configure_tagged_union

from onecard.adapters.bank.messages import ACKNOWLEDGE_FILE, FETCH_FILES, SEND_FILE
from onecard.adapters.card_vendor import PrintedCard, PrintFailed, PrintOrder, codes
from onecard.adapters.wire import Verb, converter

__all__ = ["ACKNOWLEDGE_FILE", "CODEC", "FETCH_FILES", "PRINT_CARD", "SEND_FILE", "PrintAnswer"]


@dataclass(frozen=True)
class PrintAnswer:
    """A card, or why the blank is spoiled."""

    outcome: PrintedCard | PrintFailed


PRINT_CARD = Verb("print-card", PrintOrder, PrintAnswer)

CODEC = converter(names={PrintOrder: codes.ORDER, PrintedCard: codes.CARD}, codes={})
_OUTCOME = {PrintedCard: "made", PrintFailed: "failed"}
configure_tagged_union(
    PrintedCard | PrintFailed, CODEC, tag_name="outcome", tag_generator=_OUTCOME.__getitem__
)
