"""What makes a simulated bank say no, in the bank's own words. Each no can be mended by data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UNVERIFIED_PHONE = "13800000004"
"""A magic phone: the bank cannot verify that it is the customer's."""
REFUSED_SEQUENCE = "911"
"""A magic sequence in the identity number (characters 15 to 17): the identity check fails."""
WITHOUT_RARE_CHARACTERS = frozenset({"jnrcb"})
"""Banks whose core system knows the basic plane of Unicode only."""
_BASIC_PLANE = 0xFFFF


@dataclass(frozen=True)
class Customer:
    """The facts of an order on which a bank decides. No `valid_to` = without end."""

    name: str
    identity_number: str
    valid_to: date | None
    phone: str


def reason_to_refuse(customer: Customer, *, bank: str, today: date) -> str:
    """The bank's reason, or an empty string when it opens the account."""
    if bank in WITHOUT_RARE_CHARACTERS and any(ord(c) > _BASIC_PLANE for c in customer.name):
        return "姓名含有本行系统无法处理的汉字"
    if customer.valid_to is not None and customer.valid_to < today:
        return "证件已过有效期"
    if customer.phone == UNVERIFIED_PHONE:
        return "手机号核验未通过"
    if customer.identity_number[14:17] == REFUSED_SEQUENCE:
        return "联网核查身份信息未通过"
    return ""
