"""告知与确认: what a person is told before the old card is given up (21.2 row 8, 21.5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from onecard.domain.application import ApplicationKind
from onecard.domain.refusal import Fix, FixKind, Refusal
from onecard.domain.replacement.kinds import Confirmation

_C = Confirmation

TOLD: Mapping[ApplicationKind, tuple[Confirmation, ...]] = {
    ApplicationKind.REPLACEMENT: tuple(_C),
    ApplicationKind.EXCHANGE: (_C.ACTIVATE_AND_RELINK, _C.BENEFITS_MAY_BOUNCE),
    ApplicationKind.UPGRADE: (_C.ACTIVATE_AND_RELINK, _C.BENEFITS_MAY_BOUNCE),
}
"""What is told for each kind of application; a replacement asks for a yes to each."""


def must_confirm(*, kind: ApplicationKind, confirmed: Collection[Confirmation]) -> Refusal | None:
    """余额不退不转、不能再解挂、须激活转接、待遇可能退回: known before, not found out after."""
    if kind is not ApplicationKind.REPLACEMENT:
        return None
    missing = [notice for notice in TOLD[kind] if notice not in confirmed]
    if not missing:
        return None
    return Refusal(
        "replacement.notices_to_confirm",
        measured={"notices": tuple(f"@replacement.confirm.{one.value}" for one in missing)},
        field="confirmed",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "confirmed"}),
    )
