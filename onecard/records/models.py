"""Every table of the house, in one list."""

from onecard.records.application import Application, Draft, Step
from onecard.records.audit import AuditRow
from onecard.records.benefit import BenefitPayment
from onecard.records.card import Card, CardPin, Transition
from onecard.records.cash import CashLine, CashShift
from onecard.records.clearing import FareFile, FareLine
from onecard.records.delivery import CourierScan, Shipment, ShipmentStep
from onecard.records.event import Event, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from onecard.records.financial import BankNews
from onecard.records.key_custody import KeyProposal
from onecard.records.leaving import Cancellation, TransferOut
from onecard.records.ledger import LedgerAccount, LedgerTransfer
from onecard.records.loss import (
    ECardConsent,
    LossConfirmation,
    LossReport,
    LossSide,
    PhoneCall,
)
from onecard.records.money import MoneyBreak, MoneyDay
from onecard.records.outbox import Notification, OutboxRow, PartyQueue
from onecard.records.partner import (
    ApiClient,
    PartnerBucket,
    PartnerCursor,
    PartnerHealth,
    PartnerKey,
    PartnerNonce,
    PartnerSight,
)
from onecard.records.payment import Payment, PaymentNotice, PaymentRefund
from onecard.records.person import Document, Guardianship, Person
from onecard.records.photo import Photo
from onecard.records.place import Employer, Outlet
from onecard.records.production import Batch, Discrepancy, ExchangeFile, ReturnLine
from onecard.records.reconciliation import Reconciliation, StateBreak
from onecard.records.refund import PurseRefund
from onecard.records.request import RequestResult
from onecard.records.staff import Staff, StaffTotp
from onecard.records.step_up import StepUp
from onecard.records.stock import BlankCard, StockCount, StockMovement
from onecard.records.timer import TimedJob
from onecard.records.topup import (
    ChipDialogue,
    LoadAttempt,
    PurseAccount,
    PurseChallenge,
    TopUpOrder,
)

__all__ = [
    "ApiClient",
    "Application",
    "AuditRow",
    "BankNews",
    "Batch",
    "BenefitPayment",
    "BlankCard",
    "Cancellation",
    "Card",
    "CardPin",
    "CashLine",
    "CashShift",
    "ChipDialogue",
    "CourierScan",
    "Discrepancy",
    "Document",
    "Draft",
    "ECardConsent",
    "Employer",
    "Event",
    "ExchangeFile",
    "FareFile",
    "FareLine",
    "Guardianship",
    "KeyProposal",
    "LedgerAccount",
    "LedgerTransfer",
    "LoadAttempt",
    "LossConfirmation",
    "LossReport",
    "LossSide",
    "MoneyBreak",
    "MoneyDay",
    "Notification",
    "OutboxRow",
    "Outlet",
    "PartnerBucket",
    "PartnerCursor",
    "PartnerHealth",
    "PartnerKey",
    "PartnerNonce",
    "PartnerSight",
    "PartyQueue",
    "Payment",
    "PaymentNotice",
    "PaymentRefund",
    "Person",
    "PhoneCall",
    "Photo",
    "PurseAccount",
    "PurseChallenge",
    "PurseRefund",
    "Reconciliation",
    "RequestResult",
    "ReturnLine",
    "Shipment",
    "ShipmentStep",
    "Staff",
    "StaffTotp",
    "StateBreak",
    "Step",
    "StepUp",
    "StockCount",
    "StockMovement",
    "TimedJob",
    "TopUpOrder",
    "TransferOut",
    "Transition",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
