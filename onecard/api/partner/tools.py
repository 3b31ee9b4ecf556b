"""Tools for a partner's engineer: our public key; the string to sign, the clock, the mishaps.

All but the key are of the sandbox: elsewhere they are not there (404).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from onecard.actions import partner as acts
from onecard.actions import sandbox
from onecard.api.house import Asked, Told
from onecard.api.partner.recording import as_pytest, recorder
from onecard.api.partner.told import KeyTold
from onecard.domain.refusal import NotFound
from onecard.domain.signature import Profile, Shown
from onecard.seams.world import world

router = Router(tags=["tools"])
BANNER = "not real: sandbox"
LONGEST_DAYS = 400
PYTHON = "text/x-python"
PYTHON_FILE = {PYTHON: {"schema": {"type": "string"}}}
_LONGEST_BODY = 100_000
_TEXT = Field(max_length=500)


class SignatureAsked(Asked):
    """A request as you built it: what you sent in the five lines, and your signature."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "method": "GET",
                    "url": "/v1/cards?limit=50",
                    "timestamp": "1767225600",
                    "nonce": "593BEC0C930BF1AFEB40B4A08C8FB242",
                }
            ]
        },
    )
    method: Annotated[str, _TEXT]
    url: Annotated[str, _TEXT]
    timestamp: Annotated[str, _TEXT]
    nonce: Annotated[str, _TEXT]
    body: Annotated[str, Field(max_length=_LONGEST_BODY)] = ""
    profile: Annotated[str, _TEXT] = ""
    serial: Annotated[str, _TEXT] = ""
    signature: Annotated[str, _TEXT] = ""


class ExplainedTold(Told):
    """The exact string we built, and what we would have said to the signature."""

    string_to_sign: str
    byte_length: int
    sha256: str
    sm3: str
    valid: bool
    refused: str


class ClockTold(Told):
    """The city's own time."""

    now: datetime


class AdvancedTold(ClockTold):
    """The city's own time, and which timers did something on the way."""

    steps: int
    did: list[str]


class AdvanceAsked(Asked):
    """How far to move the clock on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"seconds": 3600}]})
    seconds: Annotated[int, Field(ge=1, le=LONGEST_DAYS * 86_400, strict=True)]


class FaultAsked(Asked):
    """Which simulated partner is to fail, how, and for how many calls."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"partner": "bank:icbc", "fault": "down", "times": 1}]},
    )
    partner: Annotated[str, Field(max_length=32, pattern="^[a-z_:]+$")]
    fault: Literal["down", "slow", "duplicate", "breaks_after", "garbage", "oversized"]
    times: Annotated[int, Field(ge=1, le=1000, strict=True)] | None = None


class HealAsked(Asked):
    """Which simulated partner works again."""

    partner: Annotated[str, Field(max_length=32, pattern="^[a-z_:]+$")]


class ParcelAsked(Asked):
    """Which parcel comes back."""

    shipment_id: Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9_]+$")]


class RejectAsked(Asked):
    """How many of the next cards the factory rejects."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"cards": 1}]})
    cards: Annotated[int, Field(ge=1, le=1000, strict=True)] = 1


class SeedAsked(Asked):
    """From which seed the city is made."""

    seed: Annotated[int, Field(ge=0, le=2**31)] = 7


class DoneTold(Told):
    """It is so now."""

    done: bool = True


def is_sandbox() -> bool:
    """Whether this installation is one."""
    return bool(settings.ENVIRONMENT.sandbox)


@router.get("/keys", response=list[KeyTold], operation_id="our_keys", auth=None)
def our_keys(request: HttpRequest) -> object:  # noqa: ARG001
    """The public keys under our SM2 signatures."""
    key = acts.our_public_key()
    return [{"serial": acts.OUR_SERIAL, "profile": Profile.SM2.value, "public_key": key}]


@router.post(
    "/tools/verify-signature",
    response=ExplainedTold,
    operation_id="explain_signature",
    auth=None,
)
def explain_signature(request: HttpRequest, asked: SignatureAsked) -> object:  # noqa: ARG001
    """The exact string to sign, byte for byte. Sandbox only."""
    _must_be_sandbox()
    shown = Shown(
        profile=asked.profile,
        serial=asked.serial,
        timestamp=asked.timestamp,
        nonce=asked.nonce,
        signature=asked.signature,
    )
    return acts.explain(
        shown=shown,
        method=asked.method,
        url=asked.url,
        body=asked.body.encode(),
        at=world().wire_now(),
    )


@router.get("/test_clock", response=ClockTold, operation_id="read_test_clock", auth=None)
def read_clock(request: HttpRequest) -> object:  # noqa: ARG001
    """The city's own time. Sandbox only."""
    _must_be_sandbox()
    return {"now": world().clock.now()}


