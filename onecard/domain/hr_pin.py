"""社保密码: the PIN of the HR function: what it may be, how often it may be wrong (rule book 13).

It is one of three PINs that know nothing of each other: the bank keeps its own, the electronic card
another, the transit purse has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.hr_function import HrState
from onecard.domain.identity import canonical
from onecard.domain.refusal import Fix, FixKind, Refusal, first


@dataclass(frozen=True)
class PinPolicy:
    """The figures of `card.toml` about the PIN. `hr_pin_initial` None: unset, must be set first."""

    hr_pin_initial: str | None
    hr_pin_digits: int
    hr_pin_max_tries: int
    hr_pin_forbidden: tuple[str, ...]
    hr_pin_part_of_identity_number: bool


def may_be_pin(*, pin: str, identity_number: str, figures: PinPolicy) -> Refusal | None:
    """不得为000000、123456,不得取自身份证号 (OTHER-CITY S31)."""
    return first(
        lambda: _must_be_digits(pin, figures),
        lambda: _must_not_be_simple(pin, identity_number, figures),
    )


def must_be_set(*, is_set: bool) -> Refusal | None:
    """初始密码不办业务: business waits until the holder has chosen a PIN (CODE C5, 080)."""
    return None if is_set else Refusal("hr_function.pin_not_set", fix=_AT_OUTLET)


def must_not_be_set(*, is_set: bool) -> Refusal | None:
    """A first PIN is set once; later it is changed with the old one, or reset with a document."""
    if not is_set:
        return None
    return Refusal(
        "hr_function.pin_set_already", fix=Fix(FixKind.DO_FIRST, {"act": "hr_pin.change"})
    )


def tries_left(*, wrong: int, figures: PinPolicy) -> int:
    """How often a wrong PIN may still be typed in a row."""
    return max(0, figures.hr_pin_max_tries - wrong)


def wrong_pin(*, left: int, state: HrState) -> Refusal:
    """The answer to a wrong PIN: the tries left, or that the function is locked."""
    if left and state is not HrState.LOCKED:
        return Refusal("hr_function.pin_wrong", measured={"left": left}, field="pin")
    return Refusal("hr_function.locked", fix=_AT_OUTLET)


_AT_OUTLET = Fix(FixKind.USE_CHANNEL, {"channel": "service_outlet"})


def _must_be_digits(pin: str, figures: PinPolicy) -> Refusal | None:
    if pin.isascii() and pin.isdecimal() and len(pin) == figures.hr_pin_digits:
        return None
    return Refusal(
        "hr_function.pin_malformed",
        allowed={"digits": figures.hr_pin_digits},
        field="pin",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "pin"}),
    )


def _must_not_be_simple(pin: str, identity_number: str, figures: PinPolicy) -> Refusal | None:
    part_of_number = pin in canonical(identity_number)
    if pin not in figures.hr_pin_forbidden and (
        figures.hr_pin_part_of_identity_number or not part_of_number
    ):
        return None
    return Refusal(
        "hr_function.pin_too_simple",
        allowed={"forbidden": figures.hr_pin_forbidden},
        field="pin",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "pin"}),
    )
