"""物流轨迹: what the courier says of its parcels, read once, kept word for word.

A scan has its effect once, by its id; one that does not fit is a discrepancy and moves nothing.
The place to go on reading is moved after everything before it was kept: a crash reads again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note, tell, walk
from onecard.actions.delivery.receipts import ScansRead, has_it, held, take_step
from onecard.adapters.courier import Scan
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.delivery import (
    DELIVERY,
    SCANNED,
    DeliveryEvent,
    DeliveryState,
    ScanVerdict,
    verdict_on_scan,
)
from onecard.domain.production import Holder, ProductionState
from onecard.records.models import (
    Application,
    CourierScan,
    Discrepancy,
    PartnerCursor,
    Shipment,
    ShipmentStep,
)
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

COURIER = "courier"
UNKNOWN = "courier.unknown_parcel"
MOST_PAGES = 20
"""How many pages are read in one go; the rest waits for the next round."""

_BY_VALUE = {event.value: event for event in DeliveryEvent}
_TOLD = {DeliveryState.DELIVERED: "card.delivered", DeliveryState.RETURNED: "card.returned"}

register("delivery.before_cursor_moves")


@dataclass(frozen=True)
class ScanReceipt:
    """What became of one scan; `repeated` when its id was known."""

    scan_id: str
    verdict: str
    repeated: bool = False


@dataclass(frozen=True)
class CursorReceipt:
    """Where reading goes on; not `moved` when somebody else was faster."""

    cursor: str
    moved: bool


@walk("delivery.read_scans")
def read_scans(*, actor: Actor, at: datetime) -> ScansRead:
    """Read what happened to the parcels since last time. Raises `PartnerSilent`."""
    verdicts: list[str] = []
    for _ in range(MOST_PAGES):
        cursor = _cursor()
        page = partners().courier.scans_after(cursor)
        for scan in sorted(page.scans, key=lambda scan: (scan.at, scan.scan_id)):
            taken = take_scan(scan=scan, actor=actor, at=at)
            verdicts.append("repeated" if taken.repeated else taken.verdict)
        failpoint("delivery.before_cursor_moves")
        if page.cursor == cursor:
            break
        move_cursor(seen=cursor, cursor=page.cursor, actor=actor, at=at)
    return ScansRead(
        applied=verdicts.count(ScanVerdict.APPLIED.value),
        late=verdicts.count(ScanVerdict.LATE.value),
        repeated=verdicts.count("repeated"),
        discrepancies=verdicts.count(ScanVerdict.DISCREPANCY.value),
    )


def _cursor() -> str:
    row = PartnerCursor.objects.filter(partner=COURIER).first()
    return row.cursor if row else ""


@act("delivery.move_cursor")
def move_cursor(*, seen: str, cursor: str, actor: Actor, at: datetime) -> CursorReceipt:  # noqa: ARG001
    """Go on reading at `cursor`, if it still stands where it was seen: never backwards."""
    hold.name(COURIER)
    row = hold.maybe(PartnerCursor, partner=COURIER)
    if (row.cursor if row else "") != seen:
        return CursorReceipt(row.cursor if row else "", moved=False)
    PartnerCursor.objects.update_or_create(
        partner=COURIER, defaults={"cursor": cursor, "moved_at": at}
    )
    return CursorReceipt(cursor, moved=True)


@act("delivery.take_scan")
def take_scan(*, scan: Scan, actor: Actor, at: datetime) -> ScanReceipt:
    """Keep one scan and move its shipment, if the scan fits. The same id again changes nothing."""
    hold.name(COURIER)
    known = CourierScan.objects.filter(scan_id=scan.scan_id).first()
    if known is not None:
        return ScanReceipt(scan.scan_id, known.verdict.value, repeated=True)
    shipment_ref = _shipment_of(scan.ems_number)
    if not shipment_ref:
        _keep(scan, None, ScanVerdict.DISCREPANCY, at)
        _discrepancy(UNKNOWN, scan.scan_id, scan, "", at)
        return ScanReceipt(scan.scan_id, ScanVerdict.DISCREPANCY.value)
    application, shipment = held(shipment_ref, actor=actor)
    verdict = _take(scan, application, shipment, actor=actor, at=at)
    _keep(scan, shipment, verdict, at)
    return ScanReceipt(scan.scan_id, verdict.value)


def take_told_scan(
    *,
    scan_id: str,
    ems_number: str,
    event: DeliveryEvent,
    place: str,
    happened_at: datetime,
    actor: Actor,
    at: datetime,
) -> ScanReceipt:
    """A scan that the courier's own system told us instead of being read from its list."""
    scan = Scan(scan_id, ems_number, event, place, happened_at)
    return take_scan(scan=scan, actor=actor, at=at)


