"""清算: what transit operators report of fares, line by line, and what each line is worth."""

from onecard.domain.clearing.file import ClearingFile, Fare, Header, parse, written
from onecard.domain.clearing.judging import BOOKED, Judged, Known, LineState, judge

__all__ = [
    "BOOKED",
    "ClearingFile",
    "Fare",
    "Header",
    "Judged",
    "Known",
    "LineState",
    "judge",
    "parse",
    "written",
]
