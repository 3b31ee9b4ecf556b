"""清算 Clearing: fares come in by file, each line proven or set aside, each booked once."""

from onecard.actions.clearing.taking import FileReceipt, take_file

__all__ = ["FileReceipt", "take_file"]
