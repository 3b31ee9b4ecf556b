"""Other organisations, one folder each: a Protocol, a simulation that ships, a real client."""
