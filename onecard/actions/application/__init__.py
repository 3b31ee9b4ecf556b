"""申领: applying for a card through the portal, at a counter, by an agent, by an employer.

Every route writes SUBMITTED first. Acceptance follows at once when the province's register has
answered and nobody has to look at the portrait; else the worker accepts as soon as that is so.
The promise begins with acceptance. Everything here can be repeated: one person, one application.
"""

from onecard.actions.application.acceptance import accept_online, accept_waiting
from onecard.actions.application.counter import accept_at_counter
from onecard.actions.application.employers import accept_for_employer, prepare_for_employer
from onecard.actions.application.mending import correct, retract
from onecard.actions.application.online import BaseData, apply_online, fetch_base_data
from onecard.actions.application.receipts import (
    AgentShown,
    ApplicationReceipt,
    CounterCase,
    EmployerAcceptance,
    EmployerPapers,
    PreparedPerson,
    RowRefused,
    Swept,
)
from onecard.actions.person import CounterLook

__all__ = [
    "AgentShown",
    "ApplicationReceipt",
    "BaseData",
    "CounterCase",
    "CounterLook",
    "EmployerAcceptance",
    "EmployerPapers",
    "PreparedPerson",
    "RowRefused",
    "Swept",
    "accept_at_counter",
    "accept_for_employer",
    "accept_online",
    "accept_waiting",
    "apply_online",
    "correct",
    "fetch_base_data",
    "prepare_for_employer",
    "retract",
]
