"""The banks' codes (rule book 28): AAE008 is a bank's hotline, AAC058 a kind of document."""

from __future__ import annotations

from onecard.adapters.wire import coded, named
from onecard.domain.documents import DocumentKind

BANK = {
    "icbc": "95588",
    "abc": "95599",
    "ccb": "95533",
    "bocom": "95559",
    "boc": "95566",
    "jnrcb": "96008",
    "jsb": "95319",
    "psbc": "95580",
}
"""AAE008 of the eight co-operating banks (rule book 5.1)."""

DOCUMENT_KIND = {
    DocumentKind.RESIDENT_ID.value: "01",
    DocumentKind.HOUSEHOLD_REGISTER.value: "02",
    DocumentKind.TEMPORARY_ID.value: "03",
    DocumentKind.TRAVEL_PERMIT.value: "04",
    DocumentKind.RESIDENCE_PERMIT.value: "05",
    DocumentKind.PERMANENT_RESIDENCE.value: "07",
    DocumentKind.PASSPORT.value: "08",
    DocumentKind.SOCIAL_SECURITY_CARD.value: "99",
}
"""AAC058 证件类型. The rule book names the field, not its values: to be agreed with banks."""

ORDER = {
    "name": named("AAC003"),
    "identity_number": named("AAC147"),
    "document_kind": coded("AAC058", DOCUMENT_KIND),
    "document_valid_to": named("AAC059"),
    "phone": named("AAE005"),
    "address": named("AAE006"),
    "nationality": named("AAC161"),
}
OPENED = {"bank_card_number": named("AAE010")}
LOSS = {"card_number": named("AAZ500"), "bank_card_number": named("AAE010")}
