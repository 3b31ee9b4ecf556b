"""The counter workstation: find a person, take an application, hand a card over, count cards."""