@router.post(
    "/test_clock/advance", response=AdvancedTold, operation_id="advance_test_clock", auth=None
)
def advance_clock(request: HttpRequest, asked: AdvanceAsked) -> object:  # noqa: ARG001
    """Move the city's time on; all timers run in order on the way. Sandbox only."""
    _must_be_sandbox()
    return sandbox.advance(by=timedelta(seconds=asked.seconds))


@router.post("/simulate/partner_fault", response=DoneTold, operation_id="simulate_fault", auth=None)
def simulate_fault(request: HttpRequest, asked: FaultAsked) -> object:  # noqa: ARG001
    """Let a simulated partner be down, slow, or tell things twice. Sandbox only."""
    _must_be_sandbox()
    sandbox.set_fault(partner=asked.partner, fault=asked.fault, times=asked.times)
    return DoneTold()


@router.post(
    "/simulate/partner_healing", response=DoneTold, operation_id="simulate_healing", auth=None
)
def simulate_healing(request: HttpRequest, asked: HealAsked) -> object:  # noqa: ARG001
    """Let a simulated partner work again. Sandbox only."""
    _must_be_sandbox()
    sandbox.heal(partner=asked.partner)
    return DoneTold()


@router.post(
    "/simulate/parcel_return", response=DoneTold, operation_id="simulate_parcel_return", auth=None
)
def simulate_return(request: HttpRequest, asked: ParcelAsked) -> object:  # noqa: ARG001
    """EMS brings a parcel back. Sandbox only."""
    _must_be_sandbox()
    sandbox.return_parcel(shipment=asked.shipment_id, at=world().clock.now())
    return DoneTold()


@router.post(
    "/simulate/factory_reject", response=DoneTold, operation_id="simulate_factory_reject", auth=None
)
def simulate_reject(request: HttpRequest, asked: RejectAsked) -> object:  # noqa: ARG001
    """The card factory rejects the next cards; an operator orders them again. Sandbox only."""
    _must_be_sandbox()
    sandbox.reject_cards(cards=asked.cards)
    return DoneTold()


@router.post("/sandbox/recording", response=DoneTold, operation_id="start_recording", auth=None)
def start_recording(request: HttpRequest) -> object:  # noqa: ARG001
    """Record from now on every call as a step of a scenario. Sandbox only."""
    _must_be_sandbox()
    recorder.start()
    return DoneTold()


@router.get(
    "/sandbox/recording",
    operation_id="read_recording",
    auth=None,
    openapi_extra={"responses": {200: {"description": "A pytest file.", "content": PYTHON_FILE}}},
)
def read_recording(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What was recorded, as a pytest file that runs against a sandbox. Sandbox only."""
    _must_be_sandbox()
    return HttpResponse(as_pytest(list(recorder.steps)), content_type=PYTHON)


@router.post("/sandbox/reset", response=DoneTold, operation_id="reset_sandbox", auth=None)
def reset(request: HttpRequest, asked: Query[SeedAsked]) -> object:  # noqa: ARG001
    """Make the city anew: the same seed gives the same city, clients and keys. Sandbox only."""
    _must_be_sandbox()
    sandbox.reset(seed=asked.seed)
    return DoneTold()


def _must_be_sandbox() -> None:
    if not is_sandbox():
        raise NotFound("Sandbox")
