"""余额证明: any balance explained line by line: who, when, from where to where, by which proof."""

from onecard.queries.purse_proof.lines import ProofLine
from onecard.queries.purse_proof.proof import (
    DifferenceSeen,
    PersonProof,
    PurseProof,
    person_proof,
    purse_proof,
)

__all__ = [
    "DifferenceSeen",
    "PersonProof",
    "ProofLine",
    "PurseProof",
    "person_proof",
    "purse_proof",
]
