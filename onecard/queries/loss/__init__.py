"""挂失: the loss board, what may be reported and taken back, what the 12333 operator says."""

from onecard.queries.loss.board import BoardLine, LossBoard, PurseExposed, board
from onecard.queries.loss.offers import LossOffer, offers
from onecard.queries.loss.reports import ReportSeen, reports
from onecard.queries.loss.script import OperatorScript, ScriptLine, script

__all__ = [
    "BoardLine",
    "LossBoard",
    "LossOffer",
    "OperatorScript",
    "PurseExposed",
    "ReportSeen",
    "ScriptLine",
    "board",
    "offers",
    "reports",
    "script",
]
