"""充值: from an amount that is chosen to money that is proven on the chip, or back where it came.

The purse's row is held in every act; custody is asked between them. `PARTS` are the pieces of talk
a tap may be made of, run by `actions/tap.py`.
"""

from onecard.actions.topup._endings import TapReceipt
from onecard.actions.topup._orders import OrderReceipt
from onecard.actions.topup._settling import CREDIT, PROVE, TAP
from onecard.actions.topup.deciding import (
    Decision,
    decide,
    decline,
    propose,
    take_over,
)
from onecard.actions.topup.looking import LOOK, begin_look
from onecard.actions.topup.looking import PART as LOOK_PART
from onecard.actions.topup.ordering import PaidReceipt, open_order, pay, void_due
from onecard.actions.topup.other_channel import MatchReceipt, OtherLoad, match_other_load
from onecard.actions.topup.paying_back import ask_refund, cancel, confirm_refund, refund_due
from onecard.actions.topup.silence import fall_silent, silence_due
from onecard.actions.topup.tapping import PART as TAP_PART
from onecard.actions.topup.tapping import begin
from onecard.actions.topup.writing import CREDIT_PART, PROVE_PART, hear_late

PARTS = {LOOK: LOOK_PART, TAP: TAP_PART, CREDIT: CREDIT_PART, PROVE: PROVE_PART}

__all__ = [
    "CREDIT",
    "PARTS",
    "Decision",
    "MatchReceipt",
    "OrderReceipt",
    "OtherLoad",
    "PaidReceipt",
    "TapReceipt",
    "ask_refund",
    "begin",
    "begin_look",
    "cancel",
    "confirm_refund",
    "decide",
    "decline",
    "fall_silent",
    "hear_late",
    "match_other_load",
    "open_order",
    "pay",
    "propose",
    "refund_due",
    "silence_due",
    "take_over",
    "void_due",
]
