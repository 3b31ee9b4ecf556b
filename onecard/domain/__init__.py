"""The ground floor: the rules of the card, as pure functions over plain values.

Nothing here knows a database, a network, a clock or a screen. A rule is handed every fact by
name and answers with a named `Refusal`, a `Notice`, or nothing (= allowed).
"""
