"""What a check came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Yes, no or left out, and what was seen."""

    word: str
    says: str

    @classmethod
    def no(cls, says: str) -> Verdict:
        """It does not hold."""
        return cls("no", says)

    @classmethod
    def of(cls, says: str, **holds: bool) -> Verdict:
        """Yes if everything holds; else the names of what does not."""
        broken = [name for name, right in holds.items() if not right]
        return cls.no(f"not so: {', '.join(broken)}") if broken else cls("yes", says)
