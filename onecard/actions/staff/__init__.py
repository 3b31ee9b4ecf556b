"""Accounts of people who work here: opened by two, signed in to with two factors, ended by one."""

from onecard.actions.staff.accounts import (
    Account,
    NewAccount,
    approve,
    create,
    end,
    found_house,
    unlock,
)
from onecard.actions.staff.passwords import change_password, reset_password
from onecard.actions.staff.second_factor import (
    CodeAnswer,
    Enrolment,
    begin_second_factor,
    confirm_second_factor,
    reset_second_factor,
    verify_code,
)
from onecard.actions.staff.sign_in import note_failed_sign_in, sign_out

__all__ = [
    "Account",
    "CodeAnswer",
    "Enrolment",
    "NewAccount",
    "approve",
    "begin_second_factor",
    "change_password",
    "confirm_second_factor",
    "create",
    "end",
    "found_house",
    "note_failed_sign_in",
    "reset_password",
    "reset_second_factor",
    "sign_out",
    "unlock",
    "verify_code",
]
