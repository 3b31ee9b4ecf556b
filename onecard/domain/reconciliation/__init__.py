"""对账: whether others hold the same states as we do, why not, and how it is put right by two."""

from onecard.domain.reconciliation.digest import Digest

__all__ = ["Digest"]
