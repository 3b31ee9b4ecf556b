"""The archive: the tables of the house and nothing else. No rules, no network, no screens."""
