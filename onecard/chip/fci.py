"""Names of applications and what SELECT answers: the FCI (card reference 2.1, 2.2)."""

from __future__ import annotations

from onecard.chip import tlv
from onecard.chip.purse_files import PublicInformation

T_UNION_PURSE = bytes.fromhex("A000000632010105")
"""AID of the purse, label MOT_T_EP; instances in phones add a city suffix."""

T_UNION_CASH = bytes.fromhex("A000000632010106")
"""AID of the e-cash sibling; a second try only."""

PPSE = b"2PAY.SYS.DDF01"
"""The contactless directory: lists the applications of the card."""

TAG_FCI = 0x6F
TAG_FCI_OWN = 0xA5
TAG_DF_NAME = 0x84
TAG_VERSION = 0x9F08
TAG_PUBLIC = 0x9F0C
TAG_AID = 0x4F
TAG_LABEL = 0x50
TAG_ENTRY = 0x61
TAG_DIRECTORY = 0xBF0C


def public_in_fci(fci: bytes) -> PublicInformation | None:
    """File 0x15 out of the FCI; None if this card system does not put it there.

    Raises `TlvError` for an FCI that is none.
    """
    own = tlv.parse_one(fci, TAG_FCI).find(TAG_FCI_OWN, TAG_PUBLIC)
    if own is None or len(own.value) != PublicInformation.size():
        return None
    return PublicInformation.decode(own.value)
