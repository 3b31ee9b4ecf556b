"""How `onecard bench` runs its measurements and shows what they found."""
