"""Numbers as they come in rows of a table: rounded by the spreadsheet, or there twice."""

from __future__ import annotations

from collections.abc import Mapping

from onecard.domain.identity.canonical import canonical
from onecard.domain.identity.numbers import is_rounded
from onecard.domain.refusal import Fix, FixKind, Refusal


def must_keep_precision(*, text: str, row: int) -> Refusal | None:
    """A number that a spreadsheet turned into 1.1E+17 has lost digits: never guess them."""
    if not is_rounded(text):
        return None
    return Refusal(
        "sheet.precision_lost",
        facts={"row": row},
        field="number",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "number"}),
    )


def must_be_first(*, number: str, seen: Mapping[str, int]) -> Refusal | None:
    """One person, one row: `seen` holds the canonical numbers of the rows before, by row."""
    earlier = seen.get(canonical(number))
    if earlier is None:
        return None
    return Refusal(
        "sheet.duplicate_row",
        facts={"row": earlier},
        field="number",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "row"}),
    )
