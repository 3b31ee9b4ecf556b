"""The bank clerk's desk: cards of the own bank, what may be done with them, who confirmed."""
