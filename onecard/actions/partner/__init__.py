"""合作方: how partners prove who they are, what they may draw, and what was presented to them."""

from onecard.actions.partner.admitting import Admitted, admit, forget_nonces
from onecard.actions.partner.keys import KeyReceipt, add_key, revoke_key
from onecard.actions.partner.presenting import Presented, present
from onecard.actions.partner.proving import Proof, SignedReply, sign_reply, string_to_sign, verify
from onecard.actions.partner.tokens import TokenReceipt, issue_token

__all__ = [
    "Admitted",
    "KeyReceipt",
    "Presented",
    "Proof",
    "SignedReply",
    "TokenReceipt",
    "add_key",
    "admit",
    "forget_nonces",
    "issue_token",
    "present",
    "revoke_key",
    "sign_reply",
    "string_to_sign",
    "verify",
]
