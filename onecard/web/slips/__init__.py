"""Printed slips as PDF (platform 6.8): black on white, Chinese first, then English, masked data."""
