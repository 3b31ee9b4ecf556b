"""Photos as doors may show them: findings in words, the norm, links that work once signed in."""

from onecard.queries.photo.seeing import (
    Copy,
    PhotoReport,
    link,
    open_by_link,
    open_photo,
    report,
)
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
    "open_by_link",
    "open_photo",
    "report",
    "said",
    "told",
]
