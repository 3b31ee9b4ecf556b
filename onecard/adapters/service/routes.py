"""Which address of the service asks which partner for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cattrs import Converter

from onecard.adapters.bank import messages as bank
from onecard.adapters.bank.codes import BANK
from onecard.adapters.bank.simulated import SimulatedBank
from onecard.adapters.card_vendor import messages as vendor
from onecard.adapters.courier import messages as courier
from onecard.adapters.hr_database import messages as hr
from onecard.adapters.payment import messages as payment
from onecard.adapters.real_name import messages as real_name
from onecard.adapters.simulation import Simulation
from onecard.adapters.sms import messages as sms
from onecard.adapters.wire import Verb
from onecard.domain import partner as known

Do = Callable[[Any], Any]
"""Does what a verb asks; None stands for `Done`."""


@dataclass(frozen=True)
class Route:
    """One address: whom it asks, what travels, and who does the work."""

    partner: str
    verb: Verb[Any, Any]
    codec: Converter
    do: Do


def routes(simulation: Simulation) -> Mapping[str, Route]:
    """Every address below the root, without its first slash."""
    found: dict[str, Route] = {}

    def add(partner: str, codec: Converter, verbs: Mapping[Verb[Any, Any], Do]) -> None:
        for verb, do in verbs.items():
            found[f"{known.path_of(partner)}/{verb.name}"] = Route(partner, verb, codec, do)

    add(known.HR_DATABASE, hr.CODEC, _hr_database(simulation))
    add(known.REAL_NAME, real_name.CODEC, _real_name(simulation))
    for key in BANK:
        add(known.bank(key), bank.CODEC, _bank(simulation.banks[key]))
    add(known.CARD_VENDOR, vendor.CODEC, _card_vendor(simulation))
    add(known.COURIER, courier.CODEC, _courier(simulation))
    add(known.SMS, sms.CODEC, _sms(simulation))
    add(known.PAYMENT, payment.CODEC, _payment(simulation))
    return found


def _hr_database(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.hr_database
    return {
        hr.FIND_PERSON: lambda ask: hr.PersonFound(of.find_person(ask.identity_number)),
        hr.FIND_PHOTO: lambda ask: hr.PhotoFound(of.find_photo(ask.identity_number)),
        hr.CARDS_OF: lambda ask: hr.CardsFound(of.cards_of(ask.identity_number)),
        hr.BENEFITS_OF: lambda ask: hr.BenefitsPaid(of.benefits_of(ask.identity_number)),
        hr.BENEFITS_DUE: lambda ask: hr.BenefitsFound(of.benefits_due(**vars(ask))),
        hr.CARD_OF: lambda ask: hr.CardFound(of.card_of(ask.card_number)),
        hr.CARDS_AFTER: lambda ask: of.cards_after(**vars(ask)),
        hr.REGISTER_CARD: lambda ask: of.register_card(**vars(ask)),
        hr.SET_STATE: lambda ask: of.set_state(**vars(ask)),
    }


def _real_name(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.real_name
    return {real_name.MATCHES: lambda ask: real_name.Verdict(of.matches(**vars(ask)))}


def _bank(of: SimulatedBank) -> Mapping[Verb[Any, Any], Do]:
    return {
        bank.OPEN_ACCOUNT: lambda ask: bank.AccountAnswer(of.open_account(ask)),
        bank.SEND_FILE: lambda ask: of.send_file(ask.name, ask.content),
        bank.FETCH_FILES: lambda _: bank.FilesReady(of.fetch_files()),
        bank.ACKNOWLEDGE_FILE: lambda ask: of.acknowledge_file(ask.name),
        bank.REPORT_LOSS: lambda ask: bank.LossAnswer(of.losses.report(ask)),
        bank.WITHDRAW_LOSS: lambda ask: bank.LossAnswer(of.losses.withdraw(ask)),
        bank.NOTE_CARD: of.note_card,
        bank.ACCOUNT_STATE: lambda ask: bank.AccountFound(of.account_state(**vars(ask))),
        bank.ACCOUNTS_AFTER: lambda ask: of.accounts_after(ask.cursor, ask.most),
    }


def _card_vendor(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.card_vendor
    return {
        vendor.PRINT_CARD: lambda ask: vendor.PrintAnswer(of.print_card(ask)),
        vendor.SEND_FILE: lambda ask: of.send_file(ask.name, ask.content),
        vendor.FETCH_FILES: lambda _: bank.FilesReady(of.fetch_files()),
        vendor.ACKNOWLEDGE_FILE: lambda ask: of.acknowledge_file(ask.name),
    }


def _courier(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.courier
    return {
        courier.HAND_OVER: lambda ask: courier.HandedOver(of.hand_over(ask)),
        courier.SCANS_AFTER: lambda ask: of.scans_after(ask.cursor),
    }


def _sms(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.sms
    return {sms.SEND: lambda ask: sms.Sent(of.send(**vars(ask)))}


def _payment(simulation: Simulation) -> Mapping[Verb[Any, Any], Do]:
    of = simulation.payment
    return {
        payment.CREATE: of.create,
        payment.FIND: lambda ask: payment.PaymentAnswer(of.find(ask.ref)),
        payment.REFUND: of.refund,
        payment.FIND_REFUND: lambda ask: payment.RefundAnswer(of.find_refund(ask.ref)),
        payment.SETTLEMENT: lambda ask: payment.SettlementAnswer(of.settlement(ask.day)),
    }
