"""The citizen portal: one question per page, in citizens' words."""
