"""The look on one page: every part pages are made of, in every state."""