def take_early_scans(
    application: Application, shipment: Shipment, *, actor: Actor, at: datetime
) -> None:
    """Apply what the courier said of a parcel before we knew its number.

    That happens when we die between the courier's answer and our commit, and hear of the parcel
    before the hand-over is repeated. Both rows are held.
    """
    for row in CourierScan.objects.filter(ems_number=shipment.ems_number, shipment=None).order_by(
        "at", "scan_id"
    ):
        scan = Scan(row.scan_id, row.ems_number, DeliveryEvent(row.event), row.place, row.at)
        _take(scan, application, shipment, actor=actor, at=at)
        Discrepancy.objects.filter(kind=UNKNOWN, about=row.scan_id[:40], settled_at=None).update(
            settled_at=at, settled_by=actor.ref, settlement=f"parcel of {shipment.ref}"
        )


def _shipment_of(ems_number: str) -> str:
    """The shipment that travels, or travelled once, under this number."""
    index = world().custody.blind_index("ems", ems_number)
    now = Shipment.objects.filter(ems_index=index).values_list("ref", flat=True).first()
    before = ShipmentStep.objects.filter(ems_number=ems_number).values_list(
        "shipment_id", flat=True
    )
    return now or before.first() or ""


def _judge(scan: Scan, shipment: Shipment) -> ScanVerdict:
    """A parcel that came back for good, or was replaced by another, can only have late news."""
    under_way = (
        shipment.ems_number == scan.ems_number and shipment.state is not DeliveryState.AT_OUTLET
    )
    told = ShipmentStep.objects.filter(shipment=shipment, ems_number=scan.ems_number)
    verdict = verdict_on_scan(
        state=shipment.state if under_way else DeliveryState.RETURNED,
        event=scan.event,
        at=scan.at,
        earlier=[
            (row.at, event)
            for row in told.order_by("at", "id")
            if (event := _BY_VALUE.get(row.event)) in SCANNED
        ],
    )
    over = not under_way and verdict is ScanVerdict.APPLIED
    return ScanVerdict.DISCREPANCY if over else verdict


def _take(
    scan: Scan, application: Application, shipment: Shipment, *, actor: Actor, at: datetime
) -> ScanVerdict:
    verdict = _judge(scan, shipment)
    if verdict is ScanVerdict.APPLIED:
        _apply(scan, application, shipment, at)
        note(about=shipment.ref, by=actor, at=at, ground="rule book 10", scan=scan.event.value)
    elif verdict is ScanVerdict.LATE:
        _remember(scan, shipment)
    else:
        _discrepancy("courier.scan_does_not_fit", shipment.ref, scan, shipment.state.value, at)
    return verdict


def _apply(scan: Scan, application: Application, shipment: Shipment, at: datetime) -> None:
    now = DeliveryState(DELIVERY.after(shipment.state, scan.event))
    take_step(shipment, event=scan.event.value, to=now, at=scan.at, place=scan.place[:80])
    if now is DeliveryState.DELIVERED:
        shipment.delivered_at = scan.at
        shipment.save(update_fields=["delivered_at"])
    if now in _TOLD and application.state is not ProductionState.RETRACTED:
        has_it(application, Holder.APPLICANT)
        tell(_TOLD[now], about=shipment.ref, at=at, parties=("sms",))


def _remember(scan: Scan, shipment: Shipment) -> None:
    """A line in the parcel's history that changes nothing."""
    ShipmentStep.objects.create(
        shipment=shipment,
        event=scan.event.value,
        to_state=shipment.state.value,
        ems_number=scan.ems_number,
        place=scan.place[:80],
        at=scan.at,
    )


def _keep(scan: Scan, shipment: Shipment | None, verdict: ScanVerdict, at: datetime) -> None:
    CourierScan.objects.create(
        scan_id=scan.scan_id,
        shipment=shipment,
        ems_number=scan.ems_number[:20],
        event=scan.event.value,
        place=scan.place[:80],
        at=scan.at,
        verdict=verdict,
        read_at=at,
    )


def _discrepancy(kind: str, about: str, scan: Scan, state: str, at: datetime) -> None:
    """One open line for each parcel and kind; the scans themselves are all kept."""
    open_lines = Discrepancy.objects.filter(kind=kind, about=about[:40], settled_at=None)
    if open_lines.exists():
        return
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=kind,
        about=about[:40],
        partner=COURIER,
        detail={"scan": scan.scan_id, "event": scan.event.value, "state": state},
        found_at=at,
    )
