"""The shapes partners get back, filled from the frozen views of upstairs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from onecard.api.house import Told


class FunctionTold(Told):
    """One function of a card. Apply a state only if its version is greater than the one you hold.

    `usable`, `refusal` and `lease_ends_at` are filled for `hr`: you may keep "usable" until the
    lease ends; without a fresh answer after that, deny.
    """

    card_id: str
    function: Annotated[str, Field(description="`hr`, `fin` or `transit`.")]
    state: str
    state_version: int
    expires_at: datetime | None = None
    usable: bool | None = None
    refusal: str = ""
    lease_ends_at: datetime | None = None


class CardTold(Told):
    """A card with the functions you may see; the number is masked."""

    id: str
    number: str
    bank: str
    generation: int
    issued_on: date
    valid_to: date
    loss_version: Annotated[int, Field(description="What a withdrawal names in `If-Match`.")]
    functions: list[FunctionTold]


class MatchTold(Told):
    """Whether card number and identity number belong together. The pseudonym is yours alone."""

    match: bool
    card_id: str = ""
    pseudonym: str = ""


class TransitionTold(Told):
    """One change of state. `seq` counts without a gap on its card."""

    id: str
    card_id: str
    function: str
    from_state: str
    to_state: str
    reason: str
    channel: str
    actor: str
    rule_version: str
    effective_at: datetime
    seq: int


class ConfirmationTold(Told):
    """One party that is told of a loss; never `confirmed` before it said so itself."""

    party: str
    state: Annotated[str, Field(description="`pending`, `confirmed` or `refused`.")]
    outbox_id: str
    confirmed_at: datetime | None


class LossTold(Told):
    """A loss report and who has confirmed it."""

    id: str
    card_id: str
    kind: Annotated[str, Field(description="`temporary` lapses by itself, `formal` stays.")]
    open: bool
    version: int
    functions: list[str]
    accepted_at: datetime
    expires_at: datetime | None
    biz_serial_no: str
    confirmations: list[ConfirmationTold]


class NewsTold(Told):
    """What became of a bank's message: `applied`, `notice`, `stale` or `discrepancy`."""

    card: str
    result: str
    financial_state: str
    version: int


class OrderTold(Told):
    """A replacement or an exchange."""

    id: str
    kind: str
    state: str
    reason: str
    old_card_id: str
    new_card_id: str
    bank: str
    created_at: datetime
    promised_on: date | None


class ParcelTold(Told):
    """A card's way by post."""

    id: str
    card_id: str
    application_id: str
    state: str
    ems_number: str
    attempt: int
    state_since: datetime
    delivered_at: datetime | None


class ScanTold(Told):
    """What became of a scan: `applied`, `late` or `discrepancy`."""

    scan_id: str
    verdict: str
    repeated: bool


class ReconciliationTold(Told):
    """One comparison of both books. The digest is the sum of the SHA-256 of all lines, mod 2^256.

    `silent` says why it could not be finished: then nothing is closed by it.
    """

    id: str
    business_on: date
    begun_at: datetime
    ended_at: datetime
    equal: bool
    silent: str
    our_count: int
    our_digest: str
    their_count: int
    their_digest: str
    found: Annotated[dict[str, int], Field(description="Differences by kind.")]


class DiscrepancyTold(Told):
    """One difference, until both books say the same. Its kind is its cause."""

    id: str
    reconciliation_id: str
    card_id: Annotated[str, Field(description="Empty for a card that only you know.")]
    kind: str
    state: Annotated[str, Field(description="`open`, `proposed`, `approved` or `closed`.")]
    ours: str
    theirs: str
    found_at: datetime
    seen_at: datetime
    closed_at: datetime | None


class EventTold(Told):
    """A CloudEvents 1.0 body. `sequence` is text, contiguous within `source`."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: Annotated[str, Field(description="RFC 3339 with offset.")]
    sequence: str
    datacontenttype: str
    dataschema: str
    data: dict[str, Any]


class EndpointTold(Told):
    """A webhook endpoint; `secret` is told once, when it is new."""

    endpoint: str
    url: str
    types: list[str]
    schemes: list[str]
    disabled: bool
    secret: str = ""
    verify_key: str = ""


class EndpointSeenTold(Told):
    """A webhook endpoint, what waits for it and what was given up."""

    endpoint: str
    url: str
    types: list[str]
    schemes: list[str]
    disabled: bool
    disabled_why: str
    waiting: int
    given_up: int


class AttemptTold(Told):
    """One try to bring one event."""

    attempt: str
    delivery: str
    event: str
    number: int
    at: datetime
    status: int | None
    outcome: str
    milliseconds: int


class RepeatedTold(Told):
    """How many deliveries wait to be brought again."""

    endpoint: str
    deliveries: int


class KeyTold(Told):
    """A public key of ours, by its serial."""

    serial: str
    profile: str
    public_key: str


class TakenTold(Told):
    """What became of a message that was pushed to us."""

    message: str
    result: str
