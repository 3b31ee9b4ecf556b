"""自助机: the kiosk as the demo plays it; a real one is a client of the relay with its own key."""
