"""The employer's pages: its people, one by one, followed to the card in hand; no bank, no purse."""
