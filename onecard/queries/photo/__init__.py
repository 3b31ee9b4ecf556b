"""Photos as doors may show them: findings in words, the norm, links that work once signed in."""

from onecard.domain.photo import Copy
from onecard.queries.photo.seeing import PhotoReport, link, report
from onecard.queries.photo.telling import (
    PhotoNorm,
    ToldCheck,
    ToldFinding,
    bounded,
    check_told,
    edit_said,
    lines_of_the_head,
    lines_of_the_norm,
    measure_names,
    norm,
    profile,
    said,
    told,
)

__all__ = [
    "Copy",
    "PhotoNorm",
    "PhotoReport",
    "ToldCheck",
    "ToldFinding",
    "bounded",
    "check_told",
    "edit_said",
    "lines_of_the_head",
    "lines_of_the_norm",
    "link",
    "measure_names",
    "norm",
    "profile",
    "report",
    "said",
    "told",
]
