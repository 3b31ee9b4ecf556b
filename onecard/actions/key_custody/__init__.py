"""密钥仪式: two custodians make, bring in and end the master keys of the purse. No key is shown."""

from onecard.actions.key_custody.ceremony import (
    Component,
    carry_out,
    initialise_token,
    keep_carried_out,
    keep_token,
)
from onecard.actions.key_custody.custodian import identify
from onecard.actions.key_custody.data_keys import keep_wrapped, wrap_data_keys
from onecard.actions.key_custody.proposing import KeyReceipt, approve, decline, propose

__all__ = [
    "Component",
    "KeyReceipt",
    "approve",
    "carry_out",
    "decline",
    "identify",
    "initialise_token",
    "keep_carried_out",
    "keep_token",
    "keep_wrapped",
    "propose",
    "wrap_data_keys",
]
