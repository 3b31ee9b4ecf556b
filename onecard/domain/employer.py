"""单位: how an employer is named in our list; its number is checked with all other numbers."""

from __future__ import annotations

from onecard.domain.refusal import Fix, FixKind, Refusal

LONGEST_NAME = 120
"""What the list and the slips can carry."""


def must_be_named(*, name: str) -> Refusal | None:
    """单位名称须填写, as it stands on the credit-code certificate."""
    length = len(name.strip())
    if 0 < length <= LONGEST_NAME:
        return None
    return Refusal(
        "employer.name",
        measured={"length": length},
        allowed={"longest": LONGEST_NAME},
        field="name",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "name"}),
    )
