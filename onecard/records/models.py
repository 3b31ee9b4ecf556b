"""Every table of the house, in one list."""

from onecard.records.application import Application, Draft, Step
from onecard.records.audit import AuditRow
from onecard.records.card import Card, Transition
from onecard.records.delivery import CourierScan, Shipment, ShipmentStep
from onecard.records.outbox import Notification, OutboxRow, PartyQueue
from onecard.records.partner import ApiClient, PartnerCursor, PartnerHealth
from onecard.records.person import Document, Guardianship, Person
from onecard.records.photo import Photo
from onecard.records.place import Employer, Outlet
from onecard.records.production import Batch, Discrepancy, ExchangeFile, ReturnLine
from onecard.records.request import RequestResult
from onecard.records.staff import Staff, StaffTotp
from onecard.records.stock import BlankCard, StockCount, StockMovement
from onecard.records.timer import TimedJob

__all__ = [
    "ApiClient",
    "Application",
    "AuditRow",
    "Batch",
    "BlankCard",
    "Card",
    "CourierScan",
    "Discrepancy",
    "Document",
    "Draft",
    "Employer",
    "ExchangeFile",
    "Guardianship",
    "Notification",
    "OutboxRow",
    "Outlet",
    "PartnerCursor",
    "PartnerHealth",
    "PartyQueue",
    "Person",
    "Photo",
    "RequestResult",
    "ReturnLine",
    "Shipment",
    "ShipmentStep",
    "Staff",
    "StaffTotp",
    "Step",
    "StockCount",
    "StockMovement",
    "TimedJob",
    "Transition",
]
