"""The office: operators run the factory, security administrators open accounts, auditors read."""
