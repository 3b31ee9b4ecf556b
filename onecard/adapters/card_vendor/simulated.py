"""A card vendor made of software: a factory that works from files, and printers at the outlets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from cattrs.preconf.json import make_converter

from onecard.adapters.bank import ReceivedFile
from onecard.adapters.card_vendor import PrintedCard, PrintFailed, PrintOrder
from onecard.adapters.card_vendor.making import SPOILT_ENDING, make, reason_to_fail
from onecard.adapters.exchange_files import Contents
from onecard.adapters.mailbox import Mailbox
from onecard.adapters.pace import Pace
from onecard.adapters.store import Shelf, Store
from onecard.domain.exchange import CardOrder, CardReturn, FailedLink, FileKind
from onecard.domain.partner import CARD_VENDOR
from onecard.seams.clock import local_day

REJECTED = "质检未通过:卡面有划痕"
"""What the factory says of a card that it was told to reject."""
_BOX, _REJECTS = 200, "rejects"
_kept = make_converter()


class SimulatedCardVendor:
    """Answers as `CardVendor` says."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], seed: int, pace: Pace) -> None:
        self._store, self._now, self._seed = store, now, seed
        self._box = Mailbox(
            partner=CARD_VENDOR,
            store=store,
            now=now,
            takes=pace.vendor_file,
            orders=FileKind.CARD_ORDER,
            answers=FileKind.CARD_RETURN,
            work=self._work,
        )

    def send_file(self, name: str, content: bytes) -> None:
        """Take a file over. The same name and content again changes nothing."""
        self._box.put(name, content)

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        return tuple(ReceivedFile(*file) for file in self._box.look())

    def acknowledge_file(self, name: str) -> None:
        """The file need not be offered again."""
        self._box.acknowledge(name)

    def print_card(self, order: PrintOrder) -> PrintedCard | PrintFailed:
        """Make one card now. The same message id again gets the same card, or the same failure."""
        with self._store.turn() as shelf:
            printed = shelf.get("printed", order.message_id)
            if printed is None:
                outcome = self._print(shelf, order)
                shelf.add("printed", order.message_id, _as_body(outcome))
                return outcome
        return _as_outcome(printed.body)

    def reject_next(self, cards: int) -> None:
        """Let the factory reject so many of the next cards, whosever they are."""
        with self._store.turn() as shelf:
            shelf.remove(_REJECTS, CARD_VENDOR)
            shelf.add(_REJECTS, CARD_VENDOR, {"left": cards})

    def _print(self, shelf: Shelf, order: PrintOrder) -> PrintedCard | PrintFailed:
        if not shelf.add("blank", order.blank_serial, {}):
            return PrintFailed("此空白卡已写过")
        if order.blank_serial.endswith(SPOILT_ENDING):
            return PrintFailed("芯片无应答")
        return self._make(shelf, order.application_number, order.message_id)

    def _work(self, shelf: Shelf, contents: Contents) -> tuple[CardReturn, ...]:
        orders = (row for row in contents.rows if isinstance(row, CardOrder))
        return tuple(self._return(shelf, order, place) for place, order in enumerate(orders))

    def _return(self, shelf: Shelf, order: CardOrder, place: int) -> CardReturn:
        who = (order.application_number, order.attempt, order.identity_number)
        reason = reason_to_fail(order.identity_number, order.attempt)
        reason = reason or _rejected(shelf)
        if reason:
            failed = FailedLink.MAKING
            return CardReturn(*who, order.name, order.bank, failed_link=failed, reason=reason)
        card = self._made_before(shelf, order) or self._make(
            shelf, order.application_number, str(order.attempt)
        )
        shelf.add("made", f"{who[0]}#{who[1]}", _as_body(card))
        return CardReturn(
            *who,
            order.name,
            order.bank,
            card_number=card.card_number,
            issued_on=card.issued_on,
            valid_to=card.valid_to,
            card_identifier=card.card_identifier,
            answer_to_reset=card.answer_to_reset,
            bank_card_number=order.bank_card_number,
            account_number=order.account_number,
            box_position=f"{place // _BOX + 1:03d}-{place % _BOX + 1:03d}",
        )

    def _made_before(self, shelf: Shelf, order: CardOrder) -> PrintedCard | None:
        """The card of the same order in an earlier file: no order makes two."""
        made = shelf.get("made", f"{order.application_number}#{order.attempt}")
        return _kept.structure(made.body["card"], PrintedCard) if made else None

    def _make(self, shelf: Shelf, application: str, attempt: str) -> PrintedCard:
        today: date = local_day(self._now())
        return make(shelf, seed=self._seed, application=application, attempt=attempt, today=today)


def _rejected(shelf: Shelf) -> str:
    """Why the factory rejects this card: one of those it was told to, or an empty string."""
    told = shelf.get(_REJECTS, CARD_VENDOR)
    if told is None or told.body["left"] < 1:
        return ""
    shelf.change(_REJECTS, CARD_VENDOR, {"left": told.body["left"] - 1})
    return REJECTED


def _as_body(outcome: PrintedCard | PrintFailed) -> dict[str, object]:
    if isinstance(outcome, PrintFailed):
        return {"failed": outcome.reason}
    return {"card": _kept.unstructure(outcome)}


def _as_outcome(body: dict[str, str]) -> PrintedCard | PrintFailed:
    if "failed" in body:
        return PrintFailed(body["failed"])
    return _kept.structure(body["card"], PrintedCard)
