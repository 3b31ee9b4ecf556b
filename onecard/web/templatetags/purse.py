"""`{% yuan order.amount_fen %}`: fen as people read money."""

from __future__ import annotations

from django.template import Library

register = Library()

FEN_PER_YUAN = 100


@register.simple_tag
def yuan(fen: int | None) -> str:
    """An amount with its sign and two places; a dash where nothing is known."""
    if fen is None:
        return "-"
    whole, part = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{part:02d}"
