"""在哪里办: where a loss is reported and where it is taken back (20.2, 20.3)."""

from __future__ import annotations

from onecard.domain.contacts import CoopBank
from onecard.domain.loss.kinds import LossPolicy, OpenLoss
from onecard.domain.refusal import Fix, FixKind, Name, Refusal

AT_BANK = Fix(FixKind.USE_CHANNEL, {"channel": "card_face_bank"})
CITY = "city"
ACCEPTING_OUTLET, ONLINE_HR_SIDE = "accepting_outlet", "portal_hr_side"
_FORMAL_STAYS = Refusal("loss.formal_stays", fix=Fix(FixKind.DO_FIRST, {"act": "replacement"}))


def must_be_card_face_bank(*, asking: str, bank: CoopBank | None) -> Refusal | None:
    """卡面银行: another bank's clerk learns which bank it is and its number, and nothing else."""
    if bank is not None and asking == bank.key:
        return None
    named: str = bank.name if bank else ""
    hotline = bank.hotline if bank else ""
    return Refusal("loss.wrong_bank", {"bank": named, "hotline": hotline}, fix=AT_BANK)


def may_report_formally_here(
    *, asking: str, bank: CoopBank | None, in_city: bool, figures: LossPolicy
) -> Refusal | None:
    """全市范围内卡面银行网点: any outlet of the card's bank in the city (SEED, question 11)."""
    refusal = must_be_card_face_bank(asking=asking, bank=bank)
    if figures.formal_bank == "card_face" and refusal is not None:
        return refusal
    if figures.formal_outlet_scope == CITY and not in_city:
        return Refusal("loss.outlet_out_of_scope", fix=AT_BANK)
    return None


def may_be_reported_by_agent(*, by_agent: bool, figures: LossPolicy) -> Refusal | None:
    """代办正式挂失: with both originals, where the city allows it."""
    if figures.formal_by_agent or not by_agent:
        return None
    return Refusal("authority.in_person_only", fix=Fix(FixKind.ASK_PERSON, {"who": "holder"}))


def may_report_transit() -> Refusal:
    """交通账户无密码、不记名、不挂失: the question has one answer (SEED, question 12)."""
    return Refusal("transit_purse.no_loss_report")


def may_withdraw_temporary_here(
    *, asking: str, bank: CoopBank | None, in_city: bool, figures: LossPolicy
) -> Refusal | None:
    """临时挂失由持卡人到全省卡面银行网点解挂 (PROVINCIAL 2016)."""
    refusal = must_be_card_face_bank(asking=asking, bank=bank)
    if refusal is None and figures.withdraw_temporary_scope == CITY and not in_city:
        return Refusal("loss.outlet_out_of_scope", fix=AT_BANK)
    return refusal


def may_withdraw_formal_here(
    *, loss: OpenLoss, outlet: str, outlet_name: Name, figures: LossPolicy
) -> Refusal | None:
    """谁受理谁解除: the outlet that accepted it (PROVINCIAL 2016).

    What no outlet accepted (online) is taken back in person anywhere the channel is open
    (ASSUMPTION: card and document in hand prove more than a sign-in).
    """
    if ACCEPTING_OUTLET not in figures.withdraw_formal_where:
        return _FORMAL_STAYS
    if not loss.outlet or loss.outlet == outlet:
        return None
    return Refusal(
        "loss.wrong_outlet",
        {"outlet": outlet_name},
        fix=Fix(FixKind.USE_CHANNEL, {"channel": "portal"}),
    )


def may_withdraw_formal_online(*, figures: LossPolicy) -> Refusal | None:
    """线上解除人社功能的挂失, where the city offers it (PROVINCIAL S4)."""
    return None if ONLINE_HR_SIDE in figures.withdraw_formal_where else _FORMAL_STAYS
