"""照片: opens portrait files of strangers, far away from everything that matters.

A file is opened only in a child process of its own, with limits on memory, time, files and answers
(guarantees 9.1). What the child says is believed no further than it can be checked. When the child
dies, that is an answer too: `DidNotSurvive`.
"""

from onecard.adapters.portrait.darkroom import examine, measure, mend, treat
from onecard.adapters.portrait.line import DidNotSurvive, Limits, Roll, on

__all__ = ["DidNotSurvive", "Limits", "Roll", "examine", "measure", "mend", "on", "treat"]
