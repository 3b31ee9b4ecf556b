"""The simulated partners as a local HTTP service, so that the real clients speak over a wire."""
