"""Upstairs: one function per thing a person can do. One act = one short transaction.

An act holds the rows, asks the rule, writes, notes it in the audit and tells the outbox. It never
speaks to the outside; what needs both is a walk: act, call, act.
"""
