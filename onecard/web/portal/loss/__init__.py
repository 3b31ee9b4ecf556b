"""Loss on citizens' pages: reporting, who has confirmed, taking it back."""
