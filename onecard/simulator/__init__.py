"""A fictional city: people, outlets, employers and staff, and the acts that bring it to life.

Everything comes from a seed and a reference date, so that two machines load the same city. It
drives the real actions through the simulated partners; it is never used in production.
"""
