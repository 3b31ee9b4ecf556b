"""合作方: how partners prove who they are, what they may draw, and what was presented to them."""

from onecard.actions.partner.admitting import Admitted, admit, forget_nonces
from onecard.actions.partner.explaining import Explained, explain
from onecard.actions.partner.keys import KeyReceipt, add_key, revoke_key
from onecard.actions.partner.presenting import Presented, present
from onecard.actions.partner.proving import (
    OUR_SERIAL,
    Proof,
    SignedReply,
    our_public_key,
    sign_reply,
    string_to_sign,
    verify,
)
from onecard.actions.partner.receiving import Pushed, receive
from onecard.actions.partner.tokens import TokenReceipt, issue_token

__all__ = [
    "OUR_SERIAL",
    "Admitted",
    "Explained",
    "KeyReceipt",
    "Presented",
    "Proof",
    "Pushed",
    "SignedReply",
    "TokenReceipt",
    "add_key",
    "admit",
    "explain",
    "forget_nonces",
    "issue_token",
    "our_public_key",
    "present",
    "receive",
    "revoke_key",
    "sign_reply",
    "string_to_sign",
    "verify",
]
