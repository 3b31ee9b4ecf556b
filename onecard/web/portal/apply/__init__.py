"""Applications online: what we know, what is missing, the bank, the address, check, send.

Each page saves its answers to the draft on the server before the next one opens; leaving loses
nothing. Change links of the check page come back to the check page.
"""

FIRST_APPLICATION = "first_application"
"""The purpose of the draft; the counter and the phone open the same one by case code."""

REPLACEMENT = "replacement"
"""The purpose of the draft of a replacement."""
