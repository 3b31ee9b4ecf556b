"""Every table of the house, in one list."""

from onecard.records.application import Application, Draft, Step
from onecard.records.audit import AuditRow
from onecard.records.card import Card, Transition
from onecard.records.delivery import Shipment, ShipmentStep
from onecard.records.outbox import Notification, OutboxRow
from onecard.records.partner import ApiClient
from onecard.records.person import Document, Guardianship, Person
from onecard.records.photo import Photo
from onecard.records.place import Employer, Outlet
from onecard.records.production import Batch, Discrepancy, ExchangeFile, ReturnLine
from onecard.records.request import RequestResult
from onecard.records.staff import Staff, StaffTotp
from onecard.records.stock import BlankCard, StockCount, StockMovement

__all__ = [
    "ApiClient",
    "Application",
    "AuditRow",
    "Batch",
    "BlankCard",
    "Card",
    "Discrepancy",
    "Document",
    "Draft",
    "Employer",
    "ExchangeFile",
    "Guardianship",
    "Notification",
    "OutboxRow",
    "Outlet",
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
    "Transition",
]
