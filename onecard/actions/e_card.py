"""电子社保卡: the holder's own consent to go on using it while the card is lost (rule book 24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._history import open_side
from onecard.actions._keeping import act, note
from onecard.actions.collection.rows import held
from onecard.actions.step_up import used
from onecard.domain.authority import Actor
from onecard.domain.loss import Side
from onecard.domain.refusal import Notice
from onecard.domain.step_up import Purpose
from onecard.records.models import ECardConsent
from onecard.seams.world import world

NOT_REPORTED = Notice("loss.not_reported")


@dataclass(frozen=True)
class ConsentReceipt:
    """The consent, and the loss it is good for; a later loss asks anew."""

    card: str
    report: str
    notice: str = ""


@act("e_card.give_consent")
def give_consent(
    *, card: str, step_up: str, signed_in_at: datetime | None, actor: Actor, at: datetime
) -> ConsentReceipt:
    """Consent to use the electronic card while this loss stands, proven once more.

    Raises `NotFound`, `Refused("step_up.needed")`.
    """
    row = held(card, actor=actor).card
    side = open_side(row, Side.HR)
    if side is None or row.state_at(at) is not row.hr_state:
        return ConsentReceipt(row.ref, "", NOT_REPORTED.code)
    used(
        step_up,
        purpose=Purpose.USE_E_CARD,
        about=card,
        signed_in_at=signed_in_at,
        actor=actor,
        at=at,
    )
    ECardConsent.objects.get_or_create(
        report=side.report, defaults={"ref": world().ids.new("ecc"), "card": row, "at": at}
    )
    note(about=row.ref, by=actor, at=at, ground="rule book 24", report=side.report_id)
    return ConsentReceipt(row.ref, side.report_id)
