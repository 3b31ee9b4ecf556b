"""补领: a new card for one that was reported lost for good, online or at a counter (rule book 21).

From the moment the application is written the loss cannot be withdrawn any more, and it stays so
when the application is retracted (O23). The old card stays lost until the new one is enabled.
"""

from onecard.actions.replacement.counter import apply_at_counter
from onecard.actions.replacement.online import apply_online, begin_online
from onecard.actions.replacement.relinking import RelinkReceipt, relink

__all__ = ["RelinkReceipt", "apply_at_counter", "apply_online", "begin_online", "relink"]
