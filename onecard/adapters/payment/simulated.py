"""A payment channel made of software: prepares, takes money, tells, pays back, settles by day.

How it tells and pays back can be spoiled on purpose (`misbehave`): notices late, twice, never,
forged or with another sum; refunds slow or failing. Nothing runs by itself: what is due by now is
told when somebody asks for the notices that wait.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from onecard.adapters import chance
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.payment import (
    Bill,
    FoundState,
    Notice,
    PaymentFound,
    Prepared,
    RefundFound,
    Repay,
    Settlement,
    SettlementLine,
    Shown,
    notices,
)
from onecard.adapters.store import Body, Shelf, Store
from onecard.domain.partner import PAYMENT
from onecard.domain.payment import CURRENCY, NoticeKind
from onecard.seams.clock import local_day

LATE = timedelta(minutes=20)
SLOW = timedelta(days=2)
_PAYMENT, _REFUND, _NOTICE, _HABIT = "payment", "refund", "notice", "habit"
_FORGERS_KEY = b"a forger's own key, 32 bytes long"


class NoticeHabit(Enum):
    """How the channel tells."""

    PROMPT = "prompt"
    LATE = "late"
    TWICE = "twice"
    NEVER = "never"
    FORGED = "forged"
    OTHER_AMOUNT = "other_amount"


class RefundHabit(Enum):
    """How the channel pays back."""

    PROMPT = "prompt"
    SLOW = "slow"
    FAILS = "fails"


class SimulatedPaymentGateway:
    """Answers as `PaymentGateway` says. `page` is where payers are sent."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], seed: int, page: str) -> None:
        self._store, self._now, self._seed, self._page = store, now, seed, page

    def misbehave(
        self,
        *,
        notices: NoticeHabit = NoticeHabit.PROMPT,
        refunds: RefundHabit = RefundHabit.PROMPT,
    ) -> None:
        """From now on tell and pay back in this way; without words: as it should be."""
        with self._store.turn() as shelf:
            shelf.remove(_HABIT, _HABIT)
            shelf.add(_HABIT, _HABIT, {"notices": notices.value, "refunds": refunds.value})

    def create(self, bill: Bill) -> Prepared:
        """Prepare a payment. Idempotent by our reference."""
        number = self._number("pay", bill.payment)
        body: Body = {
            "order": bill.order,
            "amount_fen": bill.amount_fen,
            "subject": bill.subject,
            "pay_by": bill.pay_by.isoformat(),
            "provider_no": number,
            "paid_at": "",
        }
        with self._store.turn() as shelf:
            shelf.add(_PAYMENT, bill.payment, body)
        return Prepared(number, f"{self._page}?payment={bill.payment}")

    def find(self, payment: str) -> PaymentFound | None:
        """How a payment stands."""
        with self._store.turn() as shelf:
            entry = shelf.get(_PAYMENT, payment)
        return _payment(payment, entry.body) if entry else None

    def pay(self, payment: str, *, amount_fen: int | None = None) -> bool:
        """Somebody pays on the channel's page; False for what is paid or unknown.

        It takes money even after the order's own time: such is life.
        """
        with self._store.turn() as shelf:
            entry = shelf.get(_PAYMENT, payment)
            if entry is None or entry.body["paid_at"]:
                return False
            body = entry.body | {"paid_at": self._now().isoformat()}
            body["amount_fen"] = amount_fen or body["amount_fen"]
            shelf.change(_PAYMENT, payment, body)
            self._tell(shelf, NoticeKind.PAID, payment, "", body, body["amount_fen"])
        return True

    def refund(self, repay: Repay) -> RefundFound:
        """Send money back, once for each reference, never more than was paid."""
        with self._store.turn() as shelf:
            known = shelf.get(_REFUND, repay.refund)
            paid = shelf.get(_PAYMENT, repay.payment)
            if known is None:
                if paid is None or not paid.body["paid_at"]:
                    raise PartnerDown(PAYMENT, "no such payment")
                self._begin(shelf, repay, paid.body)
        found = self.find_refund(repay.refund)
        if found is None:
            raise PartnerDown(PAYMENT, "no such refund")
        return found

    def find_refund(self, refund: str) -> RefundFound | None:
        """How a refund stands by now."""
        with self._store.turn() as shelf:
            entry = shelf.get(_REFUND, refund)
            if entry is None:
                return None
            body = self._ripened(shelf, refund, entry.body)
        return RefundFound(
            refund,
            FoundState(body["state"]),
            body["provider_no"],
            body["amount_fen"],
            body["reason"],
        )

    def settlement(self, day: date) -> Settlement | None:
        """The file of a day that is over."""
        if day >= local_day(self._now()):
            return None
        with self._store.turn() as shelf:
            paid = [(entry.key, entry.body) for entry in shelf.every(_PAYMENT)]
            back = [(entry.key, entry.body) for entry in shelf.every(_REFUND)]
        lines = [
            *(_line(ref, body, "paid_at", refund=False) for ref, body in paid),
            *(_line(ref, body, "ended_at", refund=True) for ref, body in back),
        ]
        of_day = tuple(line for line in lines if line and local_day(line.at) == day)
        net_fen = sum(-line.amount_fen if line.refund else line.amount_fen for line in of_day)
        said = json.dumps([(line.ref, line.amount_fen, line.refund) for line in of_day])
        return Settlement(day, of_day, net_fen, hashlib.sha256(said.encode()).hexdigest())

    def read_notice(self, *, shown: Shown, body: bytes, at: datetime) -> Notice:
        """What a notice says, its signature proven first."""
        return notices.opened(shown, body, keys=notices.simulated_keys(), at=at)

    def waiting(self) -> tuple[notices.Sent, ...]:
        """The notices that are due by now, signed at this moment, in the order they fell due."""
        now = self._now()
        with self._store.turn() as shelf:
            due = shelf.due(_NOTICE, now.isoformat())
        return tuple(self._sent(entry.body, now) for entry in due)

    def taken(self, message: str) -> None:
        """The notice was answered with yes: it is told no more."""
        with self._store.turn() as shelf:
            for entry in shelf.every(_NOTICE):
                if entry.body["id"] == message:
                    shelf.remove(_NOTICE, entry.key)
                    return

    def tell(self, to: Callable[[notices.Sent], bool]) -> int:
        """Tell everything that waits; `to` says whether it was taken. Returns how many were."""
        told = [sent for sent in self.waiting() if to(sent)]
        for sent in told:
            self.taken(sent.shown.message)
        return len(told)

    def _begin(self, shelf: Shelf, repay: Repay, paid: Body) -> None:
        habit = RefundHabit(self._habit(shelf)["refunds"])
        back = [e.body for e in shelf.every(_REFUND) if e.body["payment"] == repay.payment]
        gone = sum(one["amount_fen"] for one in back if one["state"] != FoundState.FAILED.value)
        fails = habit is RefundHabit.FAILS or gone + repay.amount_fen > paid["amount_fen"]
        ripe = self._now() + (SLOW if habit is RefundHabit.SLOW else timedelta(0))
        body: Body = {
            "payment": repay.payment,
            "order": paid["order"],
            "amount_fen": repay.amount_fen,
            "provider_no": self._number("refund", repay.refund),
            "state": (FoundState.FAILED if fails else FoundState.WAITING).value,
            "reason": "余额不足" if fails else "",
            "ripe": ripe.isoformat(),
            "ended_at": "",
        }
        shelf.add(_REFUND, repay.refund, body)
        if fails:
            kind = NoticeKind.REFUND_FAILED
            self._tell(shelf, kind, repay.payment, repay.refund, body, repay.amount_fen)

    def _ripened(self, shelf: Shelf, refund: str, body: Body) -> Body:
        """A refund that is done by now, and told."""
        waits = body["state"] == FoundState.WAITING.value
        if not waits or datetime.fromisoformat(body["ripe"]) > self._now():
            return body
        done = body | {"state": FoundState.DONE.value, "ended_at": self._now().isoformat()}
        shelf.change(_REFUND, refund, done)
        self._tell(shelf, NoticeKind.REFUNDED, body["payment"], refund, done, body["amount_fen"])
        return done

    def _tell(
        self, shelf: Shelf, kind: NoticeKind, payment: str, refund: str, body: Body, fen: int
    ) -> None:
        habit = NoticeHabit(self._habit(shelf)["notices"])
        if habit is NoticeHabit.NEVER:
            return
        name = self._number("notice", f"{payment}{refund}{kind.value}")
        told = {
            "id": name,
            "kind": kind.value,
            "payment": payment,
            "refund": refund,
            "order": body["order"],
            "provider_no": body["provider_no"],
            "amount_fen": fen + (1 if habit is NoticeHabit.OTHER_AMOUNT else 0),
            "at": self._now().isoformat(),
            "reason": body.get("reason", ""),
            "forged": habit is NoticeHabit.FORGED,
        }
        due = (self._now() + (LATE if habit is NoticeHabit.LATE else timedelta(0))).isoformat()
        for copy in range(2 if habit is NoticeHabit.TWICE else 1):
            shelf.add(_NOTICE, f"{name}-{copy}", told, due=due)

    def _sent(self, body: Body, at: datetime) -> notices.Sent:
        notice = Notice(
            message=body["id"],
            kind=NoticeKind(body["kind"]),
            payment=body["payment"],
            refund=body["refund"],
            order=body["order"],
            provider_no=body["provider_no"],
            amount_fen=body["amount_fen"],
            currency=CURRENCY,
            happened_at=datetime.fromisoformat(body["at"]),
            reason=body["reason"],
        )
        (own,) = notices.simulated_keys().values()
        return notices.signed(notice, key=_FORGERS_KEY if body["forged"] else own, at=at)

    def _habit(self, shelf: Shelf) -> dict[str, str]:
        entry = shelf.get(_HABIT, _HABIT)
        return entry.body if entry else {"notices": "prompt", "refunds": "prompt"}

    def _number(self, *names: str) -> str:
        return chance.hexadecimal(24, self._seed, PAYMENT, *names)


def _payment(ref: str, body: dict[str, Any]) -> PaymentFound:
    paid_at = datetime.fromisoformat(body["paid_at"]) if body["paid_at"] else None
    return PaymentFound(
        payment=ref,
        order=body["order"],
        state=FoundState.DONE if paid_at else FoundState.WAITING,
        provider_no=body["provider_no"],
        amount_fen=body["amount_fen"],
        currency=CURRENCY,
        paid_at=paid_at,
    )


def _line(ref: str, body: dict[str, Any], when: str, *, refund: bool) -> SettlementLine | None:
    if not body[when]:
        return None
    at = datetime.fromisoformat(body[when])
    return SettlementLine(ref, refund, body["provider_no"], body["amount_fen"], at)
