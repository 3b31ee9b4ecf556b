"""The card vendor's field names (rule book 28); nowhere else."""

from __future__ import annotations

from onecard.adapters.bank.codes import BANK
from onecard.adapters.wire import coded, named

ORDER = {
    "name": named("AAC003"),
    "identity_number": named("AAC002"),
    "bank": coded("AAE008", BANK),
    "bank_card_number": named("AAE010"),
}
CARD = {
    "card_number": named("AAZ500"),
    "card_identifier": named("AAZ501"),
    "issued_on": named("AAZ503"),
}
