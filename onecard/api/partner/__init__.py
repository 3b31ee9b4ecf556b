"""The partners' interface `/v1`: banks, HR system, hospitals, transit, EMS (platform 5)."""
