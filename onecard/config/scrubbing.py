"""What is written to a log passes here: nothing that looks like a person's number leaves whole.

Nothing of ours writes personal values to a log. This is the second net (guarantees 11.5): for an
address somebody typed a number into, for the words of a library's error, for a traceback.
"""

from __future__ import annotations

import logging
import re

from onecard.domain.masking import mask_number

_LONG_NUMBER = re.compile(r"(?<![0-9])[0-9]{11,}[Xx]?(?![0-9])")
_PERMIT = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{1,3}[0-9]{7,12}(?![A-Za-z0-9_])")


def scrubbed(text: str) -> str:
    """The text with mobile, identity, permit, passport and card numbers masked."""
    for number in (_PERMIT, _LONG_NUMBER):
        text = number.sub(lambda found: mask_number(found[0]), text)
    return text


class ScrubbingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and masks what looks like a number."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be kept."""
        return scrubbed(super().format(record))
