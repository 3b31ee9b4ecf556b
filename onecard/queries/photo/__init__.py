"""Photos as doors may show them: findings in words, the norm, links that work once signed in."""

from onecard.domain.photo import Copy
from onecard.queries.photo.seeing import PhotoReport, link, report
from onecard.queries.photo.telling import (
    PhotoNorm,
    ToldFinding,
    bounded,
    edit_said,
    norm,
    said,
    told,
)

__all__ = [
    "Copy",
    "PhotoNorm",
    "PhotoReport",
    "ToldFinding",
    "bounded",
    "edit_said",
    "link",
    "norm",
    "report",
    "said",
    "told",
]
