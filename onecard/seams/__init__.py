"""The hinges: everything by which the outside decides - clock, ids, chance, wire, keys, blobs.

Each seam is a small Protocol with a real and a seeded implementation. `world()` returns the set in
force; `config/wiring.py` installs the real one, `in_world(other)` replaces it for a block. So the
simulator and the tests drive the real actions, and nothing below the doors reads the wall clock.
"""
