"""Measures this machine: the platform against a bare thing of the same size, in the same run.

Absolute figures move with the machine; a ratio taken inside one round holds. Each measurement runs
in a process of its own on a scratch database that is thrown away.
"""
