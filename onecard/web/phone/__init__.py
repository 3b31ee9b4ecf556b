"""The 12333 operator's desk: who calls, what may be done by telephone, what is read out."""
