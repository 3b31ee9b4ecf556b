"""Upstairs: what screens, partners and the command line may see, as frozen values.

Queries never write, never call an adapter, and mask personal data before it leaves.
"""
